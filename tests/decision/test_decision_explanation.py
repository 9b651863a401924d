"""Why a logged decision is what it is, told from its proof (engine: Explanation)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from neurosym.audit.reader import LogReader
from neurosym.decision.explanation.account import Account, account_of
from neurosym.decision.explanation.document import missing_json, why_json
from neurosym.decision.explanation.missing import wanted
from neurosym.decision.explanation.step import explanation_of
from neurosym.decision.explanation.structure import Explanation, Step
from neurosym.decision.explanation.text import Extent
from neurosym.decision.explanation.why import headline, why_outcome
from neurosym.decision.explanation.why_text import missing_report, why_lines
from neurosym.decision.replay import Replayer
from neurosym.decision.ruleset import Ruleset, checked_ruleset
from neurosym.judgment.judge import Judge
from neurosym.judgment.supplied import SuppliedAnswer
from neurosym.text.failure import ReplayError
from neurosym.text.shipped import shipped_path
from neurosym.text.span import Source
from neurosym.values.canonical import Json, canonical_bytes
from tests.audit.world import open_log
from tests.decision.case import (
    PAYMENT,
    RULES,
    Told,
    engine_of,
    person_judge,
    ruleset,
    screening,
    supplied,
    told_judge,
    world,
)
from tests.decision.forger import forge_log, with_payload
from tests.decision.test_decision_conflict import BLOCK as RISK_BLOCKS
from tests.decision.test_decision_conflict import TEXT as RISKS

MAPPED = """
ruleset ownership "Owned by the blocked"  version "3"
  prefix own "https://neurosym.dev/ns/ownership#"

fact Party "A party"  from own:Party
  id:    text  key  from own:identifier
  name:  text  from own:name

fact Owns  from own:Shareholding
  id:     text  key  from own:identifier
  owner:  Party  from own:holder
  owned:  Party  from own:issuer
  share:  number  [0..100]  from own:percentage

fact Case
  id:         text  key
  about:      Party
  opened_on:  date

fact Listed
  party:  Party  key

fact Licence
  id:     text  key
  party:  Party

fact Revocation
  licence:  Licence  key

derived Blocked
  party:  Party  key

duty report
  case:  Case  key

parameter limit: number
  = 60  from 2020-01-01  cite "Policy 1"
  = 50  from 2025-01-01  cite "Policy 2"

decision screen(case: Case)
  on         case.opened_on
  outcomes   "block" > "hold" > "release"
  otherwise  "release"
  undecided  "hold"

rule listed "Who is listed is blocked"
  cite  "Act 1"
  for   l: Listed
  then  Blocked(party: l.party)

rule owned "Who belongs to the blocked is blocked"
  cite       "Act 2"
  effective  from 2014-08-13
  for        p: Party
  when       sum(o.share for o: Owns, b: Blocked where o.owned = p and b.party = o.owner) >= limit
  then       Blocked(party: p)

rule block "A blocked party is turned away"
  cite  "Act 3", "Act 4"
  for   c: Case, b: Blocked
  when  b.party = c.about
  then  screen(case: c) is "block" because "{b.party.name} is blocked"
  then  duty report(case: c) owed by "bank" due business_days_after(c.opened_on, 10, "US")

exception licence to block.screen "A licence lets it pass"
  cite  "Act 5"
  for   l: Licence
  when  l.party = b.party
  must be proven

exception revoked to licence "Unless it was revoked"
  for   r: Revocation
  when  r.licence = l
