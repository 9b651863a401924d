"""A calibration as a page: the promise in words, its figures, the reliability plot."""

from __future__ import annotations

from neurosym.judgment.calibration.artefact import Artefact, percent
from neurosym.text.page import heading, image, listing, page, paragraph, table
from neurosym.values.number import number_text


def calibration_page(artefact: Artefact, plot: bytes) -> str:
    """The page of an artefact with its plot, a PNG."""
    title = f"Calibration of {artefact.judgment} by tier {artefact.key.tier}"
    rows: list[list[str | int]] = [[number_text(each.low), each.count, each.right] for each in artefact.bins]
    return page(
        title,
        heading(1, title),
        paragraph(_promise(artefact)),
        image(plot, "Share of right answers by score"),
        listing("The calibration", _figures(artefact)),
        table("Valid answers by score", ("score from", "valid answers", "right"), rows),
        paragraph(f"Artefact {artefact.digest}, tested {artefact.promise.tested}."),
    )


def _promise(artefact: Artefact) -> str:
    promise = artefact.promise
    return (
        f"Of the answers that are accepted, those with a score of at least {number_text(promise.least)}, at most "
        f"{percent(artefact.risk)} are wrong, with confidence {percent(artefact.confidence)}, in cases that are "
        f"exchangeable with the labelled ones. {promise.wrong} of {promise.accepted} accepted answers were wrong in "
        f"the tested cases, so that the share of wrong ones is shown not to exceed {percent(promise.bound)}. "
        f"It holds until {artefact.expires_on.isoformat()}."
    )


def _figures(artefact: Artefact) -> list[tuple[str, str]]:
    promise, key = artefact.promise, artefact.key
    return [
        ("model", key.model),
        ("labelled cases", str(artefact.cases)),
        ("tested", str(promise.tested)),
        ("accepted", f"{promise.accepted} ({percent(artefact.coverage)})"),
        ("wrong among the accepted", str(promise.wrong)),
        ("bound of the share of wrong ones", percent(promise.bound)),
        ("doubt of this tier", percent(artefact.doubt)),
        ("made on", artefact.made_on.isoformat()),
        ("judgment", key.judgment),
        ("template of the prompt", key.template),
        ("labels", artefact.labels),
    ]
