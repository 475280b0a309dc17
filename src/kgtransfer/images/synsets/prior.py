"""Axioms for free: classes linked to WordNet, as a prior over what a pre-trained head names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.conditioning.axiom_prior import AxiomPrior
from kgtransfer.errors import OntologyError
from kgtransfer.images.synsets.head import DEPICTED
from kgtransfer.knowledge.axioms import axioms_of
from kgtransfer.knowledge.wordnet import SYNSET, linked_synsets

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.knowledge.wordnet import WordNet

    Floats = npt.NDArray[np.float64]

__all__ = ["columns_below", "synset_prior", "wnid_of"]

STEP = 0.3
"""What a synset one step further up counts: as `kgt:sometimes`."""

ANYTHING = 0.3
"""Share of each class that is spread over all synsets: a head that names nothing in particular
then speaks for no class."""


def synset_prior(
    graph: KnowledgeGraph, classes: Sequence[str], wordnet: WordNet, values: Sequence[str]
) -> AxiomPrior:
    """The prior of classes that skos:exactMatch, closeMatch or broadMatch link to WordNet.

    P(value | class) is a mixture over the class's synsets and all that lie above them, each spread
    evenly over the values below it, and each step up counting less (shrinkage along a hierarchy:
    McCallum, Rosenfeld, Mitchell, Ng, ICML 1998). A class that the head does not know, such as a
    giraffe, so lives on its relatives. Facts of the class about concepts that are linked as well
    take their probability of it: what comes along with it in photos.

    Args:
        graph: the ontology.
        classes: IRIs.
        wordnet: the hierarchy.
        values: IRIs of the synsets that the grounding knows.

    Raises:
        OntologyError: a class is not linked, or to a synset that WordNet lacks.
    """
    below = columns_below(wordnet, values)
    table = np.stack([_row(graph, cls, wordnet, below, len(values)) for cls in classes])
    table = (1 - ANYTHING) * table + ANYTHING / len(values)
    return AxiomPrior(tuple(classes), {DEPICTED: (tuple(values), table)})


def wnid_of(value: str) -> str:
    """IRI of a synset -> its id, as `synset_iri` takes it."""
    return "n" + value.removeprefix(SYNSET).removesuffix("-n")


def columns_below(wordnet: WordNet, values: Sequence[str]) -> dict[str, list[int]]:
    """Id of a synset -> columns of the values, IRIs of synsets, at or below it."""
    columns: dict[str, list[int]] = {}
    for column, value in enumerate(values):
        for above in wordnet.hypernym_distances(wnid_of(value)):
            columns.setdefault(above, []).append(column)
    return columns


def _row(
    graph: KnowledgeGraph, cls: str, wordnet: WordNet, below: dict[str, list[int]], width: int
) -> Floats:
    """P(value | class), `[values]`, sums to one."""
    if not linked_synsets(graph, cls):
        raise OntologyError(
            f"{graph.label(cls)} is linked to no synset of WordNet",
            cure=f"write skos:exactMatch <{SYNSET}NNNNNNNN-n>, with the digits of its ImageNet id",
        )
    row = _spread(graph, cls, wordnet, below, width)
    for fact in axioms_of(graph).facts(cls):
        if linked_synsets(graph, fact.value):
            beside = _spread(graph, fact.value, wordnet, below, width)
            row = (1 - fact.probability) * row + fact.probability * beside
    return row


def _spread(
    graph: KnowledgeGraph, concept: str, wordnet: WordNet, below: dict[str, list[int]], width: int
) -> Floats:
    """The mixture over a concept's synsets and what lies above them."""
    row = np.zeros(width)
    for synset in linked_synsets(graph, concept):
        if synset not in wordnet.hypernyms:
            raise OntologyError(
                f"{graph.label(concept)} is linked to {synset}, which is no noun of WordNet 3.0",
                cure="check the digits: they are those of the ImageNet id",
            )
        for above, steps in wordnet.hypernym_distances(synset).items():
            columns = below.get(above, [])
            row[columns] += STEP**steps / max(1, len(columns))
    return np.asarray(row / row.sum())
