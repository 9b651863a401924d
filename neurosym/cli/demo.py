"""`neurosym demo`: the main job on shipped input."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from neurosym.audit.address import Address
from neurosym.audit.log import Log
from neurosym.cli.demo_tally import Screened, screened
from neurosym.cli.demo_text import show_outcomes, show_proof, show_questions, show_world
from neurosym.cli.demo_world import DECISION, RULESET, SUBJECT, DemoWorld, demo_world, embedded_judge
from neurosym.cli.exit_code import ExitCode
from neurosym.cli.help_text import examples
from neurosym.cli.log import examined
from neurosym.cli.log_options import log_address
from neurosym.cli.output import Output, current_output
from neurosym.cli.progress import Progress
from neurosym.decision.engine import Engine
from neurosym.decision.explanation.account import account_of
from neurosym.decision.explanation.text import Extent
from neurosym.decision.explanation.why import why_outcome
from neurosym.decision.explanation.why_text import why_lines
from neurosym.decision.replay import Replayed, Replayer
from neurosym.decision.ruleset import load
from neurosym.judgment.configuration import Configuration, PersonTier
from neurosym.judgment.judge import Judge
from neurosym.judgment.queue.address import queue_address
from neurosym.text.failure import ReplayError
from neurosym.text.shipped import shipped_path

BRIEF = Extent(steps_max=16, depth_max=5, triples_max=0)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the log lies, its key, and whether it is gone in the end."""

    log: Path
    key: Path | None
    is_temporary: bool

    @property
    def review(self) -> str:
        """The name of the review queue beside the log, when nobody named another."""
        return f"{self.log.name}.reviews"


@click.command(epilog=examples("neurosym demo", "neurosym demo --log demo.db", "neurosym demo --judges judges.toml"))
@click.option("--log", "log_path", metavar="FILE", type=log_address, help="Keep the log; made if absent.")
@click.option("--log-key", metavar="FILE", type=click.Path(path_type=Path), help="The log's key, else FILE.db.key.")
@click.option("--judges", type=click.Path(path_type=Path), help="TOML: who may be asked, instead of ours.")
@click.pass_context
def demo(context: click.Context, log_path: Address | None, log_key: Path | None, judges: Path | None) -> None:
    """Screen the payments of an invented world: decide, ask, log, explain, verify, replay.

    It needs neither key nor network. Exits with 5 when its log does not verify, with 1 when a decision does not give
    the same bytes again.
    """
    if log_key is not None and log_path is None:
        raise click.UsageError("`--log-key` is the key of a log: name the log with `--log`")
    if isinstance(log_path, str):
        raise click.UsageError("the demo keeps its log in a file; `neurosym decide` takes the address of a server")
    output = current_output()
    with _place(log_path, log_key) as place:
        try:
            with Log.open(place.log, key=place.key) as log:
                code = _demonstrated(log, place, judges, output)
        except KeyboardInterrupt:
            output.warn(f"interrupted; {_whereabouts(place) if place.log.exists() else 'nothing was logged'}")
            code = ExitCode.INTERRUPTED
    context.exit(code)


@contextmanager
def _place(log: Address | None, key: Path | None) -> Iterator[Place]:
    """Where the log is to lie: as named, else in a temporary folder that is removed in the end."""
    if log is not None:
        yield Place(Path(log), key, is_temporary=False)
        return
    with TemporaryDirectory(prefix="neurosym-demo-") as folder:
        yield Place(Path(folder) / "demo.db", None, is_temporary=True)


def _demonstrated(log: Log, place: Place, judges: Path | None, output: Output) -> ExitCode:
    """Run the whole demo; the worst that happened to it."""
    with Progress("reading"):
        ruleset = load(shipped_path(*RULESET))
        judge = Judge.from_config(judges) if judges else embedded_judge(place.log.parent, place.review)
        engine = Engine(ruleset, log=log, judge=judge)
        world = demo_world(engine)
    output.warnings(engine.warnings)
    show_world(world, ruleset.program, output)
    done = _screened(engine, world)
    show_outcomes(done, ruleset.program.decisions[DECISION].outcomes, output)
    show_questions(done, world, output)
    replayer = Replayer(log)
    explained = list(_to_explain(done))
    for each in explained:
        _explain(replayer, each, output)
    verdict = examined(log)
    replayed = _replayed(replayer, done)
    show_proof(verdict, replayed, output)
    output.say(_whereabouts(place), *_next(place, explained, judge.configuration))
    if not verdict.is_consistent:
        return ExitCode.NOT_VERIFIED
    return ExitCode.DONE if all(each.agrees for each in replayed) else ExitCode.PROBLEMS


# --- the work


def _screened(engine: Engine, world: DemoWorld) -> list[Screened]:
    done = []
    with Progress("screening payments") as progress:
        for number, payment in enumerate(world.payments, start=1):
            done.append(screened(engine.decide(DECISION, {SUBJECT: payment}, facts=world.knowledge)))
            progress(number, len(world.payments))
    return done


def _to_explain(done: Sequence[Screened]) -> Iterator[Screened]:
    """The first payment that is blocked, and the first that is undecided; one that waits for a person, if any does."""
    blocked = [each for each in done if each.outcome == "block"]
    undecided = sorted((each for each in done if each.outcome is None), key=lambda each: not each.waits)
    yield from (*blocked[:1], *undecided[:1])


def _explain(replayer: Replayer, which: Screened, output: Output) -> None:
    output.say("")
    try:
        account = account_of(replayer, replayer.log.decision(which.id))
    except ReplayError as error:  # the replay of all decisions counts it, and names it again
        output.warn(f"decision {which.id} is not explained: {error}")
        return
    title, *lines = why_lines(why_outcome(account), BRIEF)
    output.title(title)
    output.say(*(f"  {line}".rstrip() for line in lines))


def _replayed(replayer: Replayer, done: Sequence[Screened]) -> list[Replayed]:
    replayed = []
    with Progress("replaying") as progress:
        for number, each in enumerate(done, start=1):
            replayed.append(replayer.replay(replayer.log.decision(each.id)))
            progress(number, len(done))
    return replayed


def _whereabouts(place: Place) -> str:
    if place.is_temporary:
        return "the log was temporary and is removed now; `--log FILE.db` keeps it"
    return f"the log is kept: {place.log}"


def _next(place: Place, explained: Sequence[Screened], configuration: Configuration) -> Iterator[str]:
    """What somebody may want to try with a log that is kept."""
    if place.is_temporary:
        return
    yield from (f"  neurosym explain {place.log} {each.id}" for each in explained)
    for tier in configuration.tiers:
        if isinstance(tier, PersonTier):
            yield f"  neurosym review list --review {queue_address(tier.review, configuration.folder)}"
