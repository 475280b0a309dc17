"""Relative IRIs (RFC 3986, section 5)."""

from __future__ import annotations

import re
from urllib.parse import urljoin

__all__ = ["resolved"]

_SCHEME = re.compile("[A-Za-z][A-Za-z0-9+.-]*:")


def resolved(iri: str, base: str) -> str:
    """IRI and base -> the absolute IRI.

    `urljoin` alone drops an empty fragment, and so the end of many a namespace.
    """
    if _SCHEME.match(iri) or not base:
        return iri
    return urljoin(base, iri) + ("#" if iri.endswith("#") else "")
