"""The plots of a report: how few questions are asked, how long answers take, whether scores are what they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from neurosym.judgment.calibration.calibrating import BIN
from neurosym.judgment.calibration.drift import Drift
from neurosym.judgment.plots.figure import DARK, GREY, LIGHT, drawn

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROW = 0.5  # inches of a bar with its label
BINS = 30  # of a histogram of times


def funnel_plot(counts: Mapping[str, int]) -> bytes:
    """How many questions reached each stage, as bars from above. ProviderError without the extra `plots`."""

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        names = [*counts][::-1]
        bars = axes.barh(names, [counts[name] for name in names], color=LIGHT)
        axes.bar_label(bars, padding=3)
        axes.margins(x=0.12)
        axes.set_xlabel("questions")

    return drawn(draw, 7.0, 0.8 + ROW * len(counts))


def latency_plot(durations_ms: Mapping[str, Sequence[int]]) -> bytes:
    """The times of the attempts at each tier, one below the other. ProviderError without the extra `plots`."""

    def draw(figure: Figure) -> None:
        rows = figure.subplots(len(durations_ms), 1, sharex=True, squeeze=False)
        for (axes,), (tier, times) in zip(rows, durations_ms.items(), strict=True):
            axes.hist(times, bins=BINS, color=LIGHT)
            axes.set_ylabel(tier, rotation=0, ha="right")
        rows[-1][0].set_xlabel("milliseconds")

    return drawn(draw, 7.0, 1.0 + 1.2 * len(durations_ms))


def drift_plot(found: Drift) -> bytes:
    """The shares of the scores when the tier was calibrated and since. ProviderError without the extra `plots`."""

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        width = float(BIN) * 0.42
        sides = (
            (-width / 2, found.artefact.bins, found.artefact.cases, DARK, "calibrated"),
            (width / 2, found.bins, found.cases, LIGHT, "since"),
        )
        for shift, bins, cases, colour, label in sides:
            middles = [float(each.low) + float(BIN) / 2 + shift for each in bins]
            axes.bar(middles, [each.count / max(cases, 1) for each in bins], width=width, color=colour, label=label)
        axes.axvline(float(found.artefact.promise.least), color=GREY, linestyle="--", linewidth=1)
        axes.set(xlim=(-0.01, 1.01), xlabel="score of the answer", ylabel="share of the cases")
        axes.legend(loc="upper left")

    return drawn(draw, 7.0, 2.8)
