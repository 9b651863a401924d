"""The committer: what waits to be logged while a transaction is being made durable goes into the next one, together.

A disk makes some hundreds of transactions a second durable, however large they are. Nobody waits for others to come: a
lot that arrives alone is committed alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Event, Lock
from typing import TypeAlias

from neurosym.audit.batch import NextBatch, Signatory, decision_key, signed_checkpoint
from neurosym.audit.draft import ReadyDraft, request_bytes
from neurosym.audit.ending import end_of, stop_on_end
from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.frontier import Frontier
from neurosym.audit.key import SignerKey
from neurosym.audit.payload import Payload
from neurosym.audit.store import Batch, Key, LookupKind, Reading, State, Store
from neurosym.text.failure import LogCorruptError, LogError
from neurosym.values.clock import Clock

LOTS_MAX = 1_000  # of one transaction
INTERRUPTED = "the thread that was writing the log was interrupted; look whether the entry is there"


class DecisionLoggedError(LogError):
    """The decision, or a decision for the same request, is in the log already; `seq` is its entry."""

    def __init__(self, message: str, seq: int) -> None:
        self.seq = seq
        super().__init__(message)


Allowed: TypeAlias = Callable[[Reading], None]


@dataclass(slots=True, eq=False)
class _Lot:
    """Drafts that become entries together or not at all, and what came of them."""

    drafts: Sequence[ReadyDraft]
    allowed: Allowed | None = None
    leads: bool = False  # its thread commits for all who wait
    called: Event | None = None  # set when it is settled, or is to lead
    entries: tuple[Entry, ...] | None = None
    error: BaseException | None = None

    @property
    def is_settled(self) -> bool:
        return self.entries is not None or self.error is not None

    def call(self) -> None:
        """Wake its thread, should that be waiting."""
        if self.called is not None:
            self.called.set()


class _NothingError(Exception):
    """There is nothing to commit: every lot was refused."""


class Committer:
    """Appends to a store, for any number of threads."""

    def __init__(self, store: Store, signatory: Signatory, clock: Clock) -> None:
        self._store = store
        self.signatory = signatory
        self._clock = clock
        self._lock = Lock()  # of the two below
        self._waiting: deque[_Lot] = deque()
        self._is_led = False
        self._left: State | None = None  # as this committer left the log
        self._end: int | None = None  # the entry that ended the log, as of then

    def committed(self, drafts: Sequence[ReadyDraft], allowed: Allowed | None = None) -> tuple[Entry, ...]:
        """The entries the drafts became, durable when this returns. LogError, and none of them is in the log, when
        they cannot be logged, or `allowed` raises it for what the log holds just before: then others that waited are.
        """
        lot = _Lot(drafts, allowed)
        try:
            self._enter(lot)
            if lot.called is not None:
                lot.called.wait()
            if not lot.is_settled:
                self._commit_waiting()
        finally:
            self._leave(lot)
        if lot.error is not None:
            raise lot.error
        assert lot.entries is not None
        return lot.entries

    def succeeded(self, draft: ReadyDraft, successor: SignerKey) -> Entry:
        """The entry of a draft that says that another key signs from now on, durable when this returns."""
        made: list[Entry] = []

        def plan(reading: Reading) -> Batch:
            batch = NextBatch(self._vouched_frontier(reading), self._clock.stamp())
            stop_on_end(draft.draft.kind, self._known_end(reading))
            made[:] = batch.add([draft])
            return batch.signed(self.signatory, successor)

        self._store.commit(plan)
        self.signatory = Signatory(self.signatory.origin, successor, successor.verifier)
        return made[0]

    def _enter(self, lot: _Lot) -> None:
        """Let the lot wait, or lead when nobody does."""
        with self._lock:
            if self._is_led:
                lot.called = Event()
            else:
                self._is_led = lot.leads = True
            self._waiting.append(lot)

    def _leave(self, lot: _Lot) -> None:
        """Let the one who has waited longest lead, if the lot did. One that was interrupted waits no more."""
        with self._lock:
            if not lot.is_settled and lot in self._waiting:
                self._waiting.remove(lot)
            if not lot.leads:
                return
            lot.leads = False
            if self._waiting:
                self._waiting[0].leads = True
                self._waiting[0].call()
            else:
                self._is_led = False

    def _commit_waiting(self) -> None:
        """Commit the lots that have waited longest, that of this thread before all."""
        with self._lock:
            lots = [self._waiting.popleft() for _ in range(min(len(self._waiting), LOTS_MAX))]
        try:
            self._commit(lots)
        finally:
            for lot in lots:
                lot.call()

    def _commit(self, lots: Sequence[_Lot]) -> None:
        """Settle the lots: those that can be logged are durable then."""
        made: list[tuple[_Lot, tuple[Entry, ...]]] = []
        wanted = [key for lot in lots for ready in lot.drafts for key in _wanted(ready)]

        def plan(reading: Reading) -> Batch:
            made.clear()
            batch = NextBatch(self._vouched_frontier(reading), self._clock.stamp())
            logged, end = reading.found(wanted), self._known_end(reading)
            for lot in lots:
                try:
                    if lot.allowed is not None:
                        lot.allowed(reading)
                    _stop_on_logged(lot.drafts, logged, batch)
                    end = _end_after(lot.drafts, end, batch.size)
                    made.append((lot, batch.add(lot.drafts)))
                except LogCorruptError:
                    raise
                except LogError as error:
                    lot.error = error
            if not made:
                raise _NothingError
            return batch.signed(self.signatory)

        failure = LogError(INTERRUPTED)
        try:
            self._left = self._store.commit(plan, wanted).state
            for lot, entries in made:
                lot.entries = entries
                self._end = next((each.seq for each in entries if each.kind is EntryKind.STOP), self._end)
        except _NothingError:
            pass
        except LogError as error:
            failure = type(error)(*error.args)
            raise
        finally:
            for lot in lots:
                if not lot.is_settled:
                    lot.error = failure

    def _known_end(self, reading: Reading) -> int | None:
        """The entry that ended the log: looked for where somebody else has written since."""
        if reading.state() != self._left:
            self._end = end_of(reading)
        return self._end

    def _vouched_frontier(self, reading: Reading) -> Frontier:
        # INVARIANT: a checkpoint is signed only over a tree that grew out of one this key signed before. Otherwise the
        # next append would vouch for whatever somebody wrote into the frontier.
        state = reading.state()
        if reading.identity().vkey != str(self.signatory.verifier):
            raise LogError("the log's key was changed for another: open the log again, with that key")
        if state == self._left:  # signed here, and as it was: there is nothing to check
            return state.frontier
        checkpoint = signed_checkpoint(state, self.signatory.origin, self.signatory.verifier)
        left = Frontier() if self._left is None else self._left.frontier
        if checkpoint.size < left.size or (checkpoint.size == left.size and checkpoint.root != left.root()):
            raise LogCorruptError(f"the log went back: it had {left.size} entries and has {checkpoint.size}")
        return state.frontier


def _stop_on_logged(drafts: Sequence[ReadyDraft], logged: Mapping[Key, int], batch: NextBatch) -> None:
    """DecisionLoggedError when a decision or a request is in the log already, or in the batch; LogError when the drafts
    themselves have one twice, or erase or repeat what is erased.
    """
    seen: set[Key] = set()
    for ready in drafts:
        for key in _shared_payloads(ready):  # what was erased does not come back
            seq = _found(key, logged, batch)
            if seq is not None:
                raise LogError(f"entry {seq} erased the payload `{key[1].decode()}`: it cannot be logged again")
        for key, name in _names(ready):
            seq = _found(key, logged, batch)
            if seq is not None:
                raise _logged_error(key[0], name, seq)
            if key in seen:
                raise LogError(f"the {key[0].value} `{name}` is among these entries already")
            seen.add(key)


def _end_after(drafts: Sequence[ReadyDraft], end: int | None, seq: int) -> int | None:
    """The entry that will have ended the log once these drafts follow, the first of them as entry `seq`. EndedError
    when one of them may not.
    """
    for at, ready in enumerate(drafts, seq):
        stop_on_end(ready.draft.kind, end)
        end = at if ready.draft.kind is EntryKind.STOP else end
    return end


def _found(key: Key, logged: Mapping[Key, int], batch: NextBatch) -> int | None:
    held = batch.found(*key)
    return logged.get(key) if held is None else held


def _logged_error(kind: LookupKind, name: str, seq: int) -> LogError:
    if kind is LookupKind.ERASED:
        return LogError(f"entry {seq} erased the payload `{name}` already")
    says = "answers the request" if kind is LookupKind.REQUEST else "is the decision"
    return DecisionLoggedError(f"entry {seq} {says} `{name}` already", seq)


def _wanted(ready: ReadyDraft) -> Iterator[Key]:
    """What is looked up to know whether the log takes the draft."""
    yield from _shared_payloads(ready)
    for key, _ in _names(ready):
        yield key


def _shared_payloads(ready: ReadyDraft) -> Iterator[Key]:
    """Those that other entries may have, too: what is encrypted for this draft alone is new."""
    for _, payload in ready.draft.payloads:
        if isinstance(payload, Payload):
            yield LookupKind.ERASED, payload.digest.encode()


def _names(ready: ReadyDraft) -> Iterator[tuple[Key, str]]:
    """What the log takes only once."""
    draft = ready.draft
    if ready.request is not None and draft.request is not None:
        yield (LookupKind.REQUEST, ready.request.encode()), draft.request
        # As entries of version 1 are found.
        yield (LookupKind.REQUEST, request_bytes(draft.request)), draft.request
    if draft.kind is EntryKind.DECISION and draft.decision is not None:
        yield (LookupKind.DECISION, decision_key(draft.decision)), draft.decision
    for digest in draft.erases:
        yield (LookupKind.ERASED, digest.encode()), digest
