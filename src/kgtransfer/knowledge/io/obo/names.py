"""OBO identifiers -> IRIs (OBO Flat File Format 1.4, section 5.9)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

import fastobo
import pyoxigraph as ox

from kgtransfer.knowledge.vocabulary import OBO_IN_OWL, OWL, RDF, RDFS, XSD

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["OBO", "STANDARD", "Names", "names_of", "valid_iri"]

OBO = "http://purl.obolibrary.org/obo/"
STANDARD: Mapping[str, str] = {
    "obo": OBO,
    "oboInOwl": OBO_IN_OWL,
    "owl": OWL,
    "rdf": RDF,
    "rdfs": RDFS,
    "xsd": XSD,
}
"""Prefixes that OBO files use without declaring them."""
UNNAMED = "TEMP"
"""Stands for the ontology's name in a file that gives none."""


def valid_iri(iri: str, written: str) -> ox.NamedNode:
    """Text of an IRI -> the IRI; `written` is how the file writes it.

    Raises:
        ValueError: it is no valid IRI; the message quotes what is written.
    """
    try:
        return ox.NamedNode(iri)
    except ValueError:
        raise ValueError(f"'{written}' stands for no valid IRI") from None


@dataclass(frozen=True)
class Names:
    """How one OBO file names things.

    Attributes:
        ontology: the ontology's name; an identifier without prefix is local to it.
        spaces: prefixes that the file declares, with their namespaces.
        shorthands: relation without prefix -> the identifier that it abbreviates.
        metadata: IRIs of the relations that are annotations, not axioms.
        class_level: IRIs of the relations that hold of classes themselves.
    """

    ontology: str
    spaces: Mapping[str, str]
    shorthands: Mapping[str, fastobo.id.PrefixedIdent]
    metadata: frozenset[str] = frozenset()
    class_level: frozenset[str] = frozenset()
    _known: dict[str, ox.NamedNode] = field(default_factory=dict, repr=False, compare=False)
    _prefixes: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def iri(self, ident: fastobo.id.BaseIdent) -> ox.NamedNode:
        """Identifier -> IRI.

        Raises:
            ValueError: it stands for no valid IRI; the message quotes the identifier.
        """
        key = str(ident)
        if key not in self._known:
            self._known[key] = valid_iri(self._expanded(ident), key)
        return self._known[key]

    @property
    def prefixes(self) -> Mapping[str, str]:
        """Prefix -> namespace of the identifiers met so far: `CL` -> `.../obo/CL_`."""
        return {**STANDARD, **self.spaces, **self._prefixes}

    def _expanded(self, ident: fastobo.id.BaseIdent) -> str:
        if isinstance(ident, fastobo.id.UnprefixedIdent):
            name = ident.unescaped
            if name in self.shorthands:
                return self._expanded(self.shorthands[name])
            return f"{OBO}{quote(self.ontology)}#{quote(name)}"
        if isinstance(ident, fastobo.id.PrefixedIdent):
            local = quote(ident.local)
            if ident.prefix in self.spaces:
                return self.spaces[ident.prefix] + local
            if ident.prefix in STANDARD:
                return STANDARD[ident.prefix] + local
            space = f"{OBO}{quote(ident.prefix)}_"
            if "_" in ident.local:
                return f"{OBO}{quote(ident.prefix)}#_{local}"
            self._prefixes[ident.prefix] = space
            return space + local
        return str(ident)


def names_of(document: fastobo.doc.OboDoc) -> Names:
    """Parsed OBO file -> how it names things, by its header and its relations."""
    ontology, spaces = UNNAMED, dict[str, str]()
    for clause in document.header:
        if isinstance(clause, fastobo.header.OntologyClause):
            ontology = clause.ontology
        elif isinstance(clause, fastobo.header.IdspaceClause):
            spaces[str(clause.prefix)] = str(clause.url)
    typedefs = [frame for frame in document if isinstance(frame, fastobo.typedef.TypedefFrame)]
    shorthands = {
        frame.id.unescaped: full
        for frame in typedefs
        if isinstance(frame.id, fastobo.id.UnprefixedIdent) and (full := _abbreviated(frame))
    }
    names = Names(ontology, spaces, shorthands)
    metadata, class_level = (
        frozenset(names.iri(frame.id).value for frame in typedefs if _says(frame, tag))
        for tag in ("is_metadata_tag", "is_class_level")
    )
    return Names(ontology, spaces, shorthands, metadata, class_level)


def _says(frame: fastobo.typedef.TypedefFrame, tag: str) -> bool:
    return any(clause.raw_tag() == tag and clause.raw_value() == "true" for clause in frame)


def _abbreviated(frame: fastobo.typedef.TypedefFrame) -> fastobo.id.PrefixedIdent | None:
    """Relation such as `part_of` -> what it abbreviates: its first reference to an OBO id."""
    for clause in frame:
        if isinstance(clause, fastobo.typedef.XrefClause):
            ident = clause.xref.id
            if isinstance(ident, fastobo.id.PrefixedIdent) and re.fullmatch(r"\d+", ident.local):
                return ident
    return None
