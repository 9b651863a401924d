"""The decision as callers get it and the log keeps it (contracts: Decision)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import partial

from neurosym.decision.deliberation import Deliberation, Matter
from neurosym.decision.duty import Duty, duties
from neurosym.decision.embedding.decision_schema import decision_schema
from neurosym.decision.wording import reason_text
from neurosym.engine.derivation import ExceptionNote
from neurosym.engine.proof import Proof, Prover, subproofs
from neurosym.engine.reached import DutyReached
from neurosym.engine.second.opinion import Opinion
from neurosym.engine.situation import LIMITS, Limits
from neurosym.engine.verdict import Status, duties_of
from neurosym.judgment.answer import Kind
from neurosym.judgment.identity import question_id
from neurosym.program.program import Program, key_fields
from neurosym.text.diagnostic import Diagnostic
from neurosym.values.canonical import Digest, Json, canonical_bytes, digest, digest_bytes
from neurosym.values.encoding import KeyNames, reason_json, sorted_reasons, wire
from neurosym.values.temporal import Date
from neurosym.values.unknown import Asked, Reason
from neurosym.values.value import Fact, Reference, Value

OUTSIDE_RESULT = ("id", "time", "logged", "second_opinion")  # what two executions of one decision may differ in


@dataclass(frozen=True, slots=True)
class ReasonShown:
    """A certain conclusion of an outcome, with the text shown to people."""

    outcome: str
    rule: str
    binding: tuple[tuple[str, Value], ...]
    text: str
    citations: tuple[str, ...]

    def json(self, key_names: KeyNames) -> Json:
        """The reason as decisions write it."""
        return {
            "outcome": self.outcome,
            "rule": self.rule,
            "binding": {name: wire(value, key_names) for name, value in self.binding},
            "text": self.text,
            "citations": list(self.citations),
        }


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision. `outcome` is None unless decided; `act_on` is what to do meanwhile, and never None."""

    id: str
    decision: str
    subject: Mapping[str, Reference]
    status: Status
    outcome: str | None
    act_on: str
    possible: tuple[str, ...]
    on: Date
    reasons: tuple[ReasonShown, ...]
    duties: tuple[Duty, ...]
    not_proven: tuple[str, ...]
    missing: tuple[Reason, ...]
    questions: tuple[Json, ...]
    answers: tuple[Json, ...]
    either_way: Json  # None, or the unknowns that were tried in every combination
    proof: Digest
    digests: Mapping[str, Digest | None]
    logged: bool = False
    second_opinion: Opinion | None = field(default=None, compare=False)
    warnings: tuple[Diagnostic, ...] = field(default=(), compare=False)
    deliberation: Deliberation | None = field(default=None, compare=False, repr=False)
    key_names: KeyNames = field(default_factory=dict, compare=False, repr=False)
    proofs: Mapping[Digest, Proof] = field(default_factory=dict, compare=False, repr=False)

    @staticmethod
    def json_schema() -> dict[str, Json]:
        """The JSON schema of `json`, whatever the ruleset."""
        return decision_schema()

    @property
    def json(self) -> dict[str, Json]:
        """The document of contracts.md."""
        return {
            "id": self.id,
            "decision": self.decision,
            "subject": {name: wire(reference, self.key_names) for name, reference in self.subject.items()},
            "status": self.status.value,
            "outcome": self.outcome,
            "act_on": self.act_on,
            "possible": list(self.possible),
            "on": self.on.isoformat(),
            "reasons": [reason.json(self.key_names) for reason in self.reasons],
            "duties": [duty.json(self.key_names) for duty in self.duties],
            "not_proven": list(self.not_proven),
            "missing": [reason_json(reason) for reason in self.missing],
            "questions": list(self.questions),
            "answers": list(self.answers),
            "either_way": self.either_way,
            "proof": self.proof,
            "logged": self.logged,
            "digests": dict(self.digests),
            **({} if self.second_opinion is None else {"second_opinion": self.second_opinion.json}),
        }

    @property
    def result_bytes(self) -> bytes:
        """The bytes that every execution of the same decision gives: without id, `logged`, the engine's digest and the
        second opinion.
        """
        document = {name: value for name, value in self.json.items() if name not in OUTSIDE_RESULT}
        document["digests"] = {name: value for name, value in self.digests.items() if name != "engine"}
        return canonical_bytes(document)

    @property
    def proof_bytes(self) -> bytes:
        """All proofs that the decision rests on, by id."""
        return canonical_bytes({key: self.proofs[key].document for key in sorted(self.proofs)})

    @property
    def result_digest(self) -> Digest:
        """The digest of the result."""
        return digest_bytes(self.result_bytes)

    def as_logged(self) -> Decision:
        """The decision once its entry is durable."""
        return replace(self, logged=True)

    def detached(self) -> Decision:
        """The result and the documents of its proofs, without the deliberation they came from."""
        proofs = {key: Proof(proof.id, proof.document, ()) for key, proof in self.proofs.items()}
        return replace(self, deliberation=None, proofs=proofs)

    def __reduce__(self) -> tuple[Callable[[], Decision], tuple[()]]:
        """To another process goes the detached decision; the deliberation stays where it was."""
        detached = self.detached()
        return partial(Decision, **{each.name: getattr(detached, each.name) for each in fields(self)}), ()

    def with_opinion(self, opinion: Opinion | None) -> Decision:
        """The decision with the second opinion on it."""
        return self if opinion is None else replace(self, second_opinion=opinion)


