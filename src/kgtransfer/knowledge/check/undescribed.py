"""Terms that are used and described nowhere: misspelt ones, and ones that were forgotten."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.knowledge.axioms.blank_nodes import concept_finder
from kgtransfer.knowledge.check.findings import Finding
from kgtransfer.knowledge.check.spelling import OBO, misspelt, namespaces
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.knowledge.vocabulary import KGT, OWL
from kgtransfer.utils.resources import bundled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["STANDARD", "undescribed"]

STANDARD = (
    "http://www.w3.org/",
    "http://purl.org/dc/",
    "http://purl.org/vocab/vann/",
    "http://xmlns.com/foaf/",
    "http://schema.org/",
    "https://schema.org/",
    "http://www.geneontology.org/formats/oboInOwl#",
    OBO + "IAO_",
)
"""Vocabularies that others define: an ontology may speak of their terms without owning them."""
REGISTERED = re.compile(
    r"https?://((www\.)?(orcid|doi|dx\.doi|ror|wikidata|creativecommons|identifiers|viaf|isni)\.org"
    r"|(\w+\.)?(wikipedia\.org|github\.com|geonames\.org))/|mailto:|urn:|tel:"
)
"""People, documents and places that a registry names: nobody describes them anew."""
BETWEEN_ONTOLOGIES = frozenset(
    OWL + name
    for name in (
        *("imports", "versionIRI", "priorVersion", "backwardCompatibleWith", "incompatibleWith"),
    )
)
"""Predicates whose objects are ontologies rather than terms."""
MAX_SUGGESTIONS = 50
"""Undescribed terms that get a suggestion: each is compared with many described ones."""
KIND = "a term is described nowhere"


def undescribed(graph: KnowledgeGraph) -> Iterator[Finding]:
    """Graph -> warnings about used terms that it does not describe, in its own namespaces.

    Not asked of: terms of standard vocabularies and of registries, what an OBO file names without
    a number (its subsets and the like), and an OBO namespace of which most is described elsewhere.
    """
    users = _users(graph)
    described = {*graph.rows, *_own_vocabulary(users)}
    namespace, spaces = namespaces(graph), dict[str, list[str]]()
    for iri in described:
        if not iri.startswith(STANDARD):
            spaces.setdefault(namespace(iri), []).append(iri)
    missing = [iri for iri in sorted(users) if iri not in described and namespace(iri) in spaces]
    missing_counts = Counter(map(namespace, missing))
    concept_of = concept_finder(graph) if missing else str
    for count, iri in enumerate(missing):
        space = namespace(iri)
        suggestion = misspelt(iri, spaces[space], len(space)) if count < MAX_SUGGESTIONS else ""
        elsewhere = space.startswith(OBO) and missing_counts[space] > len(spaces[space])
        if suggestion or not (elsewhere or _is_foreign(iri)):
            yield _finding(graph, iri, [concept_of(node) for node in users[iri]], suggestion)


def _users(graph: KnowledgeGraph) -> Mapping[str, Sequence[str]]:
    """Term that is no subject -> the nodes that use it, as predicate or object."""
    users: dict[str, list[str]] = {}
    for predicate in set(graph.predicates) - BETWEEN_ONTOLOGIES:
        is_row = predicate in graph.rows
        for subject, obj in graph.statements(predicate):
            if not is_row:
                users.setdefault(predicate, []).append(subject)
            if isinstance(obj, ox.NamedNode) and obj.value not in graph.rows:
                users.setdefault(obj.value, []).append(subject)
    return {iri: sorted(nodes) for iri, nodes in users.items()}


def _is_foreign(iri: str) -> bool:
    """Whether a term is one of a registry, or has no number in OBO's namespace."""
    if REGISTERED.match(iri):
        return True
    return iri.startswith(OBO) and not re.match(r"\w+_\d", iri.removeprefix(OBO))


def _own_vocabulary(used: Iterable[str]) -> Sequence[str]:
    """Used IRIs -> the terms of our own vocabulary, where it is used and not held."""
    if not any(iri.startswith(KGT) for iri in used):
        return ()
    return read_ontology(bundled("ontology/kgt.ttl")).concepts


def _finding(graph: KnowledgeGraph, iri: str, users: Sequence[str], suggestion: str) -> Finding:
    concepts = [user for user in dict.fromkeys(users) if user in graph.rows]
    more = f" and {len(concepts) - 1} more" if len(concepts) > 1 else ""
    users_text = f", used by {graph.label(concepts[0])}{more}," if concepts else ""
    message = f"the term {graph.compact(iri)}{users_text} is described nowhere"
    cure = "describe it with a type and an rdfs:label"
    if suggestion:
        cure = f"did you mean {graph.compact(suggestion)}? else {cure}"
    return Finding.of(graph, concepts[0] if concepts else iri, "warning", message, cure, KIND)
