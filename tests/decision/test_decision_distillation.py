"""What of a log is taught: accepted answers of persons and larger models, the newest of each, and nothing on trust."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from neurosym.audit.reader import LogReader
from neurosym.decision.distillation import Proposal, distilled
from neurosym.decision.logged_answers import LoggedAnswers, logged_answers
from neurosym.decision.recorder import ATTEMPT
from neurosym.decision.replay import Replayer
from neurosym.decision.review import answer_question
from neurosym.decision.ruleset import Ruleset
from neurosym.judgment.answer import AnswerValue
from neurosym.judgment.calibration.artefact import Artefact
from neurosym.judgment.configuration import Configuration, EnsembleTier, PersonTier
from neurosym.judgment.identity import question_id
from neurosym.judgment.judge import Judge
from neurosym.judgment.local.training import Taught
from neurosym.judgment.local.trial import is_held_out
from neurosym.judgment.queue.review_queue import ReviewQueue
from neurosym.testing.endpoint import Endpoint, answer_document
from neurosym.text.failure import InputError
from tests.audit.world import open_log
from tests.decision.case import PAYMENT, Told, engine_of, objects, screening, told_judge, world
from tests.decision.forger import forge_log, with_payload
from tests.decision.test_decision_calibration import TIER as ENDPOINT
from tests.decision.test_decision_calibration import artefact
from tests.decision.test_decision_endpoint import says_different
from tests.decision.test_decision_review_audit import audited, say
from tests.decision.test_decision_review_audit import decided as audited_decision
from tests.judgment.local.opened import TIER, remembering, same_person, taught

TRUSTING = screening(clauses="accept uncalibrated")


def decided(path: Path, rules: Ruleset, judge: Judge, *entries: str) -> None:
    with open_log(path) as log:
        engine_of(rules, log, judge).decide("screen", PAYMENT, facts=world(*(entries or ("E1",))))


def decided_by_a_model(path: Path, rules: Ruleset) -> None:
    """A decision whose question an endpoint answers with `different`."""
    with Endpoint(respond=says_different) as endpoint:
        tier = replace(ENDPOINT, base_url=endpoint.base_url)
        decided(path, rules, Judge(Configuration((tier,)), {}, {}))


def found_in(path: Path, rules: Ruleset = TRUSTING) -> LoggedAnswers:
    with LogReader.open(path) as log:
        return logged_answers(log, rules.program.judgments["same"])


def said(found: LoggedAnswers) -> list[AnswerValue]:
    assert found.unreadable == ()
    return [case.answer for case in found.cases]


def test_an_accepted_answer_of_a_larger_model_is_taught(tmp_path: Path) -> None:
    decided_by_a_model(tmp_path / "d.db", TRUSTING)
    assert said(found_in(tmp_path / "d.db")) == ["different"]


def test_one_that_was_not_accepted_is_not(tmp_path: Path) -> None:
    decided_by_a_model(tmp_path / "d.db", screening())
    assert said(found_in(tmp_path / "d.db")) == []


def test_one_that_a_calibration_accepted_is(tmp_path: Path) -> None:
    held: Artefact = artefact(screening())
    decided_by_a_model(tmp_path / "d.db", screening().calibrated((held,)))
    assert said(found_in(tmp_path / "d.db")) == ["different"]


def test_a_computed_answer_is_no_label(tmp_path: Path) -> None:
    decided(tmp_path / "d.db", TRUSTING, told_judge(Told({"E1": "different"})))
    assert said(found_in(tmp_path / "d.db")) == []


def test_what_a_local_model_agreed_to_is_not_taught_to_it(tmp_path: Path) -> None:
    with Endpoint(respond=lambda call: answer_document(call, "unclear")) as endpoint:
        large = replace(ENDPOINT, name="large", base_url=endpoint.base_url)
        near = replace(TIER, name="near", features=())  # it says the same
        both = EnsembleTier("small", ("large", "near"), 2)
        decided(tmp_path / "d.db", TRUSTING, Judge(Configuration((large, near, both)), {}, {}))
    with LogReader.open(tmp_path / "d.db") as log:
        (entry,) = log.decisions()
        assert [answer["answer"] for answer in objects(Replayer(log).executed(entry).answers)] == ["unclear"]
    assert said(found_in(tmp_path / "d.db")) == []


def test_of_a_question_that_was_decided_again_the_newest_answer_counts(tmp_path: Path) -> None:
    path = tmp_path / "d.db"
    judge = Judge(Configuration((PersonTier("person", "reviews.db"),), tmp_path), {}, {})
    with open_log(path) as log, ReviewQueue.open(tmp_path / "reviews.db") as queue:
        for value in ("unclear", "different"):
            engine_of(TRUSTING, log, judge).decide("screen", PAYMENT, facts=world("E1"))
            (item,) = queue.open_items()
            answer_question(log, queue, item.question, value, [], "looked it up", "ada")
    assert said(found_in(path)) == ["different"]


def test_what_another_text_of_the_judgment_asked_is_left_out_and_who_is_believed_does_not_matter(
    tmp_path: Path,
) -> None:
    decided_by_a_model(tmp_path / "d.db", TRUSTING)
    assert said(found_in(tmp_path / "d.db", screening(clauses="risk at most 0.1 with confidence 0.9"))) != []
    same = TRUSTING.program.judgments["same"]
    for change in ({"ask": "Is it someone else?"}, {"reads": same.reads[:1]}, {"evidence": ()}):
        with LogReader.open(tmp_path / "d.db") as log:
            assert logged_answers(log, replace(same, **change)).cases == ()


def test_a_decision_that_cannot_be_executed_again_teaches_nothing_and_is_named(tmp_path: Path) -> None:
    decided_by_a_model(tmp_path / "d.db", TRUSTING)
    broken = with_payload(ATTEMPT, lambda content: content.replace(b'"question":"sha256:', b'"question":"sha256:0'))
    forge_log(tmp_path / "d.db", tmp_path / "forged.db", broken)
    found = found_in(tmp_path / "forged.db")
    assert found.cases == ()
    assert len(found.unreadable) == 1


def reviewed(path: Path) -> None:
    """A decision whose question a person answered with `different`, and the one made again."""
    judge = Judge(Configuration((PersonTier("person", "reviews.db"),), path.parent), {}, {})
    with open_log(path) as log, ReviewQueue.open(path.parent / "reviews.db") as queue:
        engine_of(TRUSTING, log, judge).decide("screen", PAYMENT, facts=world("E1"))
        (item,) = queue.open_items()
        answer_question(log, queue, item.question, "different", [], "looked it up", "ada")


@pytest.mark.parametrize("text", ['"same"', '"perhaps"', "[]"], ids=["a check", "allowed values", "the schema"])
def test_what_a_person_is_made_to_have_said_is_examined_like_any_answer(tmp_path: Path, text: str) -> None:
    reviewed(tmp_path / "d.db")
    assert said(found_in(tmp_path / "d.db")) == ["different"]
    changed = with_payload(
        ATTEMPT, lambda content: content.replace(b'\\"different\\"', text.replace('"', '\\"').encode())
    )
    forge_log(tmp_path / "d.db", tmp_path / "forged.db", changed)
    assert said(found_in(tmp_path / "forged.db")) == []


def test_an_audit_that_agrees_is_a_persons_answer_also_when_another_route_is_taken_since(tmp_path: Path) -> None:
    path = tmp_path / "d.db"
    with open_log(path) as log, ReviewQueue.open(tmp_path / "reviews.db") as queue:
        assert say(log, queue, audited(log, queue, audited_decision(log)), "different") == ()
    for rules in (TRUSTING, screening(clauses="risk at most 0.1 with confidence 0.9")):
        (case,) = found_in(path, rules).cases
        assert (case.answer, case.by) == ("different", ("ada",))
        assert case.id == question_id(rules.program.judgments["same"], case.question)


# --- what becomes of the cases


def proposal(labelled: tuple[Taught, ...], logged: tuple[Taught, ...] = ()) -> Proposal:
    return distilled(same_person(), TIER, remembering(), labelled, logged)


def test_the_label_of_a_case_counts_and_what_the_log_said_of_it_does_not() -> None:
    cases = taught(32)
    against = tuple(replace(case, answer="unclear") for case in cases)
    found = proposal(cases, against)
    assert (found.head, found.logged) == (proposal(cases).head, 0)


def test_what_is_held_out_is_learnt_from_by_nobody() -> None:
    labelled, logged = taught(48), taught(24, seed=8)
    found = proposal(labelled, logged)
    held = [case for case in labelled if is_held_out(case.id)]
    assert [trial.of for trial in found.trials] == [len(held)] * 3
    learnt = [case for case in (*labelled, *logged) if not is_held_out(case.id)]
    assert found.head.cases == len(learnt)
    assert found.logged == sum(not is_held_out(case.id) for case in logged)


@pytest.mark.parametrize("which", ["all held out", "none held out", "one answer", "none"])
def test_cases_that_teach_nothing_are_refused(which: str) -> None:
    cases = {
        "all held out": tuple(case for case in taught(200) if is_held_out(case.id)),
        "none held out": tuple(case for case in taught(48) if not is_held_out(case.id)),
        "one answer": tuple(case for case in taught(200) if case.answer == "same"),
        "none": (),
    }[which]
    with pytest.raises(InputError) as caught:
        proposal(cases)
    assert [found.code for found in caught.value.diagnostics] == ["NS676"]


def test_a_proposal_that_is_no_better_says_so() -> None:
    cases = taught(48)
    found = proposal(cases)
    first, *others = found.trials
    worse = replace(found, trials=(replace(first, counts=()), *others))
    assert worse.is_better is False
    assert "  it is not better than every baseline: keep what you have" in [*worse.text]