def assemble(
    found: Deliberation,
    digests: Mapping[str, Digest | None],
    warnings: tuple[Diagnostic, ...],
    limits: Limits = LIMITS,
) -> Decision:
    """The decision that a deliberation came to. LimitError when its proof has too many steps."""
    case, verdict = found.case, found.verdict
    prover = Prover(found.model, limits.proof_steps_max)
    concluded = duties_of(found.duty_model, case.subject)
    roots = _roots(found, prover, concluded)
    proofs = subproofs(roots)
    names = [name for name, _ in case.decision.parameters]
    return Decision(
        case.id,
        case.decision.name,
        dict(zip(names, case.subject, strict=True)),
        verdict.status,
        verdict.outcome,
        verdict.act_on,
        verdict.possible,
        case.situation.on,
        _reasons(found, case.decision.outcomes),
        duties(case.program, concluded),
        _not_proven(found, proofs),
        tuple(sorted_reasons(each for each in verdict.reasons if not isinstance(each, Asked))),
        _questions(found),
        _answers(found),
        _either_way(found),
        _root_digest(roots),
        digests,
        warnings=warnings,
        deliberation=found,
        key_names=key_fields(case.program),
        proofs=proofs,
    )


def _roots(found: Deliberation, prover: Prover, concluded: Iterable[DutyReached]) -> list[Proof]:
    """The proofs of every outcome and duty that the decision speaks of, of outcomes that an exception defeated, and of
    each of the contents that conflict.
    """
    verdict = found.verdict
    outcomes = [prover.outcome(each) for each in (*(each.outcome for each in verdict.reached), *verdict.defeated)]
    contents = [entry for reference in found.conflicts for entry in found.model.world.entries(reference)]
    contents_shown = [prover.fact(entry) for entry in contents]
    of_duties = prover if found.doubting is None else Prover(found.doubting, prover.steps_max, beside=prover)
    return outcomes + [of_duties.duty(each) for each in concluded] + contents_shown


def _root_digest(roots: list[Proof]) -> Digest:
    """One digest for all that was concluded; of nothing when `otherwise` stands by itself."""
    return digest([*sorted({root.id for root in roots})])


def _reasons(found: Deliberation, outcomes: tuple[str, ...]) -> tuple[ReasonShown, ...]:
    """What is concluded for certain; of what is decided either way, the conclusions of that outcome which may be."""
    shown, model, verdict = [], found.model, found.verdict
    for each in verdict.reached:
        may_be = found.either_way is not None and each.outcome.outcome == found.either_way.outcome
        if each.truth is not True and not may_be:
            continue
        application = each.outcome.application
        provision, binding = application.provision, _binding(application.environment)
        text = model.text(each.outcome)
        shown.append(ReasonShown(each.outcome.outcome, provision.id, binding, text, provision.cites))
    return tuple(sorted(shown, key=lambda reason: (outcomes.index(reason.outcome), reason.rule, _order(reason))))


def _order(reason: ReasonShown) -> bytes:
    return canonical_bytes([[name, wire(value)] for name, value in reason.binding])


def _binding(environment: Mapping[str, Value]) -> tuple[tuple[str, Value], ...]:
    return tuple((name, value) for name, value in sorted(environment.items()) if isinstance(value, Fact))


def _not_proven(found: Deliberation, proofs: Mapping[Digest, Proof]) -> tuple[str, ...]:
    """One line for every exception that was read as false because nobody proved it."""
    lines: set[str] = set()
    for proof in proofs.values():
        if proof.derivation is not None:
            for note in _all_notes(proof.derivation.notes):
                if note.state == "not proven":
                    lines.add(f"exception `{note.id}` not proven: {_why(found.case.program, note)}")
    return tuple(sorted(lines))


def _all_notes(notes: tuple[ExceptionNote, ...]) -> list[ExceptionNote]:
    return [each for note in notes for each in (note, *_all_notes(note.notes))]


def _why(program: Program, note: ExceptionNote) -> str:
    return "; ".join(reason_text(program, reason) for reason in sorted_reasons(note.reasons)) or "no reason left"


def _questions(found: Deliberation) -> tuple[Json, ...]:
    """The questions that keep the outcome open, or were asked for it in vain."""
    shown: dict[str, Json] = {}
    for reason in found.verdict.reasons:
        if isinstance(reason, Asked):
            matter = found.matters.get(reason.question, Matter(reason.question, standing=reason.standing))
            document = _question(found.case.program, matter)
            shown[digest(document)] = document
    return tuple(shown[key] for key in sorted(shown))


def _question(program: Program, matter: Matter) -> Json:
    question = matter.question
    tried: list[Json] = [{"tier": each.tier, "reason": each.reason} for each in matter.heard]
    tried += [{"tier": each.tier, "reason": each.reason} for each in matter.skipped]
    return {
        "id": question_id(program.judgments[question.judgment], question),
        "judgment": question.judgment,
        "args": {name: wire(reference, key_fields(program)) for name, reference in question.args},
        "standing": matter.standing.value,
        "tried": tried,
    }


def _either_way(found: Deliberation) -> Json:
    """The unknowns that do not matter, whatever becomes of them, and in how many combinations they were tried."""
    if found.either_way is None:
        return None
    over: list[Json] = [reason_json(reason) for reason in found.either_way.over]
    return {"over": over, "combinations": found.either_way.combinations}


def _answers(found: Deliberation) -> tuple[Json, ...]:
    """The accepted answers with who gave them, those included that took something away."""
    shown: dict[str, Json] = {}
    names = key_fields(found.case.program)
    for question, matter in found.matters.items():
        if matter.answer is not None:
            answer = matter.answer.json
            assert isinstance(answer, dict)
            document: Json = {
                "judgment": question.judgment,
                "args": {name: wire(reference, names) for name, reference in question.args},
                **answer,
                "uncalibrated": matter.answer.kind is Kind.MODEL and not matter.answer.calibrated,
            }
            shown[digest(document)] = document
    return tuple(shown[key] for key in sorted(shown))
