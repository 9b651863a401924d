"""Figures as PNG: the same bytes for the same figures and version of matplotlib. Nobody else draws."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING

from neurosym.text.failure import ProviderError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

METADATA = {"Software": None}  # else the bytes would name the version of the library
DARK, LIGHT, RED, GREEN, GREY = "#1b4965", "#62b6cb", "#b23a48", "#2d6a4f", "#888888"


def has_plots() -> bool:
    """True when the extra `plots` is installed."""
    return find_spec("matplotlib") is not None


def drawn(draw: Callable[[Figure], None], width: float, height: float) -> bytes:
    """The figure that `draw` fills, so many inches wide and high. ProviderError without the extra `plots`."""
    if not has_plots():
        raise ProviderError("a plot needs matplotlib: pip install 'neurosym[plots]'")
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - heavy, and an extra
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(width, height), layout="constrained")
    draw(figure)
    written = BytesIO()
    FigureCanvasAgg(figure)  # the figure draws on it
    figure.savefig(written, format="png", metadata=METADATA)
    return written.getvalue()
