"""RDF -> OBO 1.4, for graphs that came from OBO: the inverse of `reader`.

What is written here is a part of what OBO can say; the caller reads it again and refuses what is
not the same.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import pyoxigraph as ox

from kgtransfer.knowledge.axioms.annotations import FRAME, annotated_statements
from kgtransfer.knowledge.io.obo.escapes import as_identifier, quoted, unquoted
from kgtransfer.knowledge.io.obo.names import OBO, STANDARD
from kgtransfer.knowledge.io.obo.tags import (
    CHARACTERISTICS,
    IDENTIFIERS,
    KINDS,
    LIMITS,
    LINKS,
    ORDER,
    QUOTED,
    SCOPES,
    TEXTS,
)
from kgtransfer.knowledge.terms import Term, node_name
from kgtransfer.knowledge.vocabulary import OBO_IN_OWL, OWL, RDF_TYPE, RDFS, SUBCLASS_OF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["write_obo"]

XREF, LABEL, SYNONYM_TYPE = OBO_IN_OWL + "hasDbXref", RDFS + "label", OBO_IN_OWL + "hasSynonymType"
Notes = list[tuple[str, Term]]


def write_obo(graph: KnowledgeGraph) -> bytes:
    """Graph -> OBO, as far as this writer can say it."""
    writer = _Writer(graph)
    frames = sorted(iri for iri, _ in graph.statements(OBO_IN_OWL + "id"))
    parts = [writer.header(), *(writer.frame(iri) for iri in frames)]
    return "\n".join(part for part in parts if part).encode()


class _Writer:
    def __init__(self, graph: KnowledgeGraph) -> None:
        self.graph = graph
        self.ids = {
            iri: ident.value
            for iri, ident in graph.statements(OBO_IN_OWL + "id")
            if isinstance(ident, ox.Literal)
        }
        ontologies = graph.instances(OWL + "Ontology")
        self.ontology = unquote("".join(ontologies[:1]).removeprefix(OBO).removesuffix(".owl"))
        self.notes: dict[tuple[str, str, Term], list[Notes]] = {}
        for node, subject, predicate, obj in annotated_statements(graph):
            description = graph.description(node).items()
            notes = [(p, o) for p, objects in description if p not in FRAME for o in objects]
            self.notes.setdefault((subject, predicate, obj), []).append(notes)

    def header(self) -> str:
        lines = list[str]()
        for iri in self.graph.instances(OWL + "Ontology"):
            lines += sorted(self._header_lines(iri), key=lambda line: not line.startswith("format"))
        for prefix, space in sorted(self.graph.prefixes.items()):
            if prefix not in STANDARD and space != f"{OBO}{prefix}_" and prefix:
                lines.append(f"idspace: {prefix} {space}")
        for tag in ("subset", "synonymtype"):
            kind = OBO_IN_OWL + ("SubsetProperty" if tag == "subset" else "SynonymTypeProperty")
            for iri in self.graph.subjects(RDFS + "subPropertyOf", kind):
                texts = self.graph.objects(iri, RDFS + ("comment" if tag == "subset" else "label"))
                words = [f"{tag}def: {self.ident(iri)} {quoted(_value(texts))}"]
                words += [SCOPES[s] for s in self.graph.named(iri, OBO_IN_OWL + "hasScope")]
                lines.append(" ".join(words))
        return "".join(f"{line}\n" for line in lines)

    def _header_lines(self, ontology: str) -> Iterator[str]:
        name = unquote(ontology.removeprefix(OBO).removesuffix(".owl"))
        yield f"ontology: {name}"
        for predicate, objects in self.graph.description(ontology).items():
            for obj in objects:
                value = unquoted(node_name(obj) if isinstance(obj, ox.NamedNode) else obj.value)
                tag = predicate.removeprefix(OBO_IN_OWL)
                if predicate == OBO_IN_OWL + "hasOBOFormatVersion":
                    yield f"format-version: {value}"
                elif predicate == OWL + "versionIRI":
                    version = value.removeprefix(f"{OBO}{name}/").removesuffix(f"/{name}.owl")
                    yield f"data-version: {unquote(version)}"
                elif predicate == OWL + "imports":
                    yield f"import: {value}"
                elif predicate == RDFS + "comment":
                    yield f"remark: {value}"
                elif tag != predicate:
                    yield f"{tag}: {value}"
                elif predicate != RDF_TYPE.value:
                    yield self._property_value(predicate, obj)

    def frame(self, iri: str) -> str:
        kinds = [KINDS[kind] for kind in self.graph.types(iri) if kind in KINDS]
        lines = [
            self._qualified(line, notes)
            for predicate, objects in self.graph.description(iri).items()
            for obj in objects
            for notes in self.notes.get((iri, predicate, obj), [[]])
            for line in self._clauses(iri, predicate, obj, notes)
        ]
        rank = {tag: place for place, tag in enumerate(ORDER)}
        lines.sort(key=lambda line: rank.get(line.partition(":")[0], len(ORDER)))  # stable
        head = f"[{kinds[0] if kinds else 'Term'}]\nid: {self.ident(iri)}\n"
        return head + "".join(f"{line}\n" for line in lines)

    def _clauses(self, iri: str, predicate: str, obj: Term, notes: Notes) -> Iterator[str]:
        if predicate == RDF_TYPE.value:
            if node_name(obj) in CHARACTERISTICS:
                yield f"{CHARACTERISTICS[node_name(obj)]}: true"
            elif node_name(obj) not in KINDS:
                yield f"is_a: {self.ident(node_name(obj))}"
        elif predicate in (OBO_IN_OWL + "id", OBO_IN_OWL + "shorthand"):
            return
        elif isinstance(obj, ox.BlankNode):
            yield from self._expression(iri, predicate, obj)
        elif isinstance(obj, ox.NamedNode):
            yield self._link(predicate, obj)
        else:
            yield self._text(predicate, obj, notes)

    def _link(self, predicate: str, obj: ox.NamedNode) -> str:
        if predicate in LINKS:
            return f"{LINKS[predicate]}: {self.ident(obj.value)}"
        if predicate in self.ids:
            return f"relationship: {self.ident(predicate)} {self.ident(obj.value)}"
        return self._property_value(predicate, obj)

    def _text(self, predicate: str, obj: ox.Literal, notes: Notes) -> str:
        value = obj.value
        if predicate in TEXTS:
            return f"{TEXTS[predicate]}: {unquoted(value)}"
        if predicate in IDENTIFIERS:
            return f"{IDENTIFIERS[predicate]}: {as_identifier(value)}"
        if predicate in QUOTED:
            return f"{QUOTED[predicate]}: {quoted(value)} {_xrefs(notes)}"
        if predicate in SCOPES:
            kinds = [self.ident(node_name(o)) for p, o in notes if p == SYNONYM_TYPE]
            words = [f"synonym: {quoted(value)}", SCOPES[predicate], *kinds, _xrefs(notes)]
            return " ".join(words)
        if predicate == XREF:
            labels = [f" {quoted(o.value)}" for p, o in notes if p == LABEL]
            return f"xref: {as_identifier(value)}{''.join(labels)}"
        tag = predicate.removeprefix(OBO_IN_OWL)
        if tag != predicate and tag.islower():
            return f"{tag}: {unquoted(value)}"
        return self._property_value(predicate, obj)

    def _property_value(self, predicate: str, obj: Term) -> str:
        relation = self.ident(predicate)
        if isinstance(obj, ox.Literal):
            return (
                f"property_value: {relation} {quoted(obj.value)} {self.ident(obj.datatype.value)}"
            )
        return f"property_value: {relation} {self.ident(node_name(obj))}"

    def _expression(self, iri: str, predicate: str, node: ox.BlankNode) -> Iterator[str]:
        """A restriction as a relationship; an intersection or union as a line for each part."""
        name, graph = str(node), self.graph
        if predicate == SUBCLASS_OF.value:
            yield f"relationship: {self._related(node)}"
        elif predicate == OWL + "propertyChainAxiom":
            chain = [node_name(member) for member in graph.members(name)]
            if chain[:1] == [iri]:
                yield f"transitive_over: {self.ident(chain[1])}"
            else:
                yield f"holds_over_chain: {' '.join(map(self.ident, chain))}"
        else:
            for tag, connective in (("intersection_of", "intersectionOf"), ("union_of", "unionOf")):
                for head in graph.objects(name, OWL + connective):
                    members = graph.members(node_name(head))
                    yield from (f"{tag}: {self._related(member)}" for member in members)

    def _related(self, part: Term) -> str:
        if isinstance(part, ox.NamedNode):
            return self.ident(part.value)
        values = {p.removeprefix(OWL): o[0] for p, o in self.graph.description(str(part)).items()}
        relation = node_name(values.get("onProperty"))
        for name, key in LIMITS.items():
            if name in values and "onClass" in values:
                number = f' {{{key}="{_value((values[name],))}"}}'
                return f"{self.ident(relation)} {self.ident(node_name(values['onClass']))}{number}"
        for name, shape in (("someValuesFrom", ""), ("hasValue", ""), ("allValuesFrom", _ONLY)):
            if name in values:
                return f"{self.ident(relation)} {self.ident(node_name(values[name]))}{shape}"
        return self.ident(str(part))

    def ident(self, iri: str) -> str:
        """IRI -> its identifier: its own, or the one that it is made from."""
        if iri in self.ids:
            return as_identifier(self.ids[iri])
        if iri.startswith(f"{OBO}{quote(self.ontology)}#"):
            return as_identifier(unquote(iri.partition("#")[2]))
        if prefixed := re.fullmatch(f"{re.escape(OBO)}([^#]+)#_(.+)", iri):
            return f"{unquote(prefixed[1])}:{as_identifier(unquote(prefixed[2]))}"
        for prefix, space in sorted(self.graph.prefixes.items(), key=lambda pair: -len(pair[1])):
            if prefix and iri.startswith(space) and iri != space:
                return f"{prefix}:{as_identifier(unquote(iri.removeprefix(space)))}"
        match = re.fullmatch(f"{re.escape(OBO)}([^_#/]+)_([^#/]+)", iri)
        return f"{match[1]}:{as_identifier(unquote(match[2]))}" if match else iri

    @staticmethod
    def _qualified(line: str, notes: Notes) -> str:
        tag = line.partition(":")[0]
        included = {SYNONYM_TYPE} if tag == "synonym" else {LABEL} if tag == "xref" else set[str]()
        if tag in ("synonym", *QUOTED.values()):
            included = included | {XREF}
        qualifiers = sorted(
            f"{p.removeprefix(OBO_IN_OWL)}={quoted(_value((o,)))}"
            for p, o in notes
            if p not in included
        )
        if not qualifiers:
            return line
        if line.endswith("}"):  # what shapes a clause stands among its qualifiers
            return f"{line[:-1]}, {', '.join(qualifiers)}}}"
        return f"{line.removesuffix(' ')} {{{', '.join(qualifiers)}}}"


_ONLY = ' {all_only="true"}'


def _value(terms: Iterable[Term]) -> str:
    """Terms -> the text of the first one; empty for none."""
    values = [term.value for term in terms]
    return values[0] if values else ""


def _xrefs(notes: Notes) -> str:
    return f"[{', '.join(sorted(as_identifier(_value((o,))) for p, o in notes if p == XREF))}]"
