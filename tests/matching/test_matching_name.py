import unicodedata

import pytest

from neurosym.matching.folding import folded
from neurosym.matching.legal_form import LegalForm
from neurosym.matching.name import CHARACTERS_MAX, WORD_LENGTH_MAX, WORDS_MAX, normal_name, parse_name


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  José  ÁLVAREZ ", ("jose", "alvarez")),
        ("PUTIN, Vladimir", ("putin", "vladimir")),
        ("Владимир Путин", ("vladimir", "putin")),
        ("ბარაკ ობამა", ("barak", "obama")),
        ("Barack・Obama", ("barack", "obama")),
        ("Ｆｕｌｌ　Ｗｉｄｔｈ", ("full", "width")),
        ("Al-Qa'ida", ("al", "qaida")),
        ("People’s Army", ("peoples", "army")),
        ("Straße", ("strasse",)),
        ("J.-C. Juncker", ("jc", "juncker")),
        ("Sergey Sergey Shoigu", ("sergey", "shoigu")),
        ("A.B.C. Abc Shipping", ("abc", "shipping")),
        ("1st Int'l Bank", ("1", "international", "bank")),
        ("First Brigade Forty-Four", ("1", "brigade", "44")),
        ("Twenty Roses", ("20", "roses")),
        ("Abd al-Aziz", ("abdul", "aziz")),
        ("", ()),
        (" -- !", ()),
        ("\ud800", ()),
    ],
)
def test_a_name_is_its_words_in_plain_ascii(text: str, words: tuple[str, ...]) -> None:
    assert normal_name(text) == words


@pytest.mark.parametrize(
    ("text", "words", "form"),
    [
        ("Siemens Aktiengesellschaft", ("siemens",), LegalForm.STOCK),
        ("Siemens AG", ("siemens",), LegalForm.STOCK),
        ("OOO Oboronnye", ("oboronnye",), LegalForm.LIMITED),
        ('ООО "АЯС 2000"', ("ayas", "2000"), LegalForm.LIMITED),
        ("Общество с ограниченной ответственностью «Бай»", ("bay",), LegalForm.LIMITED),
        ("Faberlic Sp. z o.o.", ("faberlic",), LegalForm.LIMITED),
        ("Eni S.p.A.", ("eni",), LegalForm.STOCK),
        ("Cemex, S.A. de C.V.", ("cemex",), LegalForm.STOCK),
        ("Open Joint Stock Company Gazprom", ("gazprom",), LegalForm.STOCK),
        ("Acme Co.", ("acme",), LegalForm.COMPANY),
    ],
)
def test_a_legal_form_is_told_apart_from_the_name(text: str, words: tuple[str, ...], form: LegalForm) -> None:
    name = parse_name(text)
    assert tuple(word.text for word in name.words) == words
    assert name.forms == {form}


@pytest.mark.parametrize("text", ["Ltd", "OOO", "AG"])
def test_a_name_that_is_all_legal_form_keeps_it(text: str) -> None:
    assert normal_name(text) == (text.lower(),)


def test_a_short_legal_form_counts_only_where_it_closes_the_name() -> None:
    assert normal_name("As Salam Trading") == ("as", "salam", "trading")
    assert normal_name("Salam Trading AS") == ("salam", "trading")


def test_composed_and_decomposed_letters_fold_alike() -> None:
    name = "Юрий Çelik 김정은 ガザ"
    assert folded(unicodedata.normalize("NFD", name)) == folded(unicodedata.normalize("NFC", name))


def test_what_lies_beyond_the_bounds_is_left_out() -> None:
    assert len(normal_name(" ".join(f"w{number}x" for number in range(WORDS_MAX + 10)))) == WORDS_MAX
    assert normal_name("a" * (WORD_LENGTH_MAX + 1)) == ("a" * WORD_LENGTH_MAX,)
    assert normal_name(" " * CHARACTERS_MAX + "unseen") == ()
