"""Terms that standard vocabularies do not have.

What looks like a term of theirs and is none means nothing to any tool: `rdfs:subClasOf` places no
class.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from kgtransfer.knowledge.axioms.blank_nodes import concept_finder
from kgtransfer.knowledge.check.findings import Finding, Severity
from kgtransfer.knowledge.check.standards import TERMS
from kgtransfer.knowledge.vocabulary import DC, DCTERMS, RDF, SH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["SPACES", "UnknownTerm", "meant_term", "unknown_terms", "unknown_words"]

SPACES = tuple(space for _, space in TERMS)
"""The namespaces of standard vocabularies."""
DESCRIBING = (DC, DCTERMS, SH)
"""Vocabularies that nothing is inferred by: a term that they lack is a warning."""
LIKENESS = 0.7
"""How alike two names are, between 0 and 1, for one to be the other misspelt."""
NO_DOUBT = 0.85
"""The same, for it to be that one and no other."""
RDF_XML = frozenset(
    ("about", "ID", "resource", "Description", "parseType", "nodeID", "datatype", "li", "RDF")
)
"""Words of the syntax RDF/XML in the namespace of RDF, which are no terms."""


class UnknownTerm(NamedTuple):
    """A word of a standard vocabulary that it does not have.

    Attributes:
        iri: the word's IRI.
        user: a node that uses it, by its name.
        message: what is wrong.
        cure: what to write instead.
    """

    iri: str
    user: str
    message: str
    cure: str


def unknown_terms(graph: KnowledgeGraph) -> Iterator[Finding]:
    """Graph -> findings about terms that their vocabulary does not have, each named once.

    A finding is about the concept that uses the term, or about the term where none does.
    """
    words = list(unknown_words(graph))
    concept_of = concept_finder(graph) if words else str
    for iri, user, message, cure in words:
        severity: Severity = "warning" if iri.startswith(DESCRIBING) else "violation"
        concept = concept_of(user)
        about = iri if concept.startswith("_:") else concept
        yield Finding.of(graph, about, severity, message, cure)


def unknown_words(graph: KnowledgeGraph) -> Iterator[UnknownTerm]:
    """Graph -> the terms of standard vocabularies that these do not have, in order of `TERMS`."""
    users: dict[str, str] = {}
    for predicate in graph.predicates:
        for subject, obj in graph.statements(predicate):
            term = obj.datatype if isinstance(obj, ox.Literal) else obj
            for iri in (subject, predicate, term.value):
                if iri.startswith(SPACES):
                    users.setdefault(iri, subject)
    for (prefix, space), names in TERMS.items():
        for iri in sorted(iri for iri in users if iri.startswith(space)):
            name = iri.removeprefix(space)
            if name and name not in names and not (space == RDF and name.strip("_").isdecimal()):
                message = f"{prefix}:{name} is no term of the vocabulary {prefix}"
                yield UnknownTerm(iri, users[iri], message, _cure(prefix, space, name))


def _cure(prefix: str, space: str, name: str) -> str:
    if space == RDF and _is_rdf_xml(name):
        return "it is a word of the syntax RDF/XML: write the statement itself"
    suggestion = _meant(prefix, space, name)
    return f"did you mean {suggestion}?" if suggestion else "use a term that it has"


def _is_rdf_xml(name: str) -> bool:
    """Whether a name is a word of RDF/XML, in other letters too where no vocabulary has it."""
    if any(name in names for names in TERMS.values()):
        return name in RDF_XML
    return name.casefold() in map(str.casefold, RDF_XML)


def _meant(prefix: str, space: str, name: str) -> str:
    """Misspelt name -> the term that was likely meant, as `prefix:name`; empty where none is near.

    A term of the same name, written otherwise or in a sister vocabulary, comes before one that
    is spelt alike: `rdfs:type` is `rdf:type`.
    """
    own = {prefix: TERMS[prefix, space]}
    sisters = {vocabulary: names for (vocabulary, _), names in TERMS.items() if vocabulary != "sh"}
    for candidates, normalised in ((own, str.casefold), (sisters, str), (sisters, str.casefold)):
        for vocabulary, names in candidates.items():
            terms = {normalised(term): term for term in sorted(names)}
            if match := terms.get(normalised(name)):
                return f"{vocabulary}:{match}"
    for vocabulary, names in (own | sisters).items():
        if matches := get_close_matches(name, sorted(names), 1, LIKENESS):
            return f"{vocabulary}:{matches[0]}"
    return ""


def meant_term(iri: str) -> str | None:
    """IRI of a misspelt term -> the only one likely meant; None for a right one.

    It is close to one name of its vocabulary only, or is a name of one other vocabulary.
    """
    vocabularies = {space: names for (_, space), names in TERMS.items() if space not in DESCRIBING}
    space = next((space for space in vocabularies if iri.startswith(space)), None)
    if space is None:
        return None
    name, names = iri.removeprefix(space), vocabularies[space]
    if not name or name in names or (space == RDF and name.strip("_").isdecimal()):
        return None
    elsewhere = [other + name for other, terms in vocabularies.items() if name in terms]
    similar = get_close_matches(name, names, 3, LIKENESS)
    certain = get_close_matches(name, names, 3, NO_DOUBT)
    likely = elsewhere + [space + term for term in (certain if len(certain) == 1 else similar)]
    return likely[0] if len(likely) == 1 else None
