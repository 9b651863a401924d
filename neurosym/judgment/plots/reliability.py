"""The reliability plot of an artefact: how often answers were right, by the score they came with."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from neurosym.judgment.calibration.artefact import Artefact, Bin
from neurosym.judgment.calibration.binomial import upper_bound
from neurosym.judgment.calibration.calibrating import BIN
from neurosym.judgment.plots.figure import DARK, GREEN, GREY, LIGHT, RED, drawn

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DOUBT = Fraction(1, 20)  # of each bar's bounds, one side each


def reliability_plot(artefact: Artefact) -> bytes:
    """The plot as PNG. ProviderError without the extra `plots`."""

    def draw(figure: Figure) -> None:
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
        for each in artefact.bins:
            low, share, high = _bounds(each)
            middle = float(each.low) + float(BIN) / 2
            above.errorbar(middle, share, yerr=[[share - low], [high - share]], fmt="o", color=DARK, capsize=3)
            below.bar(middle, each.count, width=float(BIN) * 0.9, color=LIGHT)
        above.plot([0, 1], [0, 1], linestyle=":", color=GREY)
        above.axhline(1 - float(artefact.risk), linestyle="--", color=RED, linewidth=1)
        for each_axes in (above, below):
            each_axes.axvline(float(artefact.promise.least), color=GREEN, linewidth=1.5)
        above.set(ylim=(-0.02, 1.02), ylabel="share of right answers")
        below.set(xlim=(-0.01, 1.01), xlabel="score of the answer", ylabel="answers")
        title = f"{artefact.judgment} by {artefact.key.tier}: accepted from {artefact.promise.least}"
        above.set_title(title, fontsize=10)

    return drawn(draw, 7.0, 4.2)


def _bounds(each: Bin) -> tuple[float, float, float]:
    """The least and the greatest share of right answers that the bin speaks for, with its own between them."""
    wrong = each.count - each.right
    low = 1 - float(upper_bound(wrong, each.count, DOUBT))
    high = float(upper_bound(each.right, each.count, DOUBT))
    return low, each.right / each.count, high
