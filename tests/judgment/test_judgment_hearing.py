"""A round of questions: those behind the network at the same time, several voices counted, disguise put back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest

from neurosym.judgment.answer import Form, Kind, Quote
from neurosym.judgment.asking_loop import asking_loop
from neurosym.judgment.attempt import Attempt
from neurosym.judgment.configuration import Configuration, EnsembleTier, ModelTier, Tier
from neurosym.judgment.hearing import Consultation, hear
from neurosym.judgment.identity import request_id
from neurosym.judgment.inquiry import Response
from neurosym.judgment.poll import Poll
from neurosym.judgment.tier import Asker, RemoteAsker, Request, Skipped
from neurosym.judgment.validation import Disposition, Examination
from neurosym.text.failure import LogError
from neurosym.values.canonical import Digest
from neurosym.values.number import Number
from neurosym.values.unknown import Question
from tests.judgment.case import JUDGMENT, completion, inquiry, question, said

CONTRADICTION = ("entry.remarks", "DOB 02 Mar 1971")
TRUSTING = replace(JUDGMENT, accept_uncalibrated=True)
Say = Callable[[Request, str], "str | None"]


@dataclass
class Crowd:
    """Models that answer only once `together` questions are under way at the same time."""

    say: Say
    together: int = 1
    batch: int = 1
    attempts: int = 1
    started: int = 0
    asked: list[list[Request]] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def asker(self, tier: Tier, request: Request) -> Asker | RemoteAsker:
        del request
        return Voice(self, tier.name, self.attempts, self.batch)

    def recalled(self, tier: Tier, request: Request) -> Attempt | None:
        del tier, request
        return None

    def refused(self, tier: Tier, request: Request) -> Attempt | None:
        del tier, request
        return None

    def start(self, asker: RemoteAsker, tier: Tier, requests: Sequence[Request]) -> Future[Sequence[Attempt]]:
        del tier
        return asking_loop().start(asker.ask_together(requests, None))


@dataclass
class Voice:
    crowd: Crowd
    name: str
    attempts: int
    batch: int

    def request_id(self, request: Request) -> Digest:
        return request_id(request.id, self.name, "m", None, ())

    def cost_bound(self, request: Request) -> Number:
        del request
        return 0

    def shared_places(self, requests: Sequence[Request]) -> Sequence[Sequence[int]]:
        groups: dict[object, list[int]] = {}
        for place, request in enumerate(requests):
            groups.setdefault(request.id if self.batch > 1 else place, []).append(place)
        return [each[at : at + self.batch] for each in groups.values() for at in range(0, len(each), self.batch)]

    async def ask_together(self, requests: Sequence[Request], timeout_ms: int | None) -> Sequence[Attempt]:
        assert timeout_ms is None
        self.crowd.asked.append(list(requests))
        self.crowd.started += 1
        if self.crowd.started >= self.crowd.together:
            self.crowd.gate.set()
        await asyncio.wait_for(self.crowd.gate.wait(), 10)
        return [self._attempt(request) for request in requests]

    def _attempt(self, request: Request) -> Attempt:
        content = self.crowd.say(request, self.name)
        return Attempt(
            question=request.id,
            request_id=self.request_id(request),
            tier=self.name,
            kind=Kind.MODEL,
            number=request.number,
            sample=request.sample,
            request=b"{}",
            response=None if content is None else completion(content),
            failure="the line is dead" if content is None else None,
            model="m",
        )


def model(name: str, *may_see: str, samples: int = 1, agree: int = 1, disguise: tuple[str, ...] = ()) -> ModelTier:
    seen = may_see or ("public", "internal")
    return ModelTier(name, "http://127.0.0.1:9/v1", "m", seen, samples=samples, agree=agree, pseudonymise=disguise)


def about(*remarks: str) -> list[Question]:
    return [question(f"{text}. DOB 02 Mar 1971") for text in remarks]


def heard(crowd: Crowd, tiers: Sequence[Tier], asked: Sequence[Question]) -> tuple[list[Response], list[Attempt]]:
    recorded: list[Attempt] = []
    consultations = [Consultation(tiers[-1].name, inquiry(TRUSTING, each)) for each in asked]
    return hear(consultations, Configuration(tuple(tiers)), crowd, recorded.append), recorded


def says(*answers: object) -> Say:
    """Each sample, or member in the order of their letters, its own answer."""
    found = [None if answer is None else said(answer, CONTRADICTION) for answer in answers]
    return lambda request, tier: found[request.sample if len(tier) > 1 else "abc".index(tier)]


def test_the_questions_of_a_round_are_under_way_at_the_same_time_and_answered_in_their_order() -> None:
    crowd = Crowd(lambda request, _: said("different", ("entry.remarks", str(request.question.content[-1][1])[:3])), 8)
    asked = about(*(f"{number:03}" for number in range(8)))
    responses, recorded = heard(crowd, [model("small")], asked)
    assert [each.answer.quotes[0].text for each in responses if isinstance(each, Examination) and each.answer] == [
        f"{number:03}" for number in range(8)
    ]
    assert len(recorded) == 8


def test_questions_about_the_same_material_are_asked_together_and_no_others() -> None:
    crowd = Crowd(says("different"), batch=2)
    same, other = question("DOB 02 Mar 1971"), question("DOB 02 Mar 1971 or so")
    heard(crowd, [model("small")], [same, same, same, other])
    assert sorted(len(requests) for requests in crowd.asked) == [1, 1, 2]


def test_a_failure_is_asked_again_and_an_answer_refused_is_corrected_once() -> None:
    said_so = iter([None, said("same"), said("same"), said("different", CONTRADICTION)])
    crowd = Crowd(lambda *_: next(said_so), attempts=4)
    (found,), recorded = heard(crowd, [model("small")], [question()])
    assert isinstance(found, Examination)
    assert found.disposition is Disposition.REJECTED
    assert [each.number for each in recorded] == [1, 2, 3]
    assert [requests[0].correction for requests in crowd.asked] == [None, None, found.reason]


def test_what_recording_raises_ends_the_round_and_no_answer_is_looked_at() -> None:
    def refuse(_: Attempt) -> None:
        raise LogError("the disk is full")

    consultations = [Consultation("small", inquiry(TRUSTING, each)) for each in about("x", "y")]
    with pytest.raises(LogError, match="the disk is full"):
        hear(consultations, Configuration((model("small"),)), Crowd(says("different")), refuse)


POLLS: list[tuple[list[object], int, str | None, str, str]] = [
    (["different"] * 3, 3, "different", "1", "accepted"),
    (["different", "different", "same"], 2, "different", "0.666666", "accepted"),
    (["different", "different", None], 2, "different", "0.666666", "accepted"),
    (["different", "different", "same"], 3, None, "", "at most 2 of 3 say the same, and 3 have to"),
    (["different", "unclear", None], 1, None, "", "at most 1 of 3 say the same, and 1 have to"),
    (["perhaps", "perhaps", "perhaps"], 1, None, "", "none of 3 gave a valid answer"),
    ([None, None, None], 1, None, "", "none of 3 gave a valid answer"),
]


@pytest.mark.parametrize("is_sampled", [True, False])
@pytest.mark.parametrize(("answers", "agree", "answer", "confidence", "reason"), POLLS)
def test_what_several_voices_say_together(
    *, answers: list[object], agree: int, answer: str | None, confidence: str, reason: str, is_sampled: bool
) -> None:
    members = [model(name) for name in "abc"]
    several: list[Tier] = [*members, EnsembleTier("board", ("a", "b", "c"), agree)]
    sampled: list[Tier] = [model("small", samples=3, agree=agree)]
    (found,), recorded = heard(Crowd(says(*answers)), sampled if is_sampled else several, [question()])
    assert isinstance(found, Poll)
    assert len(recorded) == 3
    assert len(found.voices) == 3
    assert (found.answer.value if found.answer else None) == answer
    if answer is None:
        assert found.reason == reason
    else:
        assert found.claim is not None
        assert found.claim.confidence == Decimal(confidence)
        assert found.answer is not None
        assert found.answer.tier == found.tier


def test_a_tier_sees_what_it_may_not_see_in_disguise_and_what_it_quotes_is_put_back() -> None:
    shown: list[Question] = []

    def say(request: Request, _: str) -> str:
        shown.append(request.question)
        return said("different", ("entry.remarks", str(request.question.content[-1][1])))

    crowd = Crowd(say)
    asked = question("not the KARIMI born 1971")
    (found,), _ = heard(crowd, [model("small", "public", disguise=("internal",))], [asked])
    assert [value for _, value in shown[0].content if isinstance(value, str)] == [
        "[internal 1]",
        "[internal 2]",
        "[internal 3], [internal 4] [internal 5]",
        "not the [internal 3] born [internal 6]",
    ]
    assert isinstance(found, Examination)
    assert found.quotes == (Quote("entry.remarks", 0, "not the KARIMI born 1971", Form.WRITTEN),)
    assert found.disposition is Disposition.ACCEPTED


def test_a_tier_that_may_not_see_a_field_even_in_disguise_is_skipped_and_so_is_a_suspended_one() -> None:
    unseeing = model("small", "public", disguise=("personal",))
    suspended = replace(model("small"), suspended="its scores have drifted")
    reasons = []
    for tier in (unseeing, suspended):
        (found,), recorded = heard(Crowd(says("different")), [tier], [question()])
        assert isinstance(found, Skipped)
        assert recorded == []
        reasons.append(found.reason)
    assert reasons == [
        "it may not see customer.name (internal), customer.born (internal)",
        "`small` is suspended: its scores have drifted",
    ]
