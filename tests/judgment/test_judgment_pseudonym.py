"""Pseudonyms: nothing hidden leaves, and what comes back is put back exactly."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from neurosym.judgment.evidence import content_text
from neurosym.judgment.pseudonym import disguised
from neurosym.values.unknown import ABSENT, Absent, Question
from neurosym.values.value import Reference, Value

NAME, BORN, REMARKS = "customer.name", "customer.born", "entry.remarks"
HIDDEN = {NAME: "personal", BORN: "secret"}


def asked(name: Value | Absent, remarks: str, born: Value | Absent = ABSENT) -> Question:
    content = ((NAME, name), (BORN, born), (REMARKS, remarks))
    return Question("same", (("customer", Reference("Party", ("A",))),), content)


def test_a_hidden_field_is_one_token_and_its_words_are_disguised_elsewhere() -> None:
    found = disguised(
        asked("Ann Lee", "ANN LEE, or Lee, Ann; a.k.a. Annabel; born 1971-03-02", date(1971, 3, 2)), HIDDEN
    )
    assert dict(found.question.content) == {
        NAME: "[personal 1]",
        BORN: "[secret 2]",
        REMARKS: "[personal 3], or [personal 4], [personal 5]; a.k.a. Annabel; born [secret 2]",
    }
    assert found.restored("[personal 3], or [personal 4]") == "ANN LEE, or Lee"


def test_what_looks_like_a_token_is_disguised_so_that_it_comes_back_as_itself() -> None:
    found = disguised(asked("Ann Lee", "[personal 1] was here"), HIDDEN)
    assert dict(found.question.content)[REMARKS] == "[personal 2] was here"
    assert found.restored("[personal 2] was here") == "[personal 1] was here"
    assert found.restored("[personal 9]") == "[personal 9]"


def test_absent_null_and_lists() -> None:
    found = disguised(asked(("Ann Lee", None, "Bo"), "Bo met Ann."), HIDDEN)
    assert dict(found.question.content) == {
        NAME: ("[personal 1]", None, "[personal 2]"),
        BORN: ABSENT,
        REMARKS: "[personal 2] met [personal 3].",
    }
    assert dict(disguised(asked(None, "x"), HIDDEN).question.content)[NAME] is None


def test_without_anything_hidden_the_question_is_itself() -> None:
    question = asked("Ann Lee", "[personal 1] Ann Lee")
    assert disguised(question, {}).question == question


WORDS = st.text(st.sampled_from("abAB ßéİ[]1personal-'\n"), max_size=24)


@given(WORDS, WORDS, st.lists(WORDS, max_size=2))
def test_whatever_stands_there_is_put_back_exactly_and_no_hidden_word_is_left(
    name: str, remarks: str, around: list[str]
) -> None:
    text = f"{remarks} {name} {' '.join(around)}"
    found = disguised(asked(name, text), HIDDEN)
    shown = dict(found.question.content)
    assert found.restored(str(shown[REMARKS])) == text
    if content_text(name):
        assert found.restored(str(shown[NAME])) == name
        assert not name.strip() or name not in str(shown[REMARKS]).split(" ")
