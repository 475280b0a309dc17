"""A handful of classes that sort a graph's concepts: what a picture of them is coloured by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.knowledge.vocabulary import OWL, RDF, RDFS, SKOS, SUBCLASS_OF

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import TypeAlias

    from kgtransfer.knowledge.graph import KnowledgeGraph

    Path: TypeAlias = tuple[str, ...]  # from a root of the hierarchy down to a concept
    Groups: TypeAlias = dict[Path, list[Path]]  # path of a class -> paths of its concepts

__all__ = ["concept_classes"]

_LANGUAGES = (OWL, RDF, RDFS, SKOS)  # their classes say how a thing is written, not what it is
_UPWARD = (SUBCLASS_OF.value, SKOS + "broader")
_FEWEST, _LEAST_SHARE = 3, 0.02  # concepts of a class that is worth a name
_MOST_LEFT = 1 / 3  # of a class may fall into no part of it


def concept_classes(graph: KnowledgeGraph, iris: Sequence[str], most: int) -> Mapping[str, str]:
    """Concept -> class, for all concepts that fall into one of the `most` that tell them apart.

    Starts from the roots of the hierarchy (superclass, else broader concept, else type) and
    parts a class into those below it while it holds more than its share of the concepts, the
    largest first, unless that makes too many classes. So an ontology with a single root is
    coloured by what is below the root.

    Args:
        graph: knows what the concepts are.
        iris: the concepts.
        most: classes.
    """
    groups = _parted((), [_path(graph, iri) for iri in iris])
    least = max(_FEWEST, _LEAST_SHARE * len(iris))
    settled: set[Path] = set()
    while open_ := [head for head in groups if head not in settled]:
        head = max(open_, key=lambda head: len(groups[head]))
        settled.add(head)
        if _says_nothing(head) or len(groups[head]) * most > len(iris):
            finer = _merged(groups, head, least)
            left = len(finer.get(head, ()))
            if left <= _MOST_LEFT * len(groups[head]) and len(_named(finer, least)) <= most:
                groups = finer
    named = sorted(_named(groups, least), key=lambda head: -len(groups[head]))[:most]
    return {path[-1]: head[-1] for head in named for path in groups[head]}


def _path(graph: KnowledgeGraph, iri: str) -> Path:
    path = [iri]
    while (above := _above(graph, path[0])) is not None and above not in path:
        path.insert(0, above)
    return tuple(path)


def _above(graph: KnowledgeGraph, iri: str) -> str | None:
    for predicate in _UPWARD:
        if broader := [named for named in graph.named(iri, predicate) if named != iri]:
            return broader[0]
    types = graph.types(iri)
    own = [kind for kind in types if not kind.startswith(_LANGUAGES)]
    return next(iter(own or types), None)


def _parted(head: Path, members: Iterable[Path]) -> Groups:
    """The concepts of a class by the class below it; those that have none stay."""
    groups: Groups = {}
    for path in members:
        groups.setdefault(path[: len(head) + 1], []).append(path)
    return groups


def _merged(groups: Groups, head: Path, least: float) -> Groups:
    """The groups with one of them parted; parts too small for a name stay in it."""
    finer = {other: members for other, members in groups.items() if other != head}
    for part, members in _parted(head, groups[head]).items():
        finer.setdefault(part if len(members) >= least else head, []).extend(members)
    return finer


def _named(groups: Groups, least: float) -> list[Path]:
    large = (head for head, members in groups.items() if len(members) >= least)
    return [head for head in large if not _says_nothing(head)]


def _says_nothing(head: Path) -> bool:
    return head[-1].startswith(_LANGUAGES)
