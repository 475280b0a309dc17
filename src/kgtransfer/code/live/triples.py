"""What a code base and people say of it, as triples that are changed edit by edit."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from kgtransfer.code.graphs.api import API, CodeLinks, Link
from kgtransfer.code.languages.source import Definition
from kgtransfer.knowledge.graph import KnowledgeGraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kgtransfer.code.languages.source import SourceModule
    from kgtransfer.code.verbalisers.base import Step

__all__ = ["Change", "LiveTriples"]


class _Said(NamedTuple):
    """An entity, its links, and the triples that follow from both."""

    entity: SourceModule | Definition
    links: tuple[Link, ...]
    triples: tuple[ox.Triple, ...]


class Change(NamedTuple):
    """The triples that an edit removes and adds."""

    removed: tuple[ox.Triple, ...]
    added: tuple[ox.Triple, ...]

    @property
    def subjects(self) -> set[str]:
        """IRIs of what something else is said of than before."""
        triples = (*self.removed, *self.added)
        return {t.subject.value for t in triples if isinstance(t.subject, ox.NamedNode)}


class LiveTriples:
    """The graph of a code base beside what people wrote.

    Args:
        written: vocabulary, comments, synonyms; it stays.
    """

    def __init__(self, written: KnowledgeGraph) -> None:
        self._written = written
        self._store = ox.Store()
        self._sayers = Counter(written.triples)  # how many say it: a triple goes with the last
        self._said: dict[tuple[bool, str, str], _Said] = {}
        self._scope: tuple[object, ...] = ()
        self._prefixes: dict[str, str] = {}
        self._store.extend(ox.Quad(*triple) for triple in written.triples)

    def change(self, modules: Sequence[SourceModule]) -> Change:
        """Take the modules of now; what they say else than those before.

        Names are resolved anew where what they may mean has changed; triples are written only for
        entities that changed, or whose links did.
        """
        links = CodeLinks(modules)
        stays = links.scope == self._scope
        before, self._said = self._said, {}
        self._scope, self._prefixes = links.scope, links.prefixes
        counts: Counter[ox.Triple] = Counter()
        for entity in links.entities:
            key = _key(entity)
            known = before.pop(key, None)
            is_same = known is not None and (known.entity is entity or known.entity == entity)
            if known is None or not (is_same and stays):
                linked = links.links(entity)
                if known is None or not is_same or known.links != linked:
                    counts.subtract(known.triples if known else ())
                    known = _Said(entity, linked, tuple(links.triples_of(entity, linked)))
                    counts.update(known.triples)
            self._said[key] = known
        for gone in before.values():
            counts.subtract(gone.triples)
        return self._change(counts)

    def _change(self, counts: Mapping[ox.Triple, int]) -> Change:
        removed, added = [], []
        for triple, count in counts.items():
            if not count:
                continue
            before = self._sayers[triple]
            self._sayers[triple] = before + count
            if not before:
                added.append(triple)
            elif not before + count:
                removed.append(triple)
                del self._sayers[triple]
        return Change(tuple(removed), tuple(added))

    def apply(self, change: Change) -> None:
        """Let what `change` gave hold from now on."""
        for triple in change.removed:
            self._store.remove(ox.Quad(*triple))
        self._store.extend(ox.Quad(*triple) for triple in change.added)

    @property
    def graph(self) -> KnowledgeGraph:
        """All of it as a snapshot."""
        prefixes = {**self._written.prefixes, **self._prefixes}
        return KnowledgeGraph((quad.triple for quad in self._store), prefixes)

    def about(self, nodes: Iterable[ox.NamedNode]) -> KnowledgeGraph:
        """All that is said of some nodes as a snapshot."""
        quads = (q for node in nodes for q in self._store.quads_for_pattern(node, None, None, None))
        return KnowledgeGraph(quad.triple for quad in quads)

    def along(self, step: Step, node: ox.NamedNode) -> Iterator[ox.NamedNode]:
        """The nodes that a step of a path leads to from a node."""
        relation = ox.NamedNode(API + step.relation)
        if step.inverse:
            yield from self._subjects(relation, node)
        else:
            yield from self._objects(node, relation)

    def against(self, step: Step, node: ox.NamedNode) -> Iterator[ox.NamedNode]:
        """The nodes from which a step leads to a node."""
        relation = ox.NamedNode(API + step.relation)
        if step.inverse:
            yield from self._objects(node, relation)
        else:
            yield from self._subjects(relation, node)

    def _subjects(self, relation: ox.NamedNode, node: ox.NamedNode) -> Iterator[ox.NamedNode]:
        for quad in self._store.quads_for_pattern(None, relation, node, None):
            if isinstance(quad.subject, ox.NamedNode):
                yield quad.subject

    def _objects(self, node: ox.NamedNode, relation: ox.NamedNode) -> Iterator[ox.NamedNode]:
        for quad in self._store.quads_for_pattern(node, relation, None, None):
            if isinstance(quad.object, ox.NamedNode):
                yield quad.object


def _key(entity: SourceModule | Definition) -> tuple[bool, str, str]:
    if isinstance(entity, Definition):
        return False, entity.language, entity.qualified
    return True, entity.language, entity.name
