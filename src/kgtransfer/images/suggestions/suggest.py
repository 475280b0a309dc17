"""Ontology and unlabelled images -> how its measures are distributed, and where they divide."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from kgtransfer.conditioning.indistinct import indistinct
from kgtransfer.errors import OntologyError
from kgtransfer.grounding.measured import MeasuredGrounder, Unmeasured
from kgtransfer.grounding.thresholds import percentile_ranges
from kgtransfer.images.measurers import measurer_for
from kgtransfer.images.measures.measurer import GenericMeasurer
from kgtransfer.images.suggestions.histograms import histograms
from kgtransfer.images.suggestions.named import concepts_by_measure, stated_ends, with_numbers
from kgtransfer.images.suggestions.suggestion import Suggestion, suggestion_for
from kgtransfer.images.suggestions.unlabelled import drawn, measured, unlabelled
from kgtransfer.knowledge.axioms import axioms_of
from kgtransfer.knowledge.axioms.numbers import one_value
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.report.style import png
from kgtransfer.runs.output import Output
from kgtransfer.utils.data_paths import find_data
from kgtransfer.utils.files import write_atomically
from kgtransfer.utils.resources import resource
from kgtransfer.utils.terminal import table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt
    from rich.table import Table

    from kgtransfer.grounding.measured import Measurer
    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.data.folder import Images
    from kgtransfer.images.own_measures import OwnMeasures
    from kgtransfer.knowledge.graph import KnowledgeGraph

    Floats = npt.NDArray[np.float64]

__all__ = ["suggest"]

PLOTS = "measures.png"
HEADERS = ("measure", "5 %", "50 %", "95 %", "stated", "divides at", "clarity")


def suggest(
    ontology: Sequence[Path],
    data: str | Path,
    *,
    out: Path,
    own: OwnMeasures | None = None,
    every: bool = False,
    limit: int = 1_000,
) -> Output:
    """Ontology and images -> percentiles, plots and suggested thresholds; no label is looked at.

    Args:
        ontology: files; their concepts need no thresholds yet.
        data: folder of images, or of a data set, whose test split is left out where it says one.
        out: folder of the plots.
        own: measures of the user's own.
        every: show the measures of any image too that the ontology does not use.
        limit: how many images are measured at most, drawn at random.

    Raises:
        DataError: no image can be read.
        OntologyError: nothing computes any of the ontology's measures, and `every` is not set.
        CodeError: the user's own measures fail.
    """
    stated = read_ontology(*ontology)
    graph = with_numbers(stated)
    images = drawn(unlabelled(find_data(data)), limit)
    named = concepts_by_measure(graph)
    measurers = _measurers(graph, out.parent / ".cache" / "measures.jsonl", own, every)
    suggestions = list(_suggestions(stated, graph, images, measurers, None if every else named))
    suggestions.sort(key=lambda s: (s.measure not in named, -s.clarity))
    computed = {suggestion.measure for suggestion in suggestions}
    lacking = sorted(named.keys() - computed)
    values = {concept for measure in computed for concept in named.get(measure, ())}
    groups = indistinct(axioms_of(stated), values)
    plots = out / PLOTS
    shown = [s for s in suggestions if s.differs or s.measure in named] or suggestions
    write_atomically(plots, png(histograms(shown), dpi=130))
    return Output(
        {
            "images": len(images),
            "plots": plots,
            "measures": [suggestion.to_json() for suggestion in suggestions],
            "not_computed": lacking,
            "not_told_apart": groups,
        },
        (
            f"{len(images)} images; their labels were not looked at",
            *_tables(suggestions, named, len(images)),
            *_paste(suggestions, named),
            *(_lack(stated, measure, named[measure]) for measure in lacking),
            *(f"nothing that is measured tells apart: {_names(stated, group)}" for group in groups),
            f"plots: {plots}",
        ),
    )


def _suggestions(
    stated: KnowledgeGraph,
    graph: KnowledgeGraph,
    images: Images,
    measurers: Sequence[Measurer[Picture]],
    wanted: Collection[str] | None,
) -> Iterator[Suggestion]:
    """A suggestion for each of the wanted measures; None wants all."""
    columns: dict[str, Floats] = {}
    for measurer, values in zip(measurers, measured(images, measurers), strict=True):
        standardised = _standardised(graph, measurer, values)
        for column, measure in enumerate(measurer.measures):
            columns.setdefault(measure, standardised[:, column])
    ends = stated_ends(stated, graph)
    labels = graph
    if wanted is None:
        labels = graph | read_ontology(resource("ontology/image_measures.ttl"))
    for measure in [m for m in columns if wanted is None or m in wanted]:
        unit = one_value(labels, "unit", measure)
        yield suggestion_for(
            labels, measure, "1" if unit is None else unit.value, ends.get(measure, ()),
            columns[measure],
        )  # fmt: skip


def _measurers(
    graph: KnowledgeGraph, cache: Path, own: OwnMeasures | None, every: bool
) -> list[Measurer[Picture]]:
    """What computes the ontology's measures, and with `every` what fits any image."""
    generic = GenericMeasurer(cache)
    try:
        measurer = measurer_for(graph, cache, own)
    except OntologyError:
        if every:
            return [generic]
        raise
    covered = {*generic.measures} <= {*measurer.measures}
    return [measurer, generic] if every and not covered else [measurer]


