"""`diff`: which concepts two ontologies describe differently, and how, in words.

Concepts are matched by IRI and compared by structure, so that what a serialiser may change
(order, prefixes, names of blank nodes, syntax) is no difference.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from kgtransfer.knowledge.diff.descriptions import Descriptions
from kgtransfer.knowledge.diff.differences import Change, Concept, Diff, Difference
from kgtransfer.knowledge.diff.renames import renamed, renames
from kgtransfer.knowledge.diff.revisions import read_side
from kgtransfer.knowledge.diff.sentences import Sentences
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.terms import node_name
from kgtransfer.knowledge.wording import Detail

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from kgtransfer.knowledge.diff.descriptions import Statement

__all__ = ["diff"]

Words: TypeAlias = "Sequence[tuple[Sentences, Sentences]]"
"""Per detail, how the old and the new graph put things into words."""
CountedStatement: TypeAlias = "tuple[Statement, str]"
"""A statement, and how many of how many that say the same are meant."""


def diff(
    old: KnowledgeGraph | str | Path, new: KnowledgeGraph | str | Path, *, base: str = ""
) -> Diff:
    """Two ontologies -> the concepts that differ, and how.

    Args:
        old: a graph; or a file, folder, archive, folder of a saved run, or `REVISION:path` of the
            git repository around the current folder.
        new: the same.
        base: what relative IRIs are relative to, as for `read_ontology`.

    Raises:
        OntologyError: a side cannot be read.
    """
    old_graph, new_graph = (
        side if isinstance(side, KnowledgeGraph) else read_side(side, base) for side in (old, new)
    )
    if old_graph == new_graph:
        return Diff((), (), (), len(new_graph.concepts))
    names = renames(old_graph, new_graph)
    before, after = Descriptions(renamed(old_graph, names)), Descriptions(new_graph)
    concepts = before.concepts(_only_in(before, after)) | after.concepts(_only_in(after, before))
    in_old, in_new = ({c for c in concepts if side.statements(c)} for side in (before, after))
    words = [(Sentences(before.graph, detail), Sentences(after.graph, detail)) for detail in Detail]
    changed = tuple(change for c in in_old & in_new if (change := _change(c, before, after, words)))
    alike = set(before.graph.concepts) & set(after.graph.concepts)
    return Diff(
        added=_only(after, in_new - in_old, before, in_old - in_new),
        removed=_only(before, in_old - in_new, after, in_new - in_old),
        changed=tuple(sorted(changed, key=lambda change: change.concept[::-1])),
        unchanged=len(alike.difference(change.concept.iri for change in changed)),
        renamed=tuple(names.items()),
    )


def _only_in(side: Descriptions, other: Descriptions) -> set[str]:
    """Names of the subjects of the triples that the other side lacks."""
    return {node_name(t.subject) for t in set(side.graph.triples).difference(other.graph.triples)}


def _only(
    side: Descriptions, nodes: Iterable[str], other: Descriptions, others: Iterable[str]
) -> tuple[Concept, ...]:
    """The nodes that only one side describes; unnamed ones are matched by what is said of them."""
    alike = Counter(map(other.graph.structure, others))
    only_here = Counter(
        Concept(structure, label)
        for structure, label in ((side.graph.structure(n), side.graph.label(n)) for n in nodes)
    )
    for concept in only_here:
        only_here[concept] -= alike[concept.iri]
    return tuple(sorted(only_here.elements(), key=lambda concept: concept[::-1]))


def _change(concept: str, before: Descriptions, after: Descriptions, words: Words) -> Change | None:
    old, new = before.statements(concept), after.statements(concept)
    if old == new:
        return None
    old_words, new_words = words[Detail.LABELS]
    topics: dict[str, tuple[list[CountedStatement], list[CountedStatement]]] = {}
    for side, (only, wording) in enumerate(((old - new, old_words), (new - old, new_words))):
        for statement, count in only.items():
            total = max(old[statement], new[statement])
            alike = f" ({count} of {total} alike)" if total > 1 else ""
            sides = topics.setdefault(wording.sentence(statement)[0], ([], []))
            sides[side].append((statement, alike))
    label = (after.graph if concept in after.graph.rows else before.graph).label(concept)
    differences = (_difference(topic, *topics[topic], words) for topic in sorted(topics))
    return Change(Concept(concept, label), tuple(differences))


def _difference(
    topic: str, removed: Sequence[CountedStatement], added: Sequence[CountedStatement], words: Words
) -> Difference:
    """The two sides in the first words that tell all of the statements apart."""
    before, after = set[str](), set[str]()
    for old, new in words:
        before = {old.sentence(statement)[1] + alike for statement, alike in removed}
        after = {new.sentence(statement)[1] + alike for statement, alike in added}
        if len(before | after) == len(removed) + len(added):
            break
    return Difference(topic, tuple(sorted(before)), tuple(sorted(after)))
