from dataclasses import replace
from datetime import date

from neurosym.judgment.identity import judgment_digest, question_id, request_id
from neurosym.text.span import Source, Span
from neurosym.values.unknown import ABSENT, Question
from neurosym.values.value import Reference
from tests.judgment.case import JUDGMENT, SAME_IS_QUOTED, question


def test_moving_a_judgment_in_its_file_keeps_its_digest() -> None:
    moved = replace(JUDGMENT, span=Span(Source("other.rules", "text"), 1, 2))
    assert judgment_digest(moved) == judgment_digest(JUDGMENT)


def test_another_check_is_another_judgment() -> None:
    weaker = replace(JUDGMENT, checks=(replace(SAME_IS_QUOTED, condition=SAME_IS_QUOTED.condition.parts[0]),))  # type: ignore[union-attr]
    assert judgment_digest(weaker) != judgment_digest(JUDGMENT)


def test_a_text_and_a_boolean_example_are_told_apart() -> None:
    texts = [replace(JUDGMENT, examples=(replace(JUDGMENT.examples[0], answer=answer),)) for answer in ("true", True)]
    assert judgment_digest(texts[0]) != judgment_digest(texts[1])


def test_a_question_is_its_keys_and_the_content_it_reads() -> None:
    asked = question()
    others = [
        question(remarks="other"),
        question(remarks=ABSENT),
        question(remarks=None),
        question(born=date(1971, 3, 2)),
        Question(asked.judgment, (("customer", Reference("Party", ("B",))), asked.args[1]), asked.content),
    ]
    ids = {question_id(JUDGMENT, each) for each in [asked, *others]}
    assert len(ids) == len(others) + 1
    assert question_id(JUDGMENT, question()) == question_id(JUDGMENT, asked)


def test_a_date_and_its_text_are_different_content() -> None:
    assert question_id(JUDGMENT, question(born=date(1971, 3, 2))) != question_id(JUDGMENT, question(born="1971-03-02"))


def test_a_request_is_known_by_all_that_it_is_sent_with() -> None:
    asked = question_id(JUDGMENT, question())
    ids = {
        request_id(asked, "small", "m", None, ()),
        request_id(asked, "large", "m", None, ()),
        request_id(asked, "small", "n", None, ()),
        request_id(asked, "small", "m", asked, ()),
        request_id(asked, "small", "m", None, (("temperature", 0),)),
    }
    assert len(ids) == 5
