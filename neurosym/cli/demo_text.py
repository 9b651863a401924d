"""What the demo says: its tables, and what its log proves and does not prove."""

from __future__ import annotations

from collections.abc import Sequence

from neurosym.audit.verdict import Verdict
from neurosym.cli.demo_tally import Screened, answers, outcomes, questions
from neurosym.cli.demo_world import DemoWorld
from neurosym.cli.output import Output
from neurosym.cli.table import show_table
from neurosym.decision.replay import Replayed
from neurosym.program.program import Program

TRIED = ("answered", "abstained", "rejected", "withheld", "failed", "skipped", "waiting")


def show_world(world: DemoWorld, program: Program, output: Output) -> None:
    """Say what is about to be done."""
    output.title(f"{program.label}, version {program.version}, in an invented world")
    output.say(
        f"{len(world.payments)} payments, {world.parties} parties, {world.shareholdings} shareholdings, "
        f"{world.listings} list entries",
        "",
    )


def show_outcomes(done: Sequence[Screened], ranked: Sequence[str], output: Output) -> None:
    """The table of outcomes with their grounds, and how many payments have them."""
    show_table(("outcome", "why", "payments"), outcomes(done, ranked))
    output.say("")


def show_questions(done: Sequence[Screened], world: DemoWorld, output: Output) -> None:
    """How many questions there could have been, how many mattered, were asked, and by whom answered."""
    possible = questions(each.possible | each.relevant for each in done)
    relevant = questions(each.relevant for each in done)
    asked = questions(each.asked for each in done)
    rows = [
        ("pairs of a party and a list entry", world.parties * world.listings),
        ("possible: pairs whose names are alike, so that there is something to ask", possible),
        ("relevant: the answer could change the outcome of some payment", relevant),
        ("asked, each for every payment that it matters to", asked),
    ]
    show_table(("questions whether a party is the person of a list entry", "number"), rows)
    output.say("")
    if asked:
        _show_answers(done)


def show_proof(verdict: Verdict, replayed: Sequence[Replayed], output: Output) -> None:
    """What the log proves, and in one line what it does not yet."""
    statements = verdict.statements()
    output.say("")
    output.title(f"verified: {verdict.entries} entries, {verdict.payloads} payloads; {statements[0]}")
    output.say(*(f"  {problem}" for problem in verdict.problems))
    identical = sum(each.agrees for each in replayed)
    output.title(f"replayed: {identical} of {len(replayed)} decisions give the same bytes again from the log alone")
    output.say(*(f"  entry {each.seq}: {each.difference or each.message}" for each in replayed if not each.agrees))
    if verdict.is_consistent:
        key = () if verdict.key_verified else ("whose key signed it, for nobody else has verified the key",)
        output.say(f"not proven yet: {'; '.join((*key, *statements[1:]))}")


def _show_answers(done: Sequence[Screened]) -> None:
    """What became of the questions at each tier: one asked for two payments counts twice."""
    tiers = answers(done)
    names = [name for name in TRIED if any(counts[name] for _, counts in tiers)]
    rows: list[list[str | int]] = [
        [tier, sum(counts.values()), *(counts[name] for name in names)] for tier, counts in tiers
    ]
    show_table(("tier", "asked", *names), rows)
