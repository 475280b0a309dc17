"""Links to learn and to test on, what describes their entities, and how that is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pyoxigraph as ox
import torch

from kgtransfer.embedding.kge.features import number_features, text_features
from kgtransfer.embedding.kge.files import read_numbers, read_texts, read_triples
from kgtransfer.embedding.kge.triples import graph_triples
from kgtransfer.embedding.text import concept_texts, text_encoder, text_vectors
from kgtransfer.embedding.training import graph_features
from kgtransfer.errors import DataError
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.link_prediction.config import MadeConfig

if TYPE_CHECKING:
    from torch import Tensor

    from kgtransfer.embedding.kge.triples import Triples
    from kgtransfer.embedding.text import EncoderLike

__all__ = ["LinkData", "graph_links", "read_links"]

HELD_OUT = 0.1  # share of an ontology's links that is tested on, and as many for validation
MOST = 1_000
LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")


@dataclass(frozen=True, eq=False)
class LinkData:
    """Links, and descriptions of the entities that they link.

    Attributes:
        name: what results call it.
        triples: train, valid and test links.
        graph: the descriptions, as a graph.
        features: `[entities, f]` of the descriptions; no columns where there are none.
        types: type by entity, within which the placebo shuffles; the entities that it lacks form
            a type of their own.
        texts: `[entities, d]` of the texts among the descriptions; None without.
        made: settings by which the links of another ontology are made alike; None where there are
            none: links of a folder, or texts by an encoder of the user's own.
    """

    name: str
    triples: Triples
    graph: KnowledgeGraph
    features: Tensor
    types: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    texts: Tensor | None = None
    made: MadeConfig | None = None


def graph_links(
    graph: KnowledgeGraph,
    *,
    text: EncoderLike | None = "minilm",
    cache: str | Path | None = None,
    seed: int = 0,
    name: str = "ontology",
) -> LinkData:
    """Graph -> its links, some held out at random; its texts and numbers describe the concepts.

    Args:
        graph: all its links are data.
        text: the text encoder; None leaves texts out.
        cache: folder that keeps the vectors of texts between calls.
        seed: of what is held out.
        name: what results call it.

    Raises:
        DataError: no link can be held out.
    """
    triples = graph_triples(graph).hold_out(HELD_OUT, most=MOST, seed=seed)
    triples = triples.hold_out(HELD_OUT, most=MOST, seed=seed, to="test")
    encoder = text_encoder(text)
    texts = text_vectors(concept_texts(graph), encoder, cache=cache) if encoder else None
    types = {iri: graph.types(iri) for iri in graph.concepts}
    is_named = text is None or isinstance(text, str | Path)
    made = MadeConfig(text=str(text or ""), seed=seed, name=name) if is_named else None
    features = graph_features(graph, texts)
    return _tested(LinkData(name, triples, graph, features, types, texts, made))


def read_links(
    folder: str | Path, *, text: EncoderLike | None = None, cache: str | Path | None = None
) -> LinkData:
    """Folder of triples -> its links; its texts and numbers describe the entities.

    Args:
        folder: as `read_triples`, `read_texts` and `read_numbers` describe it.
        text: the text encoder; None leaves texts out.
        cache: folder that keeps the vectors of texts between calls.

    Raises:
        DataError: the folder cannot be read, or has no test links.
    """
    triples, texts, numbers = read_triples(folder), read_texts(folder), read_numbers(folder)
    encoder = text_encoder(text)
    columns = [number_features(triples.entities, numbers)]
    if encoder and texts:
        columns.append(text_features(triples.entities, texts, encoder, cache=cache))
    graph = _described(texts if encoder else {}, numbers)
    features = torch.cat(columns, dim=1)
    return _tested(LinkData(Path(folder).name, triples, graph, features))


def _tested(data: LinkData) -> LinkData:
    if not len(data.triples.test):
        raise DataError(
            f"{data.name} has no links to test on",
            cure="give test.tsv, or a graph of which links can be held out",
        )
    return data


def _described(
    texts: Mapping[str, str], numbers: Mapping[tuple[str, str], float]
) -> KnowledgeGraph:
    """Texts and numbers of entities -> a graph of labels and numbers."""
    labels = [ox.Triple(_node(e), LABEL, ox.Literal(text)) for e, text in texts.items() if text]
    values = [
        ox.Triple(_node(entity), _node(attribute), ox.Literal(value))
        for (entity, attribute), value in numbers.items()
    ]
    return KnowledgeGraph([*labels, *values])


def _node(name: str) -> ox.NamedNode:
    """Name -> the IRI that it is, else one made of it."""
    try:
        return ox.NamedNode(name)
    except ValueError:
        return ox.NamedNode(f"urn:kgtransfer:{quote(name, safe='')}")
