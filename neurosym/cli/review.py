"""`neurosym review`: the questions that wait for a person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from neurosym.audit.log import Log
from neurosym.audit.newfile import stands
from neurosym.audit.reader import LogReader
from neurosym.cli.argument import text_argument
from neurosym.cli.decision_text import headline
from neurosym.cli.help_text import examples
from neurosym.cli.output import current_output
from neurosym.cli.progress import Progress
from neurosym.cli.question_text import question_lines, question_title
from neurosym.decision.review import answer_question
from neurosym.judgment.stores.sqlite_queue import ReviewQueue
from neurosym.text.diagnostic import Diagnostic, Severity
from neurosym.text.failure import InputError, ProviderError

REVIEW = click.option(
    "--review", "path", metavar="FILE", type=click.Path(path_type=Path), required=True, help="The review queue."
)


@click.group(short_help="Answer the questions that wait for a person.")
def review() -> None:
    """Answer the questions that wait for a person.

    A question may be named by the beginning of its id.
    """


@review.command(name="list")
@REVIEW
def list_(path: Path) -> None:
    """List the questions without a settled answer, oldest first."""
    output = current_output()
    with _opened(path) as queue:
        items = queue.open_items()
    for item in items:
        output.title(question_title(item))
        output.say(f"  {item.question}")
    output.say(f"{len(items)} open")


@review.command()
@click.argument("question", metavar="ID", type=text_argument)
@REVIEW
def show(question: str, path: Path) -> None:
    """Show a question: what it is about, its evidence, the answers allowed, what was said so far."""
    output = current_output()
    with _opened(path) as queue:
        item = queue.item(_whole(question, queue))
        reviews = queue.reviews(item.question)
    output.title(question_title(item))
    output.say(*question_lines(item, reviews))


@review.command(
    epilog=examples(
        'neurosym review answer 4be1 same --review reviews.db --log decisions.db --as "J. Doe" --quote "passport 123"',
    )
)
@click.argument("question", metavar="ID", type=text_argument)
@click.argument("value", metavar="VALUE", type=text_argument)
@REVIEW
@click.option("--log", "log_path", metavar="FILE", type=click.Path(path_type=Path), required=True, help="The log.")
@click.option("--log-key", metavar="FILE", type=click.Path(path_type=Path), help="The log's key, else FILE.db.key.")
@click.option("--as", "by", metavar="NAME", type=text_argument, required=True, help="Who answers; recorded as claimed.")
@click.option(
    "--quote", "quotes", metavar="TEXT", type=text_argument, multiple=True, help="Words of the evidence that show it."
)
@click.option("--reason", metavar="TEXT", type=text_argument, help="Why, in your own words.")
def answer(
    *,
    question: str,
    value: str,
    path: Path,
    log_path: Path,
    log_key: Path | None,
    by: str,
    quotes: tuple[str, ...],
    reason: str | None,
) -> None:
    """Answer a question, and make the decisions that waited for it again.

    The answer is logged first. The earlier decisions stay; the new ones are linked to them. `--as` is recorded as
    claimed: nobody checks who you are.
    """
    LogReader.open(log_path).close()  # a log that is not there must not be made
    with _opened(path) as queue, Log.open(log_path, key=log_key) as log, Progress("deciding again"):
        whole = _whole(question, queue)
        decisions = answer_question(log, queue, whole, value, quotes, reason, by)
    output = current_output()
    output.say(f"recorded: {value}, as claimed by {by}")
    for decision in decisions:
        output.title(headline(decision))
        output.say(f"  decision {decision.id} (logged)")
    if not decisions:
        output.say("no decision was made again: more persons are wanted")


def _opened(path: Path) -> ReviewQueue:
    """The queue; ProviderError when there is none, since opening would make one."""
    if not stands(path):
        raise ProviderError(f"there is no review queue at `{path}`")
    return ReviewQueue.open(path)


def _whole(question: str, queue: ReviewQueue) -> str:
    """The id that begins like this among the open questions, or the text itself when none does.

    InputError NS519 when several do.
    """
    found = list(_beginning(question, queue))
    if len(found) > 1:
        message = f"{len(found)} questions begin with `{question}`"
        advice = f"use more of the id: {', '.join(found[:3])}" + (", ..." if len(found) > 3 else "")
        raise InputError([Diagnostic("NS519", Severity.ERROR, message, help=advice)])
    return found[0] if found else question


def _beginning(question: str, queue: ReviewQueue) -> Iterator[str]:
    prefix = question.removeprefix("sha256:")
    for item in queue.open_items():
        if prefix and item.question.removeprefix("sha256:").startswith(prefix):
            yield item.question