"""
OWNERSHIP = re.sub(r" +(from|prefix) own.*", "", MAPPED)
NONE = "no conclusions, and so none that rests on a judged answer"
X_IS_LISTED = [{"party": "X"}]


def parties(*names: str) -> list[Mapping[str, object]]:
    return [{"id": each, "name": f"Party {each}"} for each in names]


def owns(*several: tuple[str, str, int]) -> list[Mapping[str, object]]:
    return [
        {"id": f"{owner}{owned}", "owner": owner, "owned": owned, "share": share} for owner, owned, share in several
    ]


def about(party: str) -> dict[str, object]:
    return {"case": {"id": "CASE-1", "about": party, "opened_on": "2026-03-02"}}


def holdings(*several: tuple[str, str, int], **more: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """X is listed and owns what is said; there is nothing else."""
    names = sorted({"X", *(name for owner, owned, _ in several for name in (owner, owned))})
    nothing: dict[str, object] = {"Case": [], "Licence": [], "Revocation": []}
    return {"Party": parties(*names), "Owns": owns(*several), "Listed": X_IS_LISTED, **nothing, **more}


@contextmanager
def accounted(
    path: Path,
    rules: Ruleset,
    request: Mapping[str, object],
    facts: Mapping[str, object],
    judge: Judge | None = None,
    answers: Sequence[SuppliedAnswer] = (),
) -> Iterator[Account]:
    """The account of one decision, from its log."""
    with open_log(path / "decisions.db") as log:
        decided = engine_of(rules, log, judge).decide("screen", request, facts=facts, answers=answers)  # type: ignore[arg-type]
    with LogReader.open(path / "decisions.db") as reader:
        yield account_of(Replayer(reader), reader.decision(decided.id))


def owned(path: Path, party: str, facts: Mapping[str, object]) -> Account:
    with accounted(path, ruleset(OWNERSHIP), about(party), facts) as account:
        return account


def judged(
    path: Path,
    judge: Judge,
    *entries: str,
    needs: str = "",
    answers: Sequence[SuppliedAnswer] = (),
    rules: str = RULES,
) -> Account:
    made = screening(needs, rules=rules)
    with accounted(path, made, PAYMENT, world(*entries), judge, answers) as account:
        return account


def told(account: Account, extent: Extent | None = None) -> str:
    return "\n".join(why_lines(why_outcome(account), extent or Extent()))


def saying(explanation: Explanation, start: str) -> Step:
    (found,) = [step for step in explanation.steps.values() if step.says.startswith(start)]
    return found


# --- what a step shows


def test_the_steps_are_the_proofs_of_the_decision(tmp_path: Path) -> None:
    account = owned(tmp_path, "C", holdings(("X", "A", 50), ("A", "C", 50)))
    explanation = why_outcome(account).explanation
    assert set(explanation.steps) <= set(account.decision.proofs)
    for step in explanation.steps.values():
        assert set(step.below) == {premise.id for premise in account.decision.proofs[step.id].premises}
        assert set(step.below) <= set(explanation.steps)


def test_a_conclusion_shows_its_provision_with_citations_period_and_place(tmp_path: Path) -> None:
    explanation = why_outcome(owned(tmp_path, "A", holdings(("X", "A", 50)))).explanation
    provision = saying(explanation, 'Blocked(party: "A")').provision
    assert provision is not None
    assert (provision.id, provision.label) == ("owned", "Who belongs to the blocked is blocked")
    assert (provision.cites, str(provision.period.first)) == (("Act 2",), "2014-08-13")
    assert provision.place.startswith("trial.rules:")


def test_a_condition_is_shown_with_the_values_that_were_read(tmp_path: Path) -> None:
    explanation = why_outcome(
        owned(tmp_path, "A", holdings(("X", "A", 30), ("X", "B", 100), ("B", "A", 25)))
    ).explanation
    (finding,) = saying(explanation, 'Blocked(party: "A")').findings
    assert finding.condition.startswith("sum(o.share for o: Owns, b: Blocked where")
    assert finding.here == "55 >= 50"


def test_a_total_that_grew_later_is_shown_as_the_proof_has_it(tmp_path: Path) -> None:
    facts = holdings(("X", "A", 50), ("X", "B", 50), ("A", "B", 20), ("B", "A", 20))
    explanation = why_outcome(owned(tmp_path, "A", facts)).explanation
    assert [finding.here for finding in saying(explanation, 'Blocked(party: "A")').findings] == ["50 >= 50"]


def test_a_parameter_is_shown_with_the_day_it_holds_since_and_its_citation(tmp_path: Path) -> None:
    account = owned(tmp_path, "A", holdings(("X", "A", 50)))
    (parameter,) = saying(why_outcome(account).explanation, 'Blocked(party: "A")').parameters
    assert (parameter.name, parameter.value, str(parameter.since)) == ("limit", 50, "2025-01-01")
    assert "parameter limit = 50 since 2025-01-01 (Policy 2)" in told(account)


def test_a_given_fact_is_shown_with_its_json_path(tmp_path: Path) -> None:
    account = owned(tmp_path, "A", holdings(("X", "A", 50)))
    origin = saying(why_outcome(account).explanation, "Owns(").origin
    assert origin is not None
    assert str(origin.place) == "facts: $.Owns[0]"
    assert "given at facts: $.Owns[0]" in told(account)


def test_a_fact_of_the_graph_is_shown_with_its_triples(tmp_path: Path) -> None:
    turtle = b"""@prefix own: <https://neurosym.dev/ns/ownership#> .
    @prefix e: <https://e.example/> .
    e:x a own:Party ; own:identifier "X" ; own:name "Party X" .
    e:a a own:Party ; own:identifier "A" ; own:name "Party A" .
    e:s a own:Shareholding ; own:identifier "S" ; own:holder e:x ; own:issuer e:a ; own:percentage 50 .
    """
    own = shipped_path("ontologies", "ownership.ttl")
    mapped = checked_ruleset([Source("trial.rules", MAPPED)], [(own.name, own.read_bytes())])
    with open_log(tmp_path / "decisions.db") as log:
        engine = engine_of(mapped, log)
        facts = {"Listed": X_IS_LISTED, "Case": [], "Licence": [], "Revocation": []}
        known = engine.know(facts, [("shares.ttl", turtle)])
        decided = engine.decide("screen", about("A"), facts=known)
        account = account_of(Replayer(log), log.decision(decided.id))
    origin = saying(why_outcome(account).explanation, "Owns(").origin
    assert origin is not None
    assert "<https://e.example/s> <https://neurosym.dev/ns/ownership#holder> <https://e.example/x> ." in origin.triples
    assert all(f"\n{' ' * 16}{line}" in told(account) for line in origin.triples)
    assert "<https://e.example/s>" not in told(account, Extent(triples_max=0))


def test_a_missing_value_of_a_given_fact_reads_not_supplied(tmp_path: Path) -> None:
    facts = world("E1", Party=[{"id": "CUST-7", "name": "Ali"}])
    with accounted(tmp_path, screening(), PAYMENT, facts, told_judge(Told({"E1": "same"}))) as account:
        text = told(account)
    assert 'Party(id: "CUST-7", name: "Ali", country: not supplied)' in text or "Payment(" in text
    assert "country: unknown" not in text


def test_a_step_that_two_others_rest_on_is_told_once(tmp_path: Path) -> None:
    text = told(owned(tmp_path, "C", holdings(("X", "A", 50), ("X", "B", 50), ("A", "C", 25), ("B", "C", 25))))
    assert text.count('by listed "Who is listed is blocked"') == 1
    assert 'Blocked(party: "X") (see [' in text


# --- exceptions


def test_an_exception_without_a_case_says_so(tmp_path: Path) -> None:
    text = told(owned(tmp_path, "X", holdings()))
    assert 'exception licence "A licence lets it pass" (Act 5): nothing satisfies it' in text


def test_an_exception_that_another_lifts_shows_both_and_what_they_rest_on(tmp_path: Path) -> None:
    facts = holdings(Licence=[{"id": "L", "party": "X"}], Revocation=[{"licence": "L"}])
    account = owned(tmp_path, "X", facts)
    (licence,) = saying(why_outcome(account).explanation, "screen(").exceptions
    assert (licence.state, [inner.state for inner in licence.exceptions]) == ("lifted", ["in effect"])
    assert 'Licence(id: "L", party: "X")' in told(account)
    assert 'Revocation(licence: "L")' in told(account)


def test_an_exception_that_nobody_proved_shows_what_is_missing(tmp_path: Path) -> None:
    facts = holdings()
    del facts["Licence"]
    text = told(owned(tmp_path, "X", facts))
    assert "not proven, and so read as false" in text
    assert "\nnot proven:\n" in text


def test_what_an_exception_took_away_is_told(tmp_path: Path) -> None:
    account = owned(tmp_path, "X", holdings(Licence=[{"id": "L", "party": "X"}]))
    assert account.decision.outcome == "release"
    text = told(account)
    assert (
        'taken away by exceptions:\n    [1] but for an exception: screen(case: "CASE-1") is "block": Party X is blocked'
        in text
    )
    assert 'exception licence "A licence lets it pass" (Act 5): in effect' in text


# --- outcomes


def test_an_outcome_by_otherwise_says_that_no_rule_concludes_anything_else(tmp_path: Path) -> None:
    account = owned(tmp_path, "A", holdings(("X", "A", 49)))
    why = why_outcome(account)
    assert (account.decision.outcome, why.explanation.roots) == ("release", ())
    assert why.note == 'no rule concludes anything else, and then `otherwise` says "release"'
    assert told(account).splitlines()[-1] == NONE


def test_duties_are_told_with_debtor_day_and_citation(tmp_path: Path) -> None:
    assert 'report(case: "CASE-1") owed by "bank", due 2026-03-16 (Act 3; Act 4)' in told(
        owned(tmp_path, "X", holdings())
    )


def test_the_log_is_said_to_agree(tmp_path: Path) -> None:
    account = owned(tmp_path, "X", holdings())
    assert f"entry {account.seq}: the log's bytes and this execution agree" in told(account)
    document = why_json(why_outcome(account))
    assert isinstance(document, dict)
    assert document["log"] == {"entry": account.seq, "agrees": True, "same_engine": True}


def test_contents_that_contradict_one_another_are_both_explained(tmp_path: Path) -> None:
    party = {"id": "CUST-7", "exotic": True, "known": True}
    facts = {"Party": [party], "Payment": []}
    with accounted(tmp_path, ruleset(RISKS + RISK_BLOCKS), PAYMENT, facts) as account:
        text = told(account)
    assert text.startswith('screen(payment: "PAY-1") is in conflict')
    assert "it rests on facts that contradict one another" in text
    assert 'Risk(party: "CUST-7", level: "high")' in text
    assert 'Risk(party: "CUST-7", level: "low")' in text
    assert "by exotic_is_high (Act 1)" in text
    assert "by known_is_low (Act 2)" in text


# --- judgments


def test_an_answer_is_told_with_its_tier_and_what_it_quotes(tmp_path: Path) -> None:
    account = judged(tmp_path, told_judge(Told({"E1": "same"})), "E1")
    (shown,) = saying(why_outcome(account).explanation, "screen(").judgments
    assert shown.answer is not None
    assert (shown.answer.value, shown.answer.tier, shown.answer.kind.value) == ("same", "local", "computed")
    text = told(account)
    assert 'judged "same" by tier local (computed): same(customer: "CUST-7", entry: "E1")' in text
    assert 'quoting entry.remarks from character 1: "Passport A1234567"' in text
    assert 'read customer.name "Ali Karimi"; entry.name "LISTED E1"; entry.remarks "Passport A1234567"' in text
    assert 'here "same" = "same"' in text


def test_a_person_who_answered_is_named(tmp_path: Path) -> None:
    quotes = Told({}).quotes
    account = judged(tmp_path, told_judge(Told({})), "E1", answers=[supplied("same", quotes=quotes)])
    assert 'judged "same" by tier supplied (supplied, "ada"): ' in told(account)


def test_an_answer_that_kept_a_rule_from_concluding_is_told_as_asked_on_the_way(tmp_path: Path) -> None:
    account = judged(tmp_path, told_judge(Told({"E1": "different"})), "E1")
    why = why_outcome(account)
    assert account.decision.outcome == "release"
    assert [each.answer.value for each in why.asked if each.answer] == ["different"]
    assert 'asked on the way:\n    judged "different" by tier local' in told(account)
    assert why.explanation.reliance.others == (("local (computed)", 1),)


def test_a_question_without_an_answer_shows_what_each_tier_made_of_it(tmp_path: Path) -> None:
    account = judged(tmp_path, told_judge(Told({})), "E1")
    (shown,) = [each.judgment for each in wanted(account) if each.judgment]
    assert (shown.answer, shown.standing) == (None, "no answer")
    assert [(each.tier, each.what, each.reason) for each in shown.tried] == [("local", "abstained", "cannot tell")]


def test_a_question_is_told_in_full_once(tmp_path: Path) -> None:
    text = told(judged(tmp_path, person_judge(tmp_path), "E1"))
    assert text.count("Is the customer the listed one?") == 1
    assert text.count('not judged, waiting for a person: same(customer: "CUST-7", entry: "E1")') == 3


def test_an_answer_that_is_not_enough_for_the_outcome_is_told_as_set_aside(tmp_path: Path) -> None:
    judge = told_judge(Told({"E1": "same"}))
    account = judged(tmp_path, judge, "E1", needs='needs no judgment for "block"')
    (found,) = wanted(account)
    assert found.judgment is not None
    assert found.judgment.answer is None
    assert found.judgment.standing.startswith("set aside")


@pytest.mark.parametrize(
    ("answers", "line"),
    [
        ({"E1": "same"}, "1 of 1 conclusion rests on judged answers: 1 answer by tier local (computed)"),
        ({"E1": "same", "E2": "same"}, "2 of 2 conclusions rest on judged answers: 2 answers by tier local (computed)"),
        (
            {"E1": "different"},
            f"{NONE}; beside that, on the way: 1 answer by tier local (computed)",
        ),
    ],
)
def test_one_number_says_how_much_rests_on_judgments(answers: dict[str, str], line: str, tmp_path: Path) -> None:
    account = judged(tmp_path, told_judge(Told(answers)), *answers)
    assert told(account).splitlines()[-1] == line


def test_conclusions_that_rest_on_an_answer_through_others_are_counted(tmp_path: Path) -> None:
    derived = "\nderived Hit\n  payment: Payment key\n"
    rules = """
