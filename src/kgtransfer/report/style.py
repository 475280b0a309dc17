"""Colours, of arms by their role, and the way a figure becomes SVG or PNG."""

from __future__ import annotations

import io
import re
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.text import Text

from kgtransfer.utils.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from kgtransfer.experiments.arms import Arm, Role

__all__ = [
    "CLASSES",
    "COLOURS",
    "OTHER_CLASS",
    "Tone",
    "canvas",
    "legend",
    "literal",
    "png",
    "shorten",
    "svg",
    "tone_of",
    "without_glyphs",
]

# Okabe and Ito's colour-blind-safe palette, on ink and greys; the page redefines each by its name
# for dark screens. Every value is distinct: `svg` finds them by value.
COLOURS = {
    "ink": "#1c2127",
    "muted": "#5d6773",
    "grid": "#dfe3e8",
    "plain": "#76818d",
    "knowledge": "#0072b2",
    "placebo": "#d55e00",
    "labels": "#009e73",
}
CLASSES = ("#2186c8", "#e69f00", "#009e74", "#cc79a7", "#56b4e9", "#d55e01", "#b8a800")
OTHER_CLASS = "#9aa3ad"


@dataclass(frozen=True)
class Tone:
    """How arms of a role look: `colour` is a key of COLOURS, `says` a line of the legend."""

    colour: str
    says: str


TONES: Mapping[Role, Tone] = {
    "plain": Tone("plain", "no knowledge graph"),
    "knowledge": Tone("knowledge", "with the knowledge graph"),
    "placebo": Tone("placebo", "the graph shuffled: placebo"),
    "labels": Tone("labels", "no knowledge graph, more labels"),
}


def tone_of(arm: Arm[Any]) -> Tone:
    """How an arm looks, by its role."""
    return TONES[arm.role]


def canvas(height: float, width: float = 4.5) -> tuple[Figure, Axes]:
    """One axes without a frame; inches. 4.5 inches at 9 points stay legible on a phone."""
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.add_subplot()
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, labelsize=9, labelcolor=COLOURS["muted"], pad=5)
    axes.set_axisbelow(True)
    return figure, axes


def legend(axes: Axes, columns: int, handles: Sequence[Artist] | None = None) -> list[Artist]:
    """A legend above the axes; returns its marks."""
    options = {} if handles is None else {"handles": handles}
    made = axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1), ncols=columns, frameon=False, fontsize=9,
        handletextpad=0.3, columnspacing=1.2, borderaxespad=0.2, labelcolor=COLOURS["ink"],
        **options,
    )  # fmt: skip
    return [handle for handle in made.legend_handles if handle is not None]


def shorten(text: str, width: int = 30) -> str:
    """One printable line of at most `width` characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= width else f"{line[: width - 1].rstrip()}…"


def literal(figure: Figure) -> Figure:
    """Take every `$` in the figure's texts as a dollar, not as mathematics."""
    for text in figure.findobj(Text):
        text.set_parse_math(False)
    return figure


def svg(figure: Figure, title: str) -> str:
    """The figure as an SVG element to put into HTML; its colours are CSS variables of the page."""
    silent = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    body = _render(figure, "svg", metadata=silent, transparent=True).decode()
    body = printable(body)
    body = body[body.index("<svg") :]
    body = re.sub(r' (?:xmlns(?::xlink)?|width|height|version)="[^"]*"', "", body, count=5)
    body = re.sub(r'<g id="[a-zA-Z0-9_.]+">', "<g>", body)
    body = _prefix_ids(body, title)
    for name, value in COLOURS.items():
        body = body.replace(value, f"var(--{name})")
    label = re.sub(r"[^\w ,.:@-]", "", title)
    return body.replace("<svg", f'<svg role="img" aria-label="{label}"', 1).strip()


def _prefix_ids(body: str, title: str) -> str:
    """Keep the ids of several drawings on one page apart."""
    prefix = re.sub(r"\W", "", title)

    def renamed(pattern: str) -> Callable[[re.Match[str]], str]:
        return lambda found: pattern.format(prefix, found[1])

    body = re.sub(r' id="([^"]+)"', renamed(' id="{}-{}"'), body)
    body = re.sub(r'href="#([^"]+)"', renamed('href="#{}-{}"'), body)
    return re.sub(r"url\(#([^)]+)\)", renamed("url(#{}-{})"), body)


def png(figure: Figure, dpi: int = 200) -> bytes:
    """The figure as a PNG on white."""
    return _render(figure, "png", dpi=dpi, facecolor="white")


@contextmanager
def without_glyphs() -> Iterator[None]:
    """Draw letters that our font lacks without a warning: the reader's fonts may have them."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from")
        yield


def _render(figure: Figure, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    with without_glyphs(), mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": kind}):
        literal(figure).savefig(buffer, format=kind, **options)
    return buffer.getvalue()
