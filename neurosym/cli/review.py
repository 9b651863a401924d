"""`neurosym review`: the questions that wait for a person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from neurosym.audit.address import Address
from neurosym.cli.argument import text_argument
from neurosym.cli.decision_text import headline
from neurosym.cli.help_text import examples
from neurosym.cli.log_options import DATA_KEYS, LOG_KEY, log_address, opened_log
from neurosym.cli.output import Output, current_output, format_option
from neurosym.cli.progress import Progress
from neurosym.cli.question_document import listed_question, question_document
from neurosym.cli.question_text import question_lines, question_title, state_lines
from neurosym.cli.review_options import BY, QUESTION, REVIEW, opened_queue, whole_id
from neurosym.decision.decision import Decision
from neurosym.decision.review import answer_question
from neurosym.judgment.document import same_name
from neurosym.judgment.queue.rows import Selection
from neurosym.judgment.review import Item, ItemKind
from neurosym.values.canonical import Json

LISTED = 100


@click.group(short_help="Answer the questions that wait for a person.")
def review() -> None:
    """Answer the questions that wait for a person.

    A question may be named by the beginning of its id. Names (`--as`, `--to`) are recorded as claimed: nobody checks
    who you are.
    """


@review.command(name="list")
@REVIEW
@click.option("--mine", is_flag=True, help="Only what is claimed by or assigned to who `--as` names.")
@click.option("--overdue", is_flag=True, help="Only what should have been answered by now.")
@click.option("--unclaimed", is_flag=True, help="Only what nobody has claimed.")
@click.option("--as", "by", metavar="NAME", type=text_argument, help="Who you are.")
@click.option("--after", metavar="ID", type=text_argument, help="Only what comes behind this question.")
@click.option("--limit", metavar="N", type=click.IntRange(1), default=LISTED, help=f"At most so many (else {LISTED}).")
@format_option
def list_(
    *,
    address: str,
    mine: bool,
    overdue: bool,
    unclaimed: bool,
    by: str | None,
    after: str | None,
    limit: int,
    output: Output,
) -> None:
    """List the questions without a settled answer: overdue ones and early deadlines first, then the oldest."""
    if mine and not by:
        raise click.UsageError("`--mine` needs `--as NAME`")
    selection = Selection(same_name(by) if mine and by else None, overdue, unclaimed)
    with opened_queue(address) as queue:
        items = queue.page(selection, None if after is None else whole_id(after, queue), limit)
        count, now = queue.count_open(selection), queue.time()
    listed: list[Json] = [listed_question(item, now) for item in items]
    output.document({"open": count, "questions": listed})
    for item in items:
        output.title(question_title(item))
        output.say(f"  {item.question}", *(f"  {line}" for line in state_lines(item, now)))
    output.say(f"{count} open" + (f", {len(items)} of them shown" if len(items) < count else ""))


@review.command()
@QUESTION
@REVIEW
@format_option
def show(question: str, address: str, output: Output) -> None:
    """Show a question: what it is about, its evidence, what was said so far and why that did not suffice, what happened
    to it.
    """
    with opened_queue(address) as queue:
        item = queue.item(whole_id(question, queue))
        said, history = queue.reviews(item.question), queue.history(item.question)
        now = queue.time()
    output.document(question_document(item, said, history, now))
    output.title(question_title(item))
    output.say(*question_lines(item, said, history, now))


@review.command()
@QUESTION
@REVIEW
@BY
def claim(question: str, address: str, by: str) -> None:
    """Take a question: nobody else can answer it until you have, give it back, or the claim runs out."""
    with opened_queue(address) as queue:
        _say_state(queue.claim(whole_id(question, queue), by), queue.time())


@review.command()
@QUESTION
@REVIEW
@BY
def release(question: str, address: str, by: str) -> None:
    """Give a question back that you have claimed."""
    with opened_queue(address) as queue:
        _say_state(queue.release(whole_id(question, queue), by), queue.time())


@review.command()
@QUESTION
@REVIEW
@BY
@click.option("--to", metavar="NAME", type=text_argument, help="Who shall answer it, and nobody else.")
@click.option("--to-nobody", is_flag=True, help="Take the assignment back.")
def assign(*, question: str, address: str, by: str, to: str | None, to_nobody: bool) -> None:
    """Give a question to somebody."""
    if (to is None) != to_nobody:
        raise click.UsageError("one of `--to NAME` and `--to-nobody`")
    with opened_queue(address) as queue:
        _say_state(queue.assign(whole_id(question, queue), to, by), queue.time())


@review.command(
    epilog=examples(
        'neurosym review answer 4be1 same --review reviews.db --log decisions.db --as "J. Doe" --quote "passport 123"',
    )
)
@QUESTION
@click.argument("value", metavar="[VALUE]", type=text_argument, required=False)
@REVIEW
@click.option("--log", "log_path", metavar="FILE", type=log_address, required=True, help="The log.")
@LOG_KEY
@DATA_KEYS
@BY
@click.option(
    "--quote", "quotes", metavar="TEXT", type=text_argument, multiple=True, help="Words of the evidence that show it."
)
@click.option("--cannot-tell", is_flag=True, help="Nothing lets you tell, instead of VALUE.")
@click.option("--reason", metavar="TEXT", type=text_argument, help="Why, in your own words.")
def answer(  # noqa: PLR0913 - flags
    *,
    question: str,
    value: str | None,
    address: str,
    log_path: Address,
    log_key: Path | None,
    data_keys: Address | None,
    by: str,
    quotes: tuple[str, ...],
    cannot_tell: bool,
    reason: str | None,
) -> None:
    """Answer a question, and make the decisions that waited for it again.

    The answer is logged first. The earlier decisions stay; the new ones are linked to them. What was interrupted is
    done by the same command, given again.
    """
    if (value is None) is not cannot_tell:
        raise click.UsageError("one of VALUE and `--cannot-tell`")
    with (
        opened_log(log_path, log_key, data_keys) as log,
        opened_queue(address) as queue,
        Progress("deciding again"),
    ):
        item = queue.item(whole_id(question, queue))
        decisions = answer_question(log, queue, item.question, value, quotes, reason, by)
        is_settled = queue.is_settled(item.question)
    output = current_output()
    output.say(
        f"recorded: {'cannot tell' if value is None else value}, as claimed by {by}",
        *_why(item, decisions, is_settled=is_settled, is_answered=value is not None),
    )
    for decision in decisions:
        output.title(headline(decision))
        output.say(f"  decision {decision.id} (logged)")


def _say_state(item: Item, now: str) -> None:
    output = current_output()
    output.title(question_title(item))
    output.say(f"  {item.question}", *(f"  {line}" for line in state_lines(item, now)))


def _why(item: Item, decisions: tuple[Decision, ...], *, is_settled: bool, is_answered: bool) -> Iterator[str]:
    """Why decisions are made again, or are not, where that does not go without saying."""
    if item.kind is ItemKind.AUDIT and decisions:
        yield "the answer is another than the accepted one"
    elif not decisions and not is_settled:
        yield "no decision was made again: more persons are wanted"
    elif not decisions and not is_answered:
        yield "no decision was made again: the question stays unanswered"
    elif not decisions and item.kind is ItemKind.AUDIT:
        yield "no decision was made again: the accepted answer stands"
    elif not decisions:
        yield "no decision was made again: none is left that waits"
