"""IRIs as short names, `prefix__local`, and back: the SHORTEN mode of neosemantics."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from kgtransfer.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kgtransfer.store.base import Params, Row

__all__ = ["WELL_KNOWN", "Names", "stored_prefixes"]

# These always have the same names in every store, whatever prefixes a file binds, so that
# queries that use them can be written once.
WELL_KNOWN: Mapping[str, str] = MappingProxyType(
    {
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "sh": "http://www.w3.org/ns/shacl#",
        "prov": "http://www.w3.org/ns/prov#",
        "dc": "http://purl.org/dc/elements/1.1/",
        "dct": "http://purl.org/dc/terms/",
        "sch": "http://schema.org/",
        "kgt": "https://w3id.org/kgtransfer/ns#",
        "api": "https://w3id.org/kgtransfer/api#",
    }
)
LONGEST = 60_000
"""Most bytes of a label's, property's or relationship's name: an engine cannot open a file again
that holds one of 65,536."""
_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[._-][A-Za-z0-9]+)*")
_RESERVED = frozenset({"id", "title", "type", "label", "name", "uri"})  # special in some engines


def stored_prefixes(read: Callable[[str, Params], list[Row]]) -> dict[str, str]:
    """Store -> its prefixes: prefix -> namespace."""
    stored: dict[str, str] = {}
    for row in read("MATCH (p:_NsPrefDef) RETURN properties(p) AS stored", {}):
        items = row["stored"].items()
        stored |= {p: space for p, space in items if isinstance(space, str) and ":" in space}
    return stored


class Names:
    """Both directions between IRIs and short names, for one store.

    A namespace keeps the prefix it has in the store; a new one takes the well-known prefix,
    else the one the graph binds, else `ns0`, `ns1`, ... The table only ever grows.

    Args:
        stored: prefix -> namespace as the store has it.
        suggested: prefix -> namespace as the graph binds it.
    """

    def __init__(self, stored: Mapping[str, str], suggested: Mapping[str, str]) -> None:
        self._spaces: dict[str, str] = dict(stored)
        self._prefixes = {space: prefix for prefix, space in self._spaces.items()}
        self._short: dict[str, str] = {}
        for prefix, space in sorted(suggested.items()):
            if self._free(prefix, space):
                self._bind(prefix, space)

    @property
    def table(self) -> dict[str, str]:
        """Prefix -> namespace: what `_NsPrefDef` holds."""
        return dict(self._spaces)

    def short(self, iri: str) -> str:
        """The name of an IRI: `http://...#Cell` -> `ex__Cell`."""
        name = self._short.get(iri)
        if name is None:
            space, local = _split(iri)
            name = f"{self._prefix(space)}__{local}"
            if len(name.encode()) > LONGEST:
                raise StoreError(
                    f"{name[:60]}... has {len(name):,} characters, and no store keeps such a name",
                    cure=f"give the class or property an IRI of less than {LONGEST:,} bytes",
                )
            self._short[iri] = name
        return name

    def full(self, name: str) -> str | None:
        """The IRI of a name, or None where it is not one of ours."""
        prefix, mark, local = name.partition("__")
        space = self._spaces.get(prefix)
        return space + local if mark and space is not None else None

    def _prefix(self, space: str) -> str:
        if space not in self._prefixes:
            prefixes = [p for p, s in WELL_KNOWN.items() if s == space and p not in self._spaces]
            number = 0
            while not prefixes and f"ns{number}" in self._spaces:
                number += 1
            self._bind(prefixes[0] if prefixes else f"ns{number}", space)
        return self._prefixes[space]

    def _free(self, prefix: str, space: str) -> bool:
        taken = prefix in self._spaces or space in self._prefixes
        fits = bool(_PREFIX.fullmatch(prefix)) and prefix.lower() not in _RESERVED
        standard = WELL_KNOWN.get(prefix, space) == space and (
            prefix in WELL_KNOWN or space not in WELL_KNOWN.values()
        )
        return fits and standard and not taken

    def _bind(self, prefix: str, space: str) -> None:
        self._spaces[prefix] = space
        self._prefixes[space] = prefix


def _split(iri: str) -> tuple[str, str]:
    """IRI -> namespace and local name, cut after the last `#`, else `/`, else `:`."""
    for mark in "#/:":
        place = iri.rfind(mark)
        if place >= 0:
            return iri[: place + 1], iri[place + 1 :]
    raise StoreError(f"{iri!r} is not an absolute IRI", cure="give it a scheme, as in urn:...")