def _standardised(graph: KnowledgeGraph, measurer: Measurer[Picture], values: Floats) -> Floats:
    """Measures brought to the ranges that the ontology states: its thresholds refer to these."""
    if not percentile_ranges(graph).keys() & {*measurer.measures}:
        return values
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Unmeasured)
        return MeasuredGrounder(graph, measurer).fitted_to(values).standardised(values)


def _tables(
    suggestions: Sequence[Suggestion], named: Collection[str], images: int
) -> Iterator[Table | str]:
    """The measures that the ontology names or that divide, in a table; the others in a line."""
    told = [s for s in suggestions if s.divides or s.measure in named]
    yield table(HEADERS, (_row(suggestion, images) for suggestion in told), fold=True)
    others = [s for s in suggestions if s not in told]
    groups = {
        "not divided": [s for s in others if s.differs],
        "the same in all images": [s for s in others if len(s.values) and not s.differs],
        "in no image": [s for s in others if not len(s.values)],
    }
    for what, group in groups.items():
        if group:
            yield f"{what}: {', '.join(suggestion.label for suggestion in group)}"


def _row(suggestion: Suggestion, images: int) -> tuple[str, ...]:
    percentiles = [f"{value:.3g}" for value in suggestion.percentiles] or [""] * 3
    two = suggestion.two
    unit = f" ({suggestion.unit})" if suggestion.unit != "1" else ""
    count = f", {len(suggestion.values)} images" if len(suggestion.values) < images else ""
    return (
        f"{suggestion.label}{unit}{count}",
        *percentiles,
        ", ".join(f"{end:g}" for end in suggestion.stated),
        f"{two.thresholds[0]:.3g}" if two else "",
        f"{two.clarity:.2f} {two.word}" if two else "",
    )


def _paste(suggestions: Sequence[Suggestion], named: Collection[str]) -> Iterator[str]:
    yield "to paste at a value of an attribute; with a minus at the softness where it holds below:"
    for suggestion in suggestions:
        if suggestion.divides or suggestion.measure in named:
            yield from (f"  {line}" for line in suggestion.turtle())


def _lack(graph: KnowledgeGraph, measure: str, concepts: Sequence[str]) -> str:
    return f"nothing computes {graph.compact(measure)}, which decides on {_names(graph, concepts)}"


def _names(graph: KnowledgeGraph, iris: Sequence[str]) -> str:
    return ", ".join(map(graph.label, iris))
