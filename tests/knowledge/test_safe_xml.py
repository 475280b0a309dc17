from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.safe_xml import scan

XML = '<a xmlns="http://d/" xmlns:e="http://e/"><e:b e:c="1" d="2"/><b xmlns:e="http://f/"/></a>'


def test_elements_are_named_by_their_namespace() -> None:
    seen: list[tuple[str, dict[str, str]]] = []
    prefixes = scan(XML, Path("a.xml"), lambda name, values: seen.append((name, dict(values))))
    assert seen == [
        ("http://d/ a", {}),
        ("http://e/ b", {"http://e/ c": "1", "d": "2"}),
        ("http://d/ b", {}),
    ]
    assert prefixes == {"": "http://d/", "e": "http://e/"}


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "UTF-16", "UTF-88"])
def test_the_declared_encoding_does_not_count(encoding: str) -> None:
    seen: list[str] = []
    text = f'<?xml version="1.0" encoding="{encoding}"?><é/>'
    scan(text, Path("a.xml"), lambda name, _: seen.append(name))
    assert seen == ["é"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", r"1:\d+: a DOCTYPE is refused"),
        ("<a>\n" * 201, "201:1: elements nested deeper than 200"),
        ("<a>\n&x;</a>", "2:1: undefined entity"),
        ("<a>\n<b></a>", "2:6: mismatched tag"),
    ],
)
def test_what_is_dangerous_or_broken_is_refused(text: str, message: str) -> None:
    with pytest.raises(OntologyError, match=rf"a\.xml:{message}"):
        scan(text, Path("a.xml"))
