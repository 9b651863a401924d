from datetime import date, timedelta
from itertools import pairwise, permutations

from hypothesis import example, given
from hypothesis import strategies as st

from neurosym.matching.assignment import best_assignment
from neurosym.matching.identifier import find_identifiers
from neurosym.matching.name import normal_name
from neurosym.matching.person import BORN_APART_DAYS_MAX, Answer, Customer, Entry, compare_parties
from neurosym.matching.similarity import similar, similarity_parts
from neurosym.values.number import normal

SYLLABLES = (
    "ka",
    "ro",
    "shen",
    "vik",
    "mu",
    "stan",
    "ley",
    "bor",
    "qad",
    "Al ",
    "bin ",
    "J. ",
    "-",
    "é",
    "Юр",
    "Ltd",
    "12",
)
ACUTES = str.maketrans({"a": "á", "e": "é", "o": "ö", "u": "ü", "n": "ñ", "c": "ç", "s": "š"})

any_text = st.text(st.characters(), max_size=40)
likely_names = st.lists(st.sampled_from(SYLLABLES), max_size=10).map("".join)
names = any_text | likely_names
latin_names = st.text("abcdefghijklmnopqrstuvwxyz .,-", max_size=30)
long_words = st.lists(st.text("bdgkprt", min_size=5, max_size=8), min_size=1, max_size=6, unique=True)
dates = st.dates(date(1900, 1, 1), date(2030, 12, 31))
clauses = st.lists(
    st.sampled_from(
        ["DOB", " ", "; ", "alt. ", "born", "1971", "02 Mar ", "c. ", "passport", "No. ", "A12", ":", "\n", "brother "]
    ),
    max_size=12,
).map("".join)
remarks = any_text | clauses | dates.map(lambda day: f"DOB {day.isoformat()}")


@given(names, names)
def test_similarity_is_symmetric(left: str, right: str) -> None:
    assert similar(left, right) == similar(right, left)


@given(names, names)
@example("Good Will Company", "Goodwill Company")
def test_similarity_lies_between_0_and_1_in_ten_thousandths_in_its_normal_form(left: str, right: str) -> None:
    score = similar(left, right)
    assert 0 <= score <= 1
    assert score * 10_000 == int(score * 10_000)
    assert type(score) is type(normal(score))


@given(names)
def test_a_name_is_similar_to_itself_exactly_when_it_has_a_letter_or_digit(name: str) -> None:
    assert similar(name, name) == (1 if normal_name(name) else 0)


@given(latin_names, latin_names)
def test_case_and_diacritics_do_not_count(left: str, right: str) -> None:
    assert similar(left.upper(), right) == similar(left, right)
    assert similar(left.translate(ACUTES), right) == similar(left, right)


@given(long_words.flatmap(lambda words: st.tuples(st.just(words), st.permutations(words))))
def test_the_order_of_words_does_not_count(orders: tuple[list[str], list[str]]) -> None:
    words, shuffled = orders
    assert similar(" ".join(words), " ".join(shuffled)) == 1


@given(names)
def test_a_normal_name_is_plain_ascii_without_repetition(name: str) -> None:
    words = normal_name(name)
    assert len(set(words)) == len(words)
    assert all(word.isascii() and word.isalnum() and word == word.lower() for word in words)


@given(names, names)
def test_every_word_is_paired_once_or_left_alone(left: str, right: str) -> None:
    parts = similarity_parts(left, right)
    spelled = "".join(sorted("".join(pair.left for pair in parts.pairs) + "".join(parts.left_alone)))
    assert spelled == "".join(sorted("".join(parts.left)))


@given(
    st.integers(0, 4).flatmap(
        lambda width: st.lists(st.lists(st.integers(0, 9), min_size=width, max_size=width), max_size=4)
    )
)
def test_no_assignment_gains_more(gains: list[list[int]]) -> None:
    found = best_assignment(gains)
    rows, columns = len(gains), len(gains[0]) if gains else 0
    padded = [[*row, *[0] * rows] for row in gains]
    best = max(
        sum(padded[row][column] for row, column in enumerate(order))
        for order in permutations(range(columns + rows), rows)
    )
    assert len({row for row, _ in found}) == len(found) == len({column for _, column in found})
    assert sum(gains[row][column] for row, column in found) == best


@given(remarks)
def test_identifiers_stand_in_their_text_verbatim_and_in_order(text: str) -> None:
    found = find_identifiers(text)
    assert all(
        text[identifier.start : identifier.start + len(identifier.text)] == identifier.text for identifier in found
    )
    assert all(one.start + len(one.text) <= other.start for one, other in pairwise(found))


@given(names, names, st.none() | dates, st.none() | dates, remarks)
def test_a_verdict_quotes_the_remarks_and_rests_on_what_it_must(
    name: str, listed: str, born: date | None, stated: date | None, text: str
) -> None:
    verdict = compare_parties(Customer(name, born), Entry(listed, stated, text))
    assert all(text[quote.start : quote.start + len(quote.text)] == quote.text for quote in verdict.quotes)
    if verdict.answer is Answer.SAME:
        assert verdict.quotes
        assert stated is None or stated == born
    if verdict.answer is Answer.DIFFERENT:
        assert born is not None
        assert verdict.quotes or stated not in (None, born)
        assert stated is None or abs(stated - born).days > BORN_APART_DAYS_MAX


@given(dates, st.integers(-20_000, 20_000))
def test_no_one_birth_date_makes_both_the_same_and_different(born: date, days: int) -> None:
    stated = born + timedelta(days)
    text = f"DOB {stated.isoformat()}"
    answer = compare_parties(Customer("Ali Karimi", born), Entry("Ali Karimi", None, text)).answer
    assert answer is not Answer.SAME or days == 0
    assert (answer is Answer.DIFFERENT) == (abs(days) > BORN_APART_DAYS_MAX)
