import pytest

from neurosym.matching.name import Word
from neurosym.matching.word import INITIAL, SAME_CONSONANTS, SOUND_ALIKE, divided, sound, spelling_score, word_score


@pytest.mark.parametrize(
    ("left", "right", "score"),
    [
        ("lavrov", "lavrov", 10_000),
        ("serge", "sergei", 8_333),  # one insertion in six
        ("lukashenko", "luakshenko", 9_000),  # neighbours swapped count once
        ("doe", "dow", 6_667),
        ("bwi", "bae", 0),  # two edits in three letters
        ("xi", "li", 0),
        ("estonia", "ethiopia", 0),
    ],
)
def test_the_spelling_score_is_the_share_of_letters_without_an_edit(left: str, right: str, score: int) -> None:
    assert spelling_score(left, right) == score


@pytest.mark.parametrize(
    ("left", "right"), [("qaeda", "qaida"), ("hussein", "husayn"), ("xi", "shi"), ("tschaikowski", "chaikovsky")]
)
def test_romanisations_of_one_word_sound_alike(left: str, right: str) -> None:
    assert sound(left) == sound(right)
    assert word_score(Word(left), Word(right)) == SOUND_ALIKE


def test_short_words_are_not_matched_by_edits_of_their_sounds() -> None:
    assert word_score(Word("bwi"), Word("bae")) == 0


def test_an_initial_matches_the_words_it_may_stand_for_and_no_others() -> None:
    initial = Word("j", is_initials=True)
    assert word_score(initial, Word("joachim")) == INITIAL
    assert word_score(Word("oscar"), initial) == 0
    assert word_score(initial, Word("jc", is_initials=True)) == INITIAL
    assert word_score(initial, Word("cj", is_initials=True)) == 0


def test_numbers_match_only_when_equal() -> None:
    assert word_score(Word("1234567"), Word("1234568")) == 0
    assert word_score(Word("44"), Word("44")) == 10_000


def test_consonants_count_only_where_vowels_were_not_written() -> None:
    assert word_score(Word("slmn"), Word("salman"), by_consonants=True) == SAME_CONSONANTS
    assert word_score(Word("slmn"), Word("salman")) < SAME_CONSONANTS


def test_quotients_are_rounded_half_to_even() -> None:
    assert [divided(dividend, 2) for dividend in (1, 3, 5, 7)] == [0, 2, 2, 4]
    assert [divided(2, 3), divided(1, 3)] == [1, 0]
