"""Modules of source code -> their API graph in RDF, in the vocabulary of `ontology/api.ttl`.

Docstrings of functions stay out: they are what held-out search queries are made of. Docstrings
of modules and classes enter as `rdfs:comment`, less every sentence that is to be withheld.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import pyoxigraph as ox

from kgtransfer.code.graphs.resolution import Names
from kgtransfer.code.languages.source import Definition
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.vocabulary import RDF_TYPE, RDFS, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kgtransfer.code.languages.source import SourceModule

__all__ = ["API", "CODE", "CodeLinks", "Link", "build_code_graph", "iri_of", "readable"]

API = "https://w3id.org/kgtransfer/api#"
CODE = "https://w3id.org/kgtransfer/"  # then the language, then the qualified name
PREFIXES = {"api": API, "rdfs": RDFS, "skos": SKOS}
SHORT = {"python": "py"}  # prefixes of languages, where not their names
KINDS = {"class": "Class", "function": "Function", "method": "Method"}
#: Relations of the vocabulary -> where a definition says them.
RELATIONS = {
    "calls": "calls",
    "raises": "raises",
    "extends": "bases",
    "hasType": "types",
    "returns": "returns",
    "decoratedBy": "decorators",
}
MAX_COMMENT = 600  # characters: about what a sentence encoder reads


def build_code_graph(
    modules: Iterable[SourceModule], *, withheld: Iterable[str] = ()
) -> KnowledgeGraph:
    """Modules -> their API graph.

    Args:
        modules: what `read_modules` gave.
        withheld: sentences (the held-out queries) that no comment of the graph may contain.
    """
    links = CodeLinks(list(modules), withheld)
    return KnowledgeGraph(links.triples(), links.prefixes)


def iri_of(qualified: str, language: str = "python") -> str:
    """A dotted name in a language -> its IRI."""
    return f"{CODE}{quote(language, safe='')}/{quote(qualified, safe='._-/')}"


def readable(name: str) -> str:
    """An identifier -> its words: `parseHTTPDate_2` -> `parse http date 2`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return re.sub(r"[\W_]+", " ", spaced).strip().lower()


class Link(NamedTuple):
    """What an entity is joined to: by which relation, and whether it lies outside the code base."""

    relation: str
    target: str
    external: bool = False


