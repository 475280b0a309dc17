"""Python modules -> their API graph in RDF, in the vocabulary of `ontology/api.ttl`.

Docstrings of functions stay out: they are what held-out search queries are made of. Docstrings
of modules and classes enter as `rdfs:comment`, less every sentence that is to be withheld.
"""

from __future__ import annotations

import builtins
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import pyoxigraph as ox

from kgtransfer.code.languages.source import Definition
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.vocabulary import RDF_TYPE, RDFS, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kgtransfer.code.languages.source import SourceModule

__all__ = ["API", "PYTHON", "CodeLinks", "Link", "build_code_graph", "iri_of", "readable"]

API = "https://w3id.org/kgtransfer/api#"
PYTHON = "https://w3id.org/kgtransfer/python/"
PREFIXES = {"api": API, "py": PYTHON, "rdfs": RDFS, "skos": SKOS}
KINDS = {"class": "Class", "function": "Function", "method": "Method"}
MAX_COMMENT = 600  # characters: about what a sentence encoder reads


def build_code_graph(
    modules: Iterable[SourceModule], *, withheld: Iterable[str] = ()
) -> KnowledgeGraph:
    """Modules -> their API graph.

    Args:
        modules: what `read_modules` gave.
        withheld: sentences (the held-out queries) that no comment of the graph may contain.
    """
    return KnowledgeGraph(CodeLinks(list(modules), withheld).triples(), PREFIXES)


def iri_of(qualified: str) -> str:
    """A dotted Python name -> its IRI."""
    return PYTHON + quote(qualified, safe="._-/")


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
        self.modules = modules
        definitions = [d for m in modules for d in m.definitions]
        # Where a name is defined twice, as a class for one version and a function for another,
        # it is a class.
        definitions.sort(key=lambda d: d.kind == "class")
        self.definitions = {d.qualified: d for d in definitions}
        self.names = {m.name for m in modules} | self.definitions.keys()
        self.imports = {m.name: m.imports for m in modules}
        self.withheld = {flat for sentence in withheld if (flat := _flat_text(sentence))}
        self.methods: dict[str, list[str]] = {}
        for definition in self.definitions.values():
            if definition.kind == "method":
                self.methods.setdefault(definition.name, []).append(definition.qualified)

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
        parent = entity.name.rpartition(".")[0]
        above = [Link("partOf", parent)] if parent in self.names else []
        return (*above, *(Link("imports", name) for name in self._imported_modules(entity)))

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
        yield from self._entity(name, kind, label, docstring)
        for parameter in parameters:
            yield from self._entity(f"parameter/{parameter}", "Parameter", parameter)
        for relation, target, external in links:
            if external:
                yield from self._entity(target, "External", target.rpartition(".")[2])
            yield _link(name, relation, target)

    def _links_of_definition(self, d: Definition) -> Iterator[Link]:
        yield Link("partOf", d.parent)
        yield from (Link("hasParameter", f"parameter/{name}") for name in d.parameters)
        for relation, names in (("calls", d.calls), ("raises", d.raises), ("extends", d.bases)):
            for written in names:
                target = self._resolve(written, d)
                if target and target != d.qualified and self._fits(relation, target):
                    yield Link(relation, target, target not in self.names)

    def _entity(
        self, qualified: str, kind: str, label: str, docstring: str = ""
    ) -> Iterator[ox.Triple]:
        node = ox.NamedNode(iri_of(qualified))
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

    def _imported_modules(self, module: SourceModule) -> list[str]:
        names = {
            target if target in self.imports else target.rpartition(".")[0]
            for target in module.imports.values()
        }
        return sorted(name for name in names if name in self.imports and name != module.name)

    def _resolve(self, written: str, at: Definition) -> str | None:
        """The qualified name that `written` means inside `at`, or None where it is unclear."""
        head, _, rest = written.partition(".")
        if head in ("self", "cls"):
            return self._method(rest, at.parent)
        if not head:  # a call on an expression: its method, if only one class has it
            return self._only_method(rest)
        for scope in (at.parent, at.module):
            if f"{scope}.{head}" in self.names:
                return self._deepest(f"{scope}.{written}")
        if head in self.imports[at.module]:
            return self._deepest(f"{self.imports[at.module][head]}.{rest}".rstrip("."))
        if not rest and hasattr(builtins, head):
            return f"builtins.{head}"
        return self._only_method(rest)

    def _fits(self, relation: str, target: str) -> bool:
        """Only classes are raised and extended; `raise make_error()` names a function."""
        definition = self.definitions.get(target)
        return relation == "calls" or definition is None or definition.kind == "class"

    def _deepest(self, qualified: str) -> str:
        """`json.load` -> `json.load`; a package's re-export -> what it was imported from."""
        parent, _, name = qualified.rpartition(".")
        seen = set[str]()
        while qualified not in self.names and name in self.imports.get(parent, {}):
            if qualified in seen:
                break
            seen.add(qualified)
            qualified = self.imports[parent][name]
            parent, _, name = qualified.rpartition(".")
        return qualified

    def _method(self, name: str, cls: str) -> str | None:
        """A method of a class or of the nearest of its bases that is known."""
        pending, seen = [cls], set[str]()
        while pending:
            owner = pending.pop(0)
            if f"{owner}.{name}" in self.definitions:
                return f"{owner}.{name}"
            definition = self.definitions.get(owner)
            if definition is None or owner in seen:
                continue
            seen.add(owner)
            bases = (self._resolve(base, definition) for base in definition.bases)
            pending += [base for base in bases if base]
        return self._only_method(name.rpartition(".")[2])

    def _only_method(self, dotted: str) -> str | None:
        owners = self.methods.get(dotted.rpartition(".")[2], [])
        return owners[0] if len(owners) == 1 else None


def _link(head: str, relation: str, tail: str) -> ox.Triple:
    return ox.Triple(
        ox.NamedNode(iri_of(head)), ox.NamedNode(API + relation), ox.NamedNode(iri_of(tail))
    )


def _flat_text(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()
