from __future__ import annotations

import pytest

from kgtransfer.knowledge.io.iris import resolved


@pytest.mark.parametrize(
    ("iri", "base", "meant"),
    [
        ("http://a/b#", "http://e/", "http://a/b#"),
        ("urn:x:y", "http://e/", "urn:x:y"),
        ("b#c", "http://e/d/f", "http://e/d/b#c"),
        ("#", "http://e/d", "http://e/d#"),
        ("", "http://e/d", "http://e/d"),
        ("b", "", "b"),
    ],
)
def test_an_iri_by_its_base(iri: str, base: str, meant: str) -> None:
    assert resolved(iri, base) == meant
