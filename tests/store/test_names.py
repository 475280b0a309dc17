from __future__ import annotations

import pytest

from kgtransfer.errors import StoreError
from kgtransfer.store.names import Names

RDFS = "http://www.w3.org/2000/01/rdf-schema#"


def test_bound_well_known_and_unknown_namespaces() -> None:
    names = Names({}, {"ex": "http://example.org/"})
    assert names.short("http://example.org/Cell") == "ex__Cell"
    assert names.short(RDFS + "label") == "rdfs__label"
    assert names.short("http://other.org/x#y") == "ns0__y"
    assert names.short("http://other.org/x#z") == "ns0__z"
    assert names.short("urn:isbn:123") == "ns1__123"
    assert names.table == {
        "ex": "http://example.org/",
        "rdfs": RDFS,
        "ns0": "http://other.org/x#",
        "ns1": "urn:isbn:",
    }


def test_full_reverses_short() -> None:
    names = Names({}, {})
    for iri in ("http://a.b/c__d", "http://a.b/", "urn:x", "http://a.b#Größe", RDFS + "label"):
        assert names.full(names.short(iri)) == iri
    assert names.full("Resource") is None
    assert names.full("unknown__x") is None


def test_the_store_keeps_its_prefixes_whatever_a_graph_binds() -> None:
    names = Names({"ex": "http://one.org/"}, {"ex": "http://two.org/", "one": "http://one.org/"})
    assert names.short("http://one.org/a") == "ex__a"
    assert names.short("http://two.org/a") == "ns0__a"


@pytest.mark.parametrize("prefix", ["", "a__b", "_a", "a_", "id", "Title", "a`b", "rdfs", "1a"])
def test_prefixes_that_no_name_can_use(prefix: str) -> None:
    names = Names({}, {prefix: "http://example.org/"})
    assert names.short("http://example.org/x") == "ns0__x"


def test_standard_terms_have_the_same_name_in_every_store() -> None:
    assert Names({}, {"s": RDFS}).short(RDFS + "label") == "rdfs__label"


def test_relative_iri() -> None:
    with pytest.raises(StoreError, match="not an absolute IRI"):
        Names({}, {}).short("cell")
