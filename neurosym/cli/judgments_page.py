"""The report of a log as a page: the tables, with plots where the extra `plots` is installed."""

from __future__ import annotations

from collections.abc import Iterator

from neurosym.cli.judgments_table import DRIFTS, QUESTIONS, TIERS, drift_row, question_row, tier_rows
from neurosym.decision.judgment_tally import JudgmentReport, JudgmentTally
from neurosym.judgment.calibration.drift import Drift
from neurosym.judgment.plots.figure import has_plots
from neurosym.judgment.plots.report_plot import drift_plot, funnel_plot, latency_plot
from neurosym.text.page import alarm, heading, image, page, paragraph, table
from neurosym.values.number import number_text


def report_page(found: JudgmentReport, log: str) -> str:
    """The page of a report; the same for the same report."""
    title = f"Judgments of {log}"
    return page(title, heading(1, title), *_summary(found), *_judgments(found), *_drifts(found))


def _summary(found: JudgmentReport) -> Iterator[str]:
    yield paragraph(f"{found.decisions} decisions, {found.undecided} undecided.")
    if found.period is not None:
        yield paragraph(f"From {found.period[0]} to {found.period[1]}.")
    if found.unreadable:
        yield alarm(f"{len(found.unreadable)} decisions cannot be executed again and are not counted.")
    yield from (alarm(text) for each in found.drifts for text in alarm_texts(each))
    names = sorted(found.judgments)
    if names:
        yield table("Questions", QUESTIONS, [question_row(name, found.judgments[name]) for name in names])
        yield table("Tiers", TIERS, [row for name in names for row in tier_rows(name, found.judgments[name])])
    else:
        yield paragraph("No question came up.")
    if not has_plots():
        yield paragraph("Plots need the extra `plots`: pip install 'neurosym[plots]'.")


def _judgments(found: JudgmentReport) -> Iterator[str]:
    """What became of the questions of each judgment, drawn."""
    for name in sorted(found.judgments) if has_plots() else ():
        tally = found.judgments[name]
        counts = _stages(tally)
        yield heading(2, name)
        said = ", ".join(f"{stage} {count}" for stage, count in counts.items())
        yield image(funnel_plot(counts), f"Questions of {name}: {said}")
        times = {tier: of.durations_ms for tier, of in sorted(tally.tiers.items()) if of.durations_ms}
        if times:
            told = ", ".join(f"{tier} half within {tally.tiers[tier].percentile_ms(50)} ms" for tier in times)
            yield image(latency_plot(times), f"Times of the attempts: {told}")


def _stages(tally: JudgmentTally) -> dict[str, int]:
    by_tier = {f"answered by {tier}": count for tier, count in sorted(tally.answered.items())}
    return {"possible": tally.possible, "relevant": tally.relevant, "asked": tally.asked, **by_tier}


def _drifts(found: JudgmentReport) -> Iterator[str]:
    if not found.drifts:
        return
    yield heading(2, "Since the calibrations")
    yield table("Each tier beside its calibration", DRIFTS, [drift_row(each) for each in found.drifts])
    for each in found.drifts if has_plots() else ():
        said = f"distance {number_text(each.distance)}, chance explains {number_text(each.allowed)}"
        yield image(drift_plot(each), f"Scores of {each.artefact.judgment} by {each.artefact.key.tier}: {said}")


def alarm_texts(each: Drift) -> Iterator[str]:
    """What is not as it was calibrated, with what can be done."""
    tier = each.artefact.key.tier
    remedy = f'to stop asking it, write `suspended = "..."` into [tier.{tier}]'
    for text in each.alarms:
        yield f"{each.artefact.judgment} by {tier}: {text}; {remedy}"
