"""A picture of concept vectors: a dot a concept, coloured by class, some of them named.

The plane is that of the two largest principal components (Hotelling, 1933).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from matplotlib.transforms import Bbox

from kgtransfer.report.class_colours import colour_of, stated_colours
from kgtransfer.report.classes import concept_classes
from kgtransfer.report.style import (
    CLASSES,
    COLOURS,
    OTHER_CLASS,
    canvas,
    legend,
    literal,
    png,
    shorten,
    without_glyphs,
)
from kgtransfer.utils.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import TypeAlias

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.transforms import BboxBase

    from kgtransfer.embedding.concepts import ConceptEmbeddings
    from kgtransfer.knowledge.graph import KnowledgeGraph

    Floats: TypeAlias = npt.NDArray[np.floating[Any]]

__all__ = [
    "ConceptMap",
    "caption",
    "class_palette",
    "concept_map",
    "draw",
    "graph_map",
    "write_png",
]

# As a run keeps it: `x`, `y`, `class` and `label` of each dot, the share of the variance that
# each axis has in `explained`, and in `concepts` how many there are, drawn or not; `what` they are,
# if not concepts.
ConceptMap: TypeAlias = "dict[str, Any]"

_FEWEST, _MOST = 3, 1000  # dots
_NAMED = 40  # dots that get a name where it overlaps no other
_HIDDEN = 3  # dots that a name may cover
_GAP = 5  # points between a dot and its name


def graph_map(concepts: ConceptEmbeddings, graph: KnowledgeGraph) -> ConceptMap:
    """The map of a graph's concepts, with their labels, coloured by a handful of its classes.

    A class to which the graph gives a colour (`schema:color`) has that one.
    """
    classes = concept_classes(graph, concepts.iris, len(CLASSES))
    shown = concept_map(
        concepts,
        {iri: graph.label(iri) for iri in concepts.iris},
        {iri: graph.label(kind) for iri, kind in classes.items()},
    )
    colours = {graph.label(iri): colour for iri, colour in stated_colours(graph).items()}
    return {**shown, "colours": colours} if shown and colours else shown


def concept_map(
    concepts: ConceptEmbeddings,
    labels: Mapping[str, str] | None = None,
    classes: Mapping[str, str] | None = None,
    *,
    seed: int = 0,
) -> ConceptMap:
    """Places of the concepts on a plane; of very many, a random part. Empty where none differ.

    Args:
        concepts: `[concepts, d]`, all parts.
        labels: concept -> its name in the picture, by default its IRI.
        classes: concept -> the name of its class, where it has one.
        seed: of the choice of concepts.
    """
    vectors = concepts.vectors.numpy()
    if len(vectors) < _FEWEST or vectors.shape[1] < 2 or not np.ptp(vectors, axis=0).any():
        return {}
    places, explained = _plane(vectors)
    rows = sorted(np.random.default_rng(seed).permutation(len(vectors))[:_MOST].tolist())
    iris = [concepts.iris[row] for row in rows]
    return {
        "x": places[rows, 0].tolist(),
        "y": places[rows, 1].tolist(),
        "class": [(classes or {}).get(iri, "") for iri in iris],
        "label": [(labels or {}).get(iri, iri) for iri in iris],
        "explained": explained,
        "concepts": len(concepts),
    }


def _plane(vectors: Floats) -> tuple[Floats, list[float]]:
    """Principal components: coordinates `[concepts, 2]`, the share of the variance on each axis."""
    centred = vectors.astype(np.float64)
    centred -= centred.mean(axis=0)
    variances, axes = np.linalg.eigh(centred.T @ centred)  # ascending
    axes = axes[:, :-3:-1]
    axes *= np.sign(axes[np.abs(axes).argmax(axis=0), [0, 1]])  # the same side on all machines
    shares = variances[:-3:-1] / variances.sum()
    return (centred @ axes).round(4), shares.round(4).tolist()


def caption(shown: ConceptMap) -> str:
    """What the picture shows and what it cannot, in words."""
    drawn, concepts = len(shown["x"]), shown.get("concepts", len(shown["x"]))
    what = shown.get("what", "concepts")
    dots = f"{drawn:,} of {concepts:,} {what}" if drawn < concepts else f"{drawn:,} {what}"
    coloured = ", coloured by class" if any(shown["class"]) else ""
    text = f"Map of the {what.removesuffix('s')} vectors: {dots}{coloured}."
    if not shown.get("explained"):
        return f"{text} Near dots have similar vectors."
    share = f"{100 * sum(shown['explained']):.0f} %"
    return (
        f"{text} The axes are the two directions in which the vectors differ most; they hold "
        f"{share} of the variance. Dots far apart differ; near ones may differ in the rest."
    )


def write_png(shown: ConceptMap, path: Path) -> None:
    """Write the picture of a map that is not empty."""
    from matplotlib.patheffects import withStroke

    figure = draw(shown)
    for name in figure.axes[0].texts:
        name.set_path_effects([withStroke(linewidth=2.5, foreground="white")])
    write_atomically(path, png(figure))


def draw(shown: ConceptMap) -> Figure:
    """The picture of a map that is not empty."""
    places = np.column_stack([shown["x"], shown["y"]]).astype(np.float64)  # [concepts, 2]
    figure, axes = canvas(6.2, width=7.0)
    axes.set_aspect("equal", adjustable="datalim")
    axes.set_xticks([])
    axes.set_yticks([])
    both = zip((axes.xaxis, axes.yaxis), shown.get("explained", ()), strict=False)
    for number, (axis, share) in enumerate(both, start=1):
        text = f"PC {number} ({100 * share:.1f} % of the variance)"
        axis.set_label_text(text, fontsize=9, color=COLOURS["muted"])
    _dots(axes, places, shown["class"], shown.get("colours", {}))
    if shown.get("label"):
        told = np.array(shown["class"], dtype=bool)  # dots of a class tell the reader more
        first = np.argsort(~told, kind="stable")
        labels = [shown["label"][row] for row in first[: told.sum() or None]]
        _names(figure, axes, places[first], labels)
    return figure


def _dots(axes: Axes, places: Floats, classes: Sequence[str], stated: Mapping[str, str]) -> None:
    """A dot a concept, large classes below small ones, and a legend above the axes."""
    frequent = [name for name, _ in Counter(filter(None, classes)).most_common(len(CLASSES))]
    colours = class_palette(frequent, stated)
    groups = np.array([name if name in colours else "" for name in classes])
    size = float(np.clip(12_000 / len(places), 7, 34))
    for depth, name in enumerate(["", *frequent]):
        chosen = groups == name
        axes.scatter(
            places[chosen, 0], places[chosen, 1], s=size, linewidths=0, alpha=0.8,
            rasterized=True, zorder=2 + depth / 10, label=_entry(name, int(chosen.sum())),
            color=colours.get(name, OTHER_CLASS if frequent else CLASSES[0]),
        )  # fmt: skip
    if frequent:
        handles = axes.get_legend_handles_labels()[0]
        shown = [*handles[1:], *handles[: int((groups == "").any())]]
        for handle in legend(axes, columns=3, handles=shown):
            handle.set(sizes=[34], alpha=1)


def class_palette(classes: Sequence[str], stated: Mapping[str, str]) -> dict[str, str]:
    """Class -> its stated colour, else one of ours that no other class has."""
    own = {name: colour for name in classes if (colour := colour_of(str(stated.get(name, ""))))}
    spare = iter(colour for colour in CLASSES if colour not in own.values())
    return {name: own.get(name) or next(spare) for name in classes}


def _entry(name: str, count: int) -> str:
    return f"{shorten(name or 'other', 24)} ({count:,})"


def _names(figure: Figure, axes: Axes, places: Floats, labels: Sequence[str]) -> None:
    """Name dots far from each other, on the side with fewer dots, none over another name.

    Args:
        figure: holds the axes.
        axes: where the dots are.
        places: `[dots, 2]`, of the dots that may get a name first: as many as there are labels.
        labels: the names.
    """
    names = [
        axes.annotate(
            shorten(labels[row], 26), tuple(places[row]), (_GAP, 0), textcoords="offset points",
            fontsize=8, color=COLOURS["ink"], va="center", zorder=4,
            in_layout=False,
        )
        for row in _spread(places[: len(labels)], _NAMED)
    ]  # fmt: skip
    with without_glyphs():
        literal(figure).draw_without_rendering()  # now the places of dots and names are known
    dots, kept = axes.transData.transform(places), list[Bbox]()
    for name in names:
        right = name.get_window_extent()
        x = axes.transData.transform(name.xy)[0]
        left = Bbox.from_extents(2 * x - right.x1, right.y0, 2 * x - right.x0, right.y1)
        covered = {
            _covered(box, dots): box
            for box in (left, right)
            if _within(box, axes.bbox) and not box.expanded(1.05, 1.3).count_overlaps(kept)
        }
        least = min(covered, default=_HIDDEN + 1)
        if least > _HIDDEN:
            name.remove()
            continue
        kept.append(covered[least])
        if covered[least] is left:
            name.set(ha="right", position=(-_GAP, 0))


def _within(box: Bbox, outer: BboxBase) -> bool:
    """Whether the box is between the left and the right end of the outer one."""
    return bool(outer.x0 <= box.x0 and box.x1 <= outer.x1)


def _covered(box: Bbox, dots: Floats) -> int:
    """How many of the dots `[dots, 2]` lie in the box."""
    return int(((dots >= box.min) & (dots <= box.max)).all(axis=1).sum())


def _spread(places: Floats, count: int) -> list[int]:
    """Rows of `count` places far from each other (farthest-point sampling), densest part first."""
    chosen = [int(np.linalg.norm(places - np.median(places, axis=0), axis=1).argmin())]
    gap = np.linalg.norm(places - places[chosen[0]], axis=1)
    while len(chosen) < min(count, len(places)):
        chosen.append(int(gap.argmax()))
        gap = np.minimum(gap, np.linalg.norm(places - places[chosen[-1]], axis=1))
    return chosen
