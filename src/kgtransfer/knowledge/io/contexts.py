"""JSON-LD contexts from disk (W3C JSON-LD 1.1): what a document refers to is put in its place.

A context is found by a relative reference to a file beside the document, or by the catalogue
beside it (`catalog-v001.xml`); never in the network.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.io.catalogue import local_file, read_catalogue
from kgtransfer.knowledge.io.sources import CATALOGUE, MAX_BYTES, read_sources, text_of
from kgtransfer.utils.bounded import json_value

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["with_contexts"]

REFERS = re.compile(r'"@context"\s*:\s*["\[]|"@import"')
Trail: TypeAlias = "tuple[str, ...]"
"""The references that led to a context."""
Loader: TypeAlias = "Callable[[str, Trail], Any]"


def with_contexts(text: str, path: Path) -> str:
    """JSON-LD -> the same with every context that it refers to written out.

    A document that refers to none, or is no JSON, is given back as it is.

    Args:
        text: the document.
        path: its file; contexts are looked for beside it.

    Raises:
        OntologyError: a context is not on disk, is no context, or refers to itself.
    """
    if not REFERS.search(text):
        return text
    try:
        document = json_value(text)
        return json.dumps(_filled(document, _loader(text, path)), ensure_ascii=False)
    except ValueError:  # for the RDF parser to report, with its place
        return text


def _loader(document: str, path: Path) -> Loader:
    catalogue, remaining = read_catalogue(path.parent), MAX_BYTES

    def refuse(message: str, reference: str, cure: str) -> OntologyError:
        place = document.find(json.dumps(reference, ensure_ascii=False))
        line = document.count("\n", 0, place) + 1 if place >= 0 else None
        return OntologyError(message, file=path, line=line, cure=cure)

    def load(reference: str, trail: Trail) -> Any:
        nonlocal remaining
        if reference in trail:
            message = f"the context {reference} refers to itself"
            raise refuse(message, trail[0], "write the inner context out")
        file = catalogue.get(reference) or local_file(path.parent, reference)
        if file is None:
            raise refuse(
                f"refers to the remote context {reference}",
                reference,
                "nothing is loaded from the network: put the context beside the file and name "
                f'it in {CATALOGUE}: <uri name="{reference}" uri="context.json"/>',
            )
        text = text_of(read_sources(file)[0])
        remaining -= len(text)  # counted at every use: contexts that refer to contexts can multiply
        if remaining < 0:
            raise refuse("its contexts are too large", reference, "simplify them")
        try:
            return json_value(text)["@context"]
        except (ValueError, LookupError, TypeError):
            raise OntologyError(
                "no JSON-LD context", file=file, cure='write {"@context": {...}} into it'
            ) from None

    return load


def _filled(value: Any, load: Loader, trail: Trail = ()) -> Any:
    if isinstance(value, list):
        return [_filled(item, load, trail) for item in value]
    if isinstance(value, dict):
        return {
            key: _context(item, load, trail) if key == "@context" else _filled(item, load, trail)
            for key, item in value.items()
        }
    return value


def _context(value: Any, load: Loader, trail: Trail) -> Any:
    """Context -> the same without references to others."""
    if isinstance(value, str):
        return _context(load(value, trail), load, (*trail, value))
    if isinstance(value, list):
        contexts = [_context(item, load, trail) for item in value]
        return [part for item in contexts for part in (item if isinstance(item, list) else [item])]
    if isinstance(value, dict) and isinstance(value.get("@import"), str):
        imported = _context(value["@import"], load, trail)
        own = {key: item for key, item in value.items() if key != "@import"}
        value = {**imported, **own} if isinstance(imported, dict) else own
    return _filled(value, load, trail)