class CodeLinks:
    """Resolves names as written to the entities they mean, and writes the triples.

    What an entity says depends on itself and on its `links` alone: where both stay, so do its
    triples.

    Args:
        modules: what `read_modules` gave.
        withheld: sentences that no comment may contain.
    """

    def __init__(self, modules: Sequence[SourceModule], withheld: Iterable[str] = ()) -> None:
        self.modules = _one_a_name(modules)
        definitions = [d for m in modules for d in m.definitions]
        # Where a name is defined twice, as a class for one version and a function for another,
        # it is a class.
        definitions.sort(key=lambda d: d.kind == "class")
        self.definitions = {(d.language, d.qualified): d for d in definitions}
        self.withheld = {flat for sentence in withheld if (flat := _flat_text(sentence))}
        self._names = {
            language: Names(
                [m for m in self.modules if m.language == language],
                [d for d in self.definitions.values() if d.language == language],
                language,
            )
            for language in sorted({m.language for m in modules})
        }

    @property
    def languages(self) -> tuple[str, ...]:
        """Names of the languages of the code base."""
        return tuple(self._names)

    @property
    def prefixes(self) -> dict[str, str]:
        """Of the IRIs that its triples name."""
        spaces = {SHORT.get(name, name): f"{CODE}{name}/" for name in self.languages}
        return {**PREFIXES, **spaces}

    @property
    def scope(self) -> tuple[object, ...]:
        """All that names may mean: while it stays, the links of an entity that stays do."""
        return tuple((language, names.scope) for language, names in self._names.items())

    @property
    def entities(self) -> Iterator[SourceModule | Definition]:
        """All that the code base defines, modules first."""
        yield from self.modules
        yield from self.definitions.values()

    def triples(self) -> Iterator[ox.Triple]:
        """What all entities say; some say the same."""
        for entity in self.entities:
            yield from self.triples_of(entity, self.links(entity))

    def links(self, entity: SourceModule | Definition) -> tuple[Link, ...]:
        """What an entity is joined to, names resolved."""
        if isinstance(entity, Definition):
            return tuple(self._links_of_definition(entity))
        names, parent = self._names[entity.language], entity.name.rpartition(".")[0]
        above = [Link("partOf", parent)] if parent in names.imports else []
        return (*above, *(Link("imports", name) for name in names.imported_modules(entity)))

    def triples_of(
        self, entity: SourceModule | Definition, links: Iterable[Link]
    ) -> Iterator[ox.Triple]:
        """The triples of an entity with its links."""
        if isinstance(entity, Definition):
            name, kind, label = entity.qualified, KINDS[entity.kind], entity.name
            docstring = entity.docstring if entity.kind == "class" else ""
            parameters = entity.parameters
        else:
            name, kind, label, docstring = entity.name, "Module", entity.name, entity.docstring
            parameters = ()
        language = entity.language
        yield from self._entity(iri_of(name, language), kind, label, docstring)
        for parameter in parameters:
            iri = iri_of(f"parameter/{parameter}", language)
            yield from self._entity(iri, "Parameter", parameter)
        for relation, target, external in links:
            iri = iri_of(target, language)
            if external:
                yield from self._entity(iri, "External", target.rpartition(".")[2])
            yield ox.Triple(
                ox.NamedNode(iri_of(name, language)),
                ox.NamedNode(API + relation),
                ox.NamedNode(iri),
            )

    def _links_of_definition(self, d: Definition) -> Iterator[Link]:
        names = self._names[d.language]
        yield Link("partOf", names.parent_of(d))
        yield from (Link("hasParameter", f"parameter/{name}") for name in d.parameters)
        for relation, field in RELATIONS.items():
            for written in getattr(d, field):
                target = names.resolve(relation, written, d)
                if target and target != d.qualified:
                    yield Link(relation, target, target not in names.known)

    def _entity(self, iri: str, kind: str, label: str, docstring: str = "") -> Iterator[ox.Triple]:
        node = ox.NamedNode(iri)
        label = label or "_"
        yield ox.Triple(node, RDF_TYPE, ox.NamedNode(API + kind))
        yield ox.Triple(node, ox.NamedNode(RDFS + "label"), ox.Literal(label))
        if (words := readable(label)) != label:
            yield ox.Triple(node, ox.NamedNode(SKOS + "altLabel"), ox.Literal(words))
        comment = self._comment(docstring)
        if comment:
            yield ox.Triple(node, ox.NamedNode(RDFS + "comment"), ox.Literal(comment))

    def _comment(self, docstring: str) -> str:
        """The first paragraph, less the sentences that are withheld."""
        paragraph = " ".join(docstring.strip().partition("\n\n")[0].split())
        sentences = re.split(r"(?<=[.!?])\s+", paragraph)
        kept = " ".join(s for s in sentences if not self._holds_withheld(s))
        return "" if self._holds_withheld(kept) else kept[:MAX_COMMENT]

    def _holds_withheld(self, text: str) -> bool:
        flat = f" {_flat_text(text)} "
        return any(f" {sentence} " in flat for sentence in self.withheld)


def _one_a_name(modules: Iterable[SourceModule]) -> list[SourceModule]:
    """Modules, those of several files (packages of Java and Go) as one."""
    merged: dict[tuple[str, str], SourceModule] = {}
    for module in modules:
        key = (module.language, module.name)
        first = merged.setdefault(key, module)
        if first is not module:
            merged[key] = replace(
                first,
                docstring=first.docstring or module.docstring,
                imports={**module.imports, **first.imports},
                definitions=(*first.definitions, *module.definitions),
            )
    return list(merged.values())


def _flat_text(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()
