"""What the commands of `neurosym review` have in common: where the queue lies, which question, who it is."""

from __future__ import annotations

import click

from neurosym.cli.argument import text_argument
from neurosym.judgment.queue.review_queue import ReviewQueue
from neurosym.text.diagnostic import Diagnostic, Severity
from neurosym.text.failure import InputError

NAMED_MAX = 3  # of the questions that an ambiguous beginning may mean
PREFIX = "sha256:"

REVIEW = click.option(
    "--review",
    "address",
    metavar="FILE",
    type=click.Path(path_type=str),
    required=True,
    help="The review queue: a file, or a postgresql:// address.",
)
QUESTION = click.argument("question", metavar="ID", type=text_argument)
BY = click.option(
    "--as", "by", metavar="NAME", type=text_argument, required=True, help="Who you are; recorded as claimed."
)


def opened_queue(address: str) -> ReviewQueue:
    """The queue; ProviderError when there is none, and none is made."""
    return ReviewQueue.open(address, make=False)


def whole_id(question: str, queue: ReviewQueue) -> str:
    """The id that begins like this among the open questions, else among all, else the text itself.

    InputError NS519 when several do.
    """
    prefix = question.removeprefix(PREFIX)
    if not prefix or set(prefix) - set("0123456789abcdef"):
        return question
    found = queue.beginning(PREFIX + prefix, NAMED_MAX + 1)
    if len(found) > 1:
        count = f"more than {NAMED_MAX}" if len(found) > NAMED_MAX else str(len(found))
        advice = f"use more of the id: {', '.join(found[:NAMED_MAX])}" + (", ..." if len(found) > NAMED_MAX else "")
        message = f"{count} questions begin with `{question}`"
        raise InputError([Diagnostic("NS519", Severity.ERROR, message, help=advice)])
    return found[0] if found else question
