"""`neurosym decide`: one decision."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import click

from neurosym.audit.address import Address
from neurosym.audit.log import Log
from neurosym.cli.case_input import BatchFiles, CaseFiles, read_case
from neurosym.cli.case_options import case_options
from neurosym.cli.decide_batch import BatchOptions, decided_rows
from neurosym.cli.decision_text import decision_lines, headline
from neurosym.cli.exit_code import ExitCode
from neurosym.cli.help_text import examples
from neurosym.cli.log_options import DATA_KEYS, LOG_KEY, log_address
from neurosym.cli.output import Output, format_option
from neurosym.cli.progress import Progress
from neurosym.decision.decision import Decision
from neurosym.decision.engine import Engine
from neurosym.decision.ruleset import load
from neurosym.decision.second_opinion import DisagreementError, difference_lines
from neurosym.engine.second.opinion import SecondOpinion
from neurosym.engine.verdict import Status
from neurosym.program.program import Program


@click.command(
    epilog=examples(
        "neurosym decide rulesets/sanctions screen --input payment.json --facts parties.json",
        "neurosym decide rulesets/sanctions screen --input - --graph world.ttl --judges judges.toml --log screen.db",
        "neurosym decide rulesets/sanctions screen --batch payments.parquet --facts parties.json --log screen.db",
    )
)
@case_options
@click.option(
    "--judges", metavar="FILE", type=click.Path(path_type=Path), help="TOML: who may be asked. Without it nobody is."
)
@click.option(
    "--log",
    "log_path",
    metavar="FILE",
    type=log_address,
    help="Where to log: a file, or a postgresql:// address; made if absent.",
)
@LOG_KEY
@DATA_KEYS
@click.option("--reference", is_flag=True, help="By the evaluator that defines the meaning: slower, the same decision.")
@click.option(
    "--second-opinion",
    "is_checked",
    is_flag=True,
    help="Have durable-rules check the decision; exits with 4 if it disagrees.",
)
@click.option(
    "--batch",
    "rows",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Decide each row of a Parquet, Arrow IPC or JSON Lines file instead of `--input`. Nobody is asked.",
)
@click.option(
    "--workers",
    metavar="N",
    type=click.IntRange(1),
    help="With `--batch`: processes that share the work.",
)
@click.option(
    "--output",
    "results",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="With `--batch`: write the results here, as Parquet (.parquet) or JSON Lines (.jsonl); FILE is new.",
)
@format_option
@click.pass_context
def decide(  # noqa: PLR0913 - flags
    context: click.Context,
    *,
    path: Path,
    files: CaseFiles | BatchFiles,
    log_path: Address | None,
    log_key: Path | None,
    data_keys: Address | None,
    reference: bool,
    is_checked: bool,
    workers: int | None,
    results: Path | None,
    output: Output,
) -> None:
    """Make a decision: DECISION, by the ruleset at PATH. The file `-` is standard input.

    Exits with 3 when the outcome is not decided, or in conflict; the text and `act_on` then say what to do meanwhile.

    With `--batch`, decide each row of a file: a column is a member of the request. The log gets one entry for each
    batch of 4,096 rows. A row that is refused refuses its batch. Who runs the same rows again is given what is logged.
    """
    if isinstance(files, BatchFiles):
        options = BatchOptions(path, files, workers, results, is_reference=reference, is_checked=is_checked)
        context.exit(decided_rows(options, log_path, log_key, data_keys, output))
    _stop_on_batch_options(workers, results)
    if log_path is None:
        _stop_on_keys_of_nothing(log_key, data_keys)
    with nullcontext() if log_path is None else Log.open(log_path, key=log_key, data_keys=data_keys) as log:
        decided, program = _decided(path, files, log, output, reference=reference, is_checked=is_checked)
    _show(decided, program, output)
    context.exit(ExitCode.DONE if decided.status is Status.DECIDED else ExitCode.UNDECIDED)


def _stop_on_batch_options(workers: int | None, results: Path | None) -> None:
    for option, given in (("--workers", workers), ("--output", results)):
        if given is not None:
            raise click.UsageError(f"`{option}` is for `--batch`")


def _stop_on_keys_of_nothing(log_key: Path | None, data_keys: Address | None) -> None:
    for option, given in (("--log-key", log_key), ("--data-keys", data_keys)):
        if given is not None:
            raise click.UsageError(f"`{option}` is of a log: name the log with `--log`")


def _decided(
    path: Path, files: CaseFiles, log: Log | None, output: Output, *, reference: bool, is_checked: bool
) -> tuple[Decision, Program]:
    with Progress("reading"):
        ruleset = load(path)
        case = read_case(files, ruleset.program)
    with SecondOpinion(ruleset.program) if is_checked else nullcontext() as second, Progress("deciding"):
        engine = Engine(ruleset, log=log, judge=case.judge, reference=reference, second_opinion=second)
        try:
            decided = engine.decide(
                files.decision, case.request, facts=case.knowledge, on=files.on, answers=case.answers
            )
        except DisagreementError as error:
            _show_disagreement(error, output)
            raise
    output.warnings((*engine.warnings, *decided.warnings))
    return decided, ruleset.program


def _show_disagreement(error: DisagreementError, output: Output) -> None:
    output.document({"failure": str(error), "second_opinion": error.opinion.json})
    output.warn(*difference_lines(error.opinion))


def _show(decision: Decision, program: Program, output: Output) -> None:
    output.document(decision.json)
    output.title(headline(decision))
    output.say(*decision_lines(decision, program))
    if not decision.logged:
        output.warn("not logged: without `--log` nobody can prove or replay this decision")