rule hit
  cite  "Act 1"
  for   p: Payment, e: Entry
  when  same(p.payer, e) = "same"
  then  Hit(payment: p)

rule block
  cite  "Act 2"
  for   h: Hit
  then  screen(payment: h.payment) is "block"
"""
    account = judged(tmp_path, told_judge(Told({"E1": "same"})), "E1", rules=derived + rules)
    reliance = why_outcome(account).explanation.reliance
    assert (reliance.conclusions, reliance.judged, reliance.answers) == (2, 2, (("local (computed)", 1),))


# --- what is missing


def test_what_most_possible_outcomes_rest_on_comes_first(tmp_path: Path) -> None:
    rules = (
        RULES
        + """
rule embargo
  cite  "Act 3"
  for   p: Payment
  when  p.payer.country = "XZ"
  then  screen(payment: p) is "block"
"""
    )
    facts = world("E1", Party=[{"id": "CUST-7", "name": "Ali"}])
    with accounted(tmp_path, screening(rules=rules), PAYMENT, facts, told_judge(Told({}))) as account:
        found = wanted(account)
    assert [(each.outcomes, each.conclusions) for each in found] == [(("block", "hold"), 2), (("block",), 1)]
    assert found[1].text == 'missing Party("CUST-7").country'
    assert found[1].advice == 'supply `country` of Party "CUST-7"'


def test_a_question_that_waits_says_how_a_person_can_answer_it(tmp_path: Path) -> None:
    (found,) = wanted(judged(tmp_path, person_judge(tmp_path), "E1"))
    assert found.advice == "a person answers it: `neurosym review list`"


def test_an_unknown_that_only_an_outcome_below_the_certain_one_rests_on_is_not_missing(tmp_path: Path) -> None:
    rules = RULES + '\nrule all\n  cite "x"\n  for p: Payment\n  then screen(payment: p) is "hold"\n'
    account = judged(tmp_path, person_judge(tmp_path), "E1", rules=rules)
    assert account.decision.possible == ("block", "hold")
    assert [each.outcomes for each in wanted(account)] == [("block",)]
    roots = why_outcome(account).explanation.roots
    says = [why_outcome(account).explanation.steps[root].says for root in roots]
    assert [each.split(" is ")[1].split(":")[0] for each in says] == ['"block"', '"hold"']


def test_nothing_is_missing_of_a_decided_outcome(tmp_path: Path) -> None:
    account = owned(tmp_path, "X", holdings())
    assert wanted(account) == ()
    assert missing_report(account, headline(account), ())[-1] == "nothing is missing: the outcome is decided"
    document = missing_json(account, headline(account), ())
    assert isinstance(document, dict)
    assert document["missing"] == []


def test_what_nobody_can_supply_or_answer_is_named(tmp_path: Path) -> None:
    rules = '\nrule odd\n  cite "x"\n  for p: Payment\n  when 1 / 0 > 1\n  then screen(payment: p) is "block"\n'
    account = judged(tmp_path, told_judge(Told({})), rules=RULES + rules)
    (found,) = wanted(account)
    assert (found.text, found.advice) == ("division by zero", None)


# --- size


def chain(length: int) -> dict[str, object]:
    names = ["X", *(f"C{place:04}" for place in range(length))]
    return holdings(*((owner, owned, 50) for owner, owned in itertools.pairwise(names)))


def test_of_a_long_chain_the_text_shows_a_bounded_part_and_json_all(tmp_path: Path) -> None:
    account = owned(tmp_path, "C0079", chain(80))
    lines = why_lines(why_outcome(account))
    document = why_json(why_outcome(account))
    assert isinstance(document, dict)
    steps = document["steps"]
    assert isinstance(steps, list)
    assert len(steps) > 240
    assert len(lines) < 500
    assert max(len(line) - len(line.lstrip()) for line in lines) < 120
    assert any(re.fullmatch(r"\.\.\. \d+ more", line.strip()) for line in lines)
    assert f"of {len(steps)} steps are shown)" in "\n".join(lines)


def test_the_steps_nearest_to_the_conclusion_are_shown_first(tmp_path: Path) -> None:
    account = owned(tmp_path, "C", holdings(("X", "A", 50), ("A", "C", 50)))
    text = told(account, Extent(steps_max=3))
    assert "[3]" in text
    assert "[4]" not in text
    assert 'Blocked(party: "C")' in text
    assert "Listed(" not in text


def test_a_text_of_great_length_is_cut_and_json_has_all_of_it(tmp_path: Path) -> None:
    facts = {**holdings(), "Party": [{"id": "X", "name": "y" * 5_000}]}
    account = owned(tmp_path, "X", facts)
    assert max(len(line) for line in why_lines(why_outcome(account))) < 1_100
    assert b"y" * 5_000 in canonical_bytes(why_json(why_outcome(account)))


# --- the log


def test_a_recorded_result_that_execution_does_not_give_is_not_explained(tmp_path: Path) -> None:
    owned(tmp_path, "X", holdings())
    forge_log(
        tmp_path / "decisions.db",
        tmp_path / "forged.db",
        with_payload("result", lambda content: content.replace(b'"act_on":"block"', b'"act_on":"hold"')),
    )
    with LogReader.open(tmp_path / "forged.db") as log:
        (entry,) = log.decisions()
        with pytest.raises(ReplayError, match=r"result: \$.act_on was \"hold\" and is \"block\""):
            account_of(Replayer(log), entry)


def test_a_recorded_proof_that_execution_does_not_give_is_not_explained(tmp_path: Path) -> None:
    owned(tmp_path, "X", holdings())
    forge_log(
        tmp_path / "decisions.db",
        tmp_path / "forged.db",
        with_payload("proof", lambda content: content.replace(b'"by":"listed"', b'"by":"wished"')),
    )
    with LogReader.open(tmp_path / "forged.db") as log:
        (entry,) = log.decisions()
        with pytest.raises(ReplayError, match="proof: "):
            account_of(Replayer(log), entry)


def test_an_explanation_is_the_same_every_time(tmp_path: Path) -> None:
    account = owned(tmp_path, "C", holdings(("X", "A", 50), ("X", "B", 50), ("A", "C", 25), ("B", "C", 25)))

    def document() -> Json:
        return why_json(why_outcome(account))

    assert canonical_bytes(document()) == canonical_bytes(document())
    assert explanation_of(account, ()).steps == {}
