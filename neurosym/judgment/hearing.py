"""Hearings: the questions of one round put to their tiers, those behind the network at the same time.

What happens here decides nothing: who is asked next, how often, with which correction follows from the tiers'
configuration and from what was said, so that a replay, which asks nobody, comes to the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from queue import SimpleQueue
from typing import Protocol, TypeAlias

from neurosym.judgment.attempt import Attempt
from neurosym.judgment.configuration import Configuration, Tier
from neurosym.judgment.identity import question_id
from neurosym.judgment.inquiry import Inquiry, Response
from neurosym.judgment.poll import polled
from neurosym.judgment.pseudonym import disguised
from neurosym.judgment.route import hidden_fields, skipped
from neurosym.judgment.tier import Asker, RemoteAsker, Request, Waiting
from neurosym.judgment.validation import Asking, Disposition, Examination, examine

Recorder: TypeAlias = Callable[[Attempt], None]


class Source(Protocol):
    """Where attempts come from: the tiers themselves, or a recording of them."""

    def asker(self, tier: Tier, request: Request) -> Asker | RemoteAsker:
        """Who answers the request for the tier."""
        ...

    def recalled(self, tier: Tier, request: Request) -> Attempt | None:
        """An earlier attempt whose response may be used again, or None."""
        ...

    def refused(self, tier: Tier, request: Request) -> Attempt | None:
        """The attempt that says why the tier is not asked now, such as a spent budget; None when it is."""
        ...

    def start(self, asker: RemoteAsker, tier: Tier, requests: Sequence[Request]) -> Future[Sequence[Attempt]]:
        """The future of the attempts at a tier behind the network."""
        ...


@dataclass(frozen=True, slots=True)
class Consultation:
    """A question, and the tier that it is put to."""

    tier: str
    inquiry: Inquiry


def hear(
    consultations: Sequence[Consultation], configuration: Configuration, source: Source, record: Recorder
) -> list[Response]:
    """What became of each question at its tier, in their order.

    Every attempt is handed to `record` before it is looked at: with a durable log behind it, no answer is used that is
    not recorded. A failed attempt is repeated, a rejected answer gets one correction, all within the attempts of the
    tier. What `record` raises passes through, after what is under way has ended.
    """
    hearings = [_Hearing(each, configuration, source) for each in consultations]
    voices = [voice for hearing in hearings for voice in hearing.voices]
    for voice in voices:
        voice.heard_here(record)
    _hear_remote([voice for voice in voices if voice.request is not None], source, record)
    return [hearing.response for hearing in hearings]


class _Hearing:
    """One question at one tier."""

    def __init__(self, consultation: Consultation, configuration: Configuration, source: Source) -> None:
        self.inquiry = consultation.inquiry
        self.tier = configuration.tier(consultation.tier)
        self.skipped = skipped(self.inquiry.judgment, consultation.tier, configuration, self.inquiry.classes)
        self.voices: list[_Voice] = []
        if self.skipped is None:
            members = configuration.voices(consultation.tier)
            self.voices = [_Voice(self.inquiry, each, sample, len(members) > 1, source) for each, sample in members]
            self.agree = configuration.agree(consultation.tier)

    @property
    def response(self) -> Response:
        """What became of it."""
        if self.skipped is not None:
            return self.skipped
        assert self.tier is not None
        if len(self.voices) == 1:
            (voice,) = self.voices
            found = voice.waiting or voice.examination
            assert found is not None
            return found
        examinations = [voice.examination for voice in self.voices if voice.examination is not None]
        return polled(self.inquiry.judgment, self.tier.name, examinations, self.agree, self.inquiry.trust)


class _Voice:
    """One tier, or one sample of a model, on one question."""

    def __init__(self, inquiry: Inquiry, tier: Tier, sample: int, is_one_of_several: bool, source: Source) -> None:  # noqa: FBT001
        self.inquiry = inquiry
        self.tier = tier
        self.source = source
        self.waiting: Waiting | None = None
        self.examination: Examination | None = None
        hidden = disguised(inquiry.question, hidden_fields(inquiry.judgment, tier, inquiry.classes))
        self.asking = Asking(is_one_of_several, hidden.restored if hidden.spellings else None, inquiry.trust)
        question = question_id(inquiry.judgment, inquiry.question)
        self.request: Request | None = Request(
            inquiry.judgment, hidden.question, question, inquiry.decision, sample=sample, earlier=inquiry.earlier
        )
        self.asker = source.asker(tier, self.request)

    def heard_here(self, record: Recorder) -> None:
        """Everything that needs no network: what is recalled, and the tiers of this process."""
        if self.request is not None and (recalled := self.source.recalled(self.tier, self.request)) is not None:
            self._recall(recalled, record)
        while self.request is not None and (request := self.request) and not isinstance(self.asker, RemoteAsker):
            refusal = self.source.refused(self.tier, request)
            response = refusal or self.asker.ask(request)
            if isinstance(response, Waiting):
                self.waiting, self.request = response, None
            else:
                self.take(response, record)

    def take(self, attempt: Attempt, record: Recorder) -> None:
        """Record and examine an attempt, and say what is asked next, if anything."""
        record(attempt)
        self.examination = self._examined(attempt)
        assert self.request is not None
        following = _following(self.request, self.examination)
        is_over = following is None or following.number > self.asker.attempts
        self.request = None if is_over else following

    def _recall(self, attempt: Attempt, record: Recorder) -> None:
        """Use what was answered before, if it would still be accepted."""
        found = self._examined(attempt)
        if found.disposition is (Disposition.WITHHELD if self.asking.is_voice else Disposition.ACCEPTED):
            record(attempt)
            self.examination, self.request = found, None

    def _examined(self, attempt: Attempt) -> Examination:
        return examine(self.inquiry.judgment, self.inquiry.question, attempt, self.inquiry.holds, self.asking)


def _hear_remote(voices: list[_Voice], source: Source, record: Recorder) -> None:
    """Ask the tiers behind the network, all that may be asked at the same time, until nothing is left to ask."""
    arrived: SimpleQueue[tuple[list[_Voice], Future[Sequence[Attempt]]]] = SimpleQueue()
    under_way: dict[int, Future[Sequence[Attempt]]] = {}
    ready = voices
    try:
        while ready or under_way:
            for batch in _batches(_not_refused(ready, source, record)):
                _start(batch, source, arrived, under_way)
            ready = []
            if under_way:
                asked, future = arrived.get()
                del under_way[id(future)]
                for voice, attempt in zip(asked, future.result(), strict=True):
                    voice.take(attempt, record)
                    ready += [voice] if voice.request is not None else []
    finally:
        for future in under_way.values():
            future.cancel()


def _start(
    batch: list[_Voice],
    source: Source,
    arrived: SimpleQueue[tuple[list[_Voice], Future[Sequence[Attempt]]]],
    under_way: dict[int, Future[Sequence[Attempt]]],
) -> None:
    asker = batch[0].asker
    assert isinstance(asker, RemoteAsker)
    future = source.start(asker, batch[0].tier, [voice.request for voice in batch if voice.request is not None])
    under_way[id(future)] = future
    future.add_done_callback(lambda done: arrived.put((batch, done)))


def _not_refused(voices: list[_Voice], source: Source, record: Recorder) -> list[_Voice]:
    """The voices that may be asked now; of the others it is recorded why not."""
    kept = []
    for voice in voices:
        assert voice.request is not None
        refusal = source.refused(voice.tier, voice.request)
        if refusal is None:
            kept.append(voice)
        else:
            voice.take(refusal, record)
    return kept


def _batches(voices: list[_Voice]) -> Iterator[list[_Voice]]:
    """The voices that are asked together: those of one tier, as it takes them."""
    by_tier: dict[str, list[_Voice]] = {}
    for voice in voices:
        by_tier.setdefault(voice.tier.name, []).append(voice)
    for several in by_tier.values():
        asker = several[0].asker
        assert isinstance(asker, RemoteAsker)
        for places in asker.shared_places([voice.request for voice in several if voice.request is not None]):
            yield [several[place] for place in places]


def _following(request: Request, examination: Examination) -> Request | None:
    """The next request at the same tier: again after a failure, once corrected after a rejection, else none."""
    if not asks_again(examination, is_corrected=request.correction is not None):
        return None
    correction = examination.correction or request.correction
    return replace(request, number=request.number + 1, correction=correction)


def asks_again(examination: Examination, *, is_corrected: bool) -> bool:
    """True when a tier with attempts left is asked again: after a failure, and once with our complaint."""
    if examination.attempt.is_refusal:
        return False
    if examination.disposition is Disposition.FAILED:
        return True
    return examination.correction is not None and not is_corrected
