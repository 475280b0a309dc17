from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgtransfer.errors import StoreError
from kgtransfer.store.names import Names
from kgtransfer.store.security import quoted

RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SAFE = re.compile(r"[A-Za-z][\w.-]*", re.ASCII)


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


PREFIX = st.text("aZ0_-.:` é{", max_size=4)
SPACE = st.sampled_from(["http://a/", "http://a/b#", "http://a/b__", "urn:x:", RDFS, "http://a/b"])
LOCAL = st.text("a_b-.é'`(){} #/:", max_size=5)


@given(
    st.dictionaries(PREFIX, SPACE),
    st.dictionaries(PREFIX, SPACE),
    st.lists(st.builds(str.__add__, SPACE, LOCAL), max_size=8),
)
def test_a_name_stands_for_one_iri(
    stored: dict[str, str], suggested: dict[str, str], iris: list[str]
) -> None:
    """Whatever prefixes a file binds or a first sync kept, every name leads back to its IRI."""
    first = Names({}, stored)
    names = Names(first.table, suggested)
    short = {iri: names.short(iri) for iri in iris}
    assert {iri: names.full(name) for iri, name in short.items()} == {iri: iri for iri in iris}
    later = Names(names.table, {})
    assert {iri: later.short(iri) for iri in iris} == short
    assert all(_SAFE.fullmatch(prefix) for prefix in names.table)


def test_a_prefix_that_somebody_wrote_into_the_store_cannot_become_code() -> None:
    names = Names({"x`) DETACH DELETE n //": "http://a/"}, {})
    with pytest.raises(StoreError, match="cannot be a label"):
        quoted(names.short("http://a/b"))


def test_relative_iri() -> None:
    with pytest.raises(StoreError, match="not an absolute IRI"):
        Names({}, {}).short("cell")


def test_a_name_that_no_file_could_be_opened_with_again() -> None:
    names = Names({}, {"ex": "http://example.org/"})
    assert names.short("http://example.org/" + "x" * 59_000).startswith("ex__xxx")
    with pytest.raises(StoreError, match="no store keeps such a name"):
        names.short("http://example.org/" + "x" * 65_540)
