from decimal import Decimal

import pytest

from neurosym.matching.similarity import Pair, similar, similarity_parts
from neurosym.values.number import Number

MATCH = Decimal("0.85")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("John Smith", "SMITH, John"),
        ("Nicolás Maduro", "nicolas maduro"),
        ("Владимир Путин", "Vladimir Putin"),
        ("习近平", "Xi Jinping"),
        ("Acme Limited", "Acme Ltd."),
        ("Good Will Company", "Goodwill Company"),
        ("Gazprom OAO", "Open Joint Stock Company Gazprom"),
    ],
)
def test_names_with_the_same_words_are_one(left: str, right: str) -> None:
    score = similar(left, right)
    assert score == 1
    assert isinstance(score, int)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Sergei Lavrov", "Sergey Viktorovich LAVROV"),  # a middle name left out
        ("Hans J. Friedrich", "Hans Joachim Friedrich"),  # an initial
        ("JC Juncker", "Jean-Claude Juncker"),
        ("FridrichBuchenberg", "Friedrich Buchenberg"),  # written together
        ("Nikolai Patr ushev", "Nikolai Platonovich Patrushev"),
        ("Al Qaeda", "Al-Qa'ida/Islamic Army"),  # alternatives
        ("محمد بن سلمان", "Mohammed bin Salman"),  # without vowels
        ("Mr. Recep Tayyip Erdoğan", "Recep Tayyip Erdogan"),
        ("Deutsche Bank", "Deutsche Bank AG"),
    ],
)
def test_variants_of_a_name_match(left: str, right: str) -> None:
    assert MATCH <= similar(left, right) < 1


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Hans O. Friedrich", "Hans Joachim Friedrich"),  # another initial
        ("Geoffrey Boris Johnson", "Alexandre Boris de Pfeffel Johnson"),
        ("Lady Leila", "Lady Rania"),
        ("Acme Ltd", "Acme AG"),  # other legal persons
        ("A.B.C. Company", "C.B.A. Company"),
        ("Management Company", "Westminster Management Company"),  # common words alone
        ("Acme", "Acme Shipyards of Rotterdam"),
        ("N. N.", "Nursultan Nazarbayev"),  # initials alone
        ("محمد بن سلمان آل سعود", "Mohammed bin Nayef Al Saud"),
        ("Unit 12", "Unit 13"),
    ],
)
def test_other_names_do_not_match(left: str, right: str) -> None:
    assert similar(left, right) < Decimal("0.8")


@pytest.mark.parametrize(("left", "right"), [("", ""), ("", "Ali"), ("!!!", "!!!"), ("A", "B"), ("Ali", "Zoe")])
def test_names_without_words_or_without_a_common_word_score_nothing(left: str, right: str) -> None:
    assert similar(left, right) == 0


@pytest.mark.parametrize(
    ("left", "right", "score"),
    [
        ("Serei Lavrov", "Sergei Lavrov", "0.9203"),  # (12 * 1 + 11 * 0.8333) / 23
        ("Boris Johnson", "Alexandre Boris de Pfeffel Johnson", "0.8621"),
        ("Deutsche Bank AG", "Deutsche Bank GmbH", "0.78"),
        ("Nicolás Maduro", "Nicolás Maduro LLC", "0.99"),
    ],
)
def test_scores_are_pinned(left: str, right: str, score: str) -> None:
    expected: Number = Decimal(score)
    assert similar(left, right) == expected


def test_the_parts_show_what_was_paired_and_what_was_not() -> None:
    parts = similarity_parts("Sergej Lavrov LLC", "LAVROV, Sergey Viktorovich")
    assert parts.left == ("sergej", "lavrov")
    assert parts.right == ("lavrov", "sergey", "viktorovich")
    assert set(parts.pairs) == {Pair("lavrov", "lavrov", 1), Pair("sergej", "sergey", Decimal("0.95"))}
    assert (parts.left_alone, parts.right_alone) == ((), ("viktorovich",))
    assert parts.forms_agree is None
    assert parts.score == similar("Sergej Lavrov LLC", "LAVROV, Sergey Viktorovich")


def test_the_parts_say_whether_the_legal_forms_agree() -> None:
    assert similarity_parts("OAO Gazprom", "Gazprom JSC").forms_agree is True
    assert similarity_parts("OAO Gazprom", "Gazprom LLC").forms_agree is False


def test_each_side_keeps_its_place_in_the_parts() -> None:
    forth, back = similarity_parts("Anna B", "Zoe Anna"), similarity_parts("Zoe Anna", "Anna B")
    assert (forth.left, forth.left_alone) == (("anna", "b"), ("b",))
    assert (back.right, back.right_alone) == (forth.left, forth.left_alone)


def test_the_closest_two_words_are_not_paired_at_the_cost_of_the_rest() -> None:
    parts = similarity_parts("Johan Johanna", "Johann Johannes")
    assert {(pair.left, pair.right) for pair in parts.pairs} == {("johan", "johann"), ("johanna", "johannes")}
