from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.io.safe_xml import scan

XML = '<a xmlns="http://d/" xmlns:e="http://e/"><e:b e:c="1" d="2"/><b xmlns:e="http://f/"/></a>'


def test_elements_are_named_by_their_namespace() -> None:
    seen: list[tuple[str, dict[str, str]]] = []
    _, prefixes = scan(XML, Path("a.xml"), lambda name, values: seen.append((name, dict(values))))
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


def doctype(inside: str, body: str = "<a>&x;</a>") -> str:
    return f"<?xml version='1.0'?>\n<!DOCTYPE a [\n{inside}\n]>\n{body}"


@pytest.mark.parametrize(
    ("inside", "body", "written"),
    [
        ('<!ENTITY x "http://x/">', "<a b='&x;y'>&x;z</a>", "<a b='http://x/y'>http://x/z</a>"),
        ("<!ENTITY x 'y'><!ENTITY x 'z'>", "<a>&x;</a>", "<a>y</a>"),
        ('<!ENTITY x "y">', "<a>&amp;x; &#38;x; &lt;</a>", "<a>&amp;x; &#38;x; &lt;</a>"),
        ('<!ENTITY x "y">', "<a><!-- &x; --><![CDATA[&x;]]>&x;</a>", None),
        ('<!ENTITY x "it\'s">', "<a b='&x;'/>", "<a b='it&apos;s'/>"),
        ('<!ENTITY x "a&#10;b&#65;">', "<a>&x;</a>", "<a>a&#10;bA</a>"),
        ('<!ENTITY x "é">', "<é>&x;</é>", "<é>é</é>"),
        ("<!-- <!ENTITY y SYSTEM 'z'> ]> --><!ENTITY x 'y'>", "<a>&x;</a>", "<a>y</a>"),
        ("<!ELEMENT a ANY>", "<a>b</a>", "<a>b</a>"),
    ],
)
def test_plain_entities_are_written_out(inside: str, body: str, written: str | None) -> None:
    text = doctype(inside, body)
    expanded = scan(text, Path("a.xml")).text
    assert expanded.strip() == (written or "<a><!-- &x; --><![CDATA[&x;]]>y</a>")
    assert expanded.count("\n") == text.count("\n")


def test_entities_in_namespaces_and_attributes() -> None:
    seen: list[tuple[str, dict[str, str]]] = []
    text = doctype('<!ENTITY x "http://x/">', '<e:a xmlns:e="&x;" e:b="&x;c"/>')
    scanned = scan(text, Path("a.xml"), lambda name, values: seen.append((name, dict(values))))
    assert seen == [("http://x/ a", {"http://x/ b": "http://x/c"})]
    assert scanned.prefixes == {"e": "http://x/"}


def test_a_document_without_doctype_stays_as_it_is() -> None:
    assert scan(XML, Path("a.xml")).text is XML


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            doctype("<!ENTITY x SYSTEM 'file:///etc/passwd'>"),
            "3:.*the entity &x; stands for another",
        ),
        (doctype("<!ENTITY x PUBLIC 'p' 'http://h/'>"), "3:.*the entity &x; stands for another"),
        (doctype("<!ENTITY x SYSTEM 'a' NDATA b>"), "3:.*the entity &x; stands for another"),
        (doctype("<!ENTITY % x 'y'>"), "3:.*the parameter entity %x; is refused"),
        (doctype("<!ENTITY % x SYSTEM 'y'> %x;"), "3:.*the parameter entity %x; is refused"),
        (doctype("<!ENTITY y 'z'><!ENTITY x '&y;&y;'>"), "3:.*the entity &x; holds a & or % or <"),
        (doctype("<!ENTITY x '&#38;y;'>"), "3:.*the entity &x; holds a & or % or <"),
        (doctype("<!ENTITY x '<b/>'>"), "3:.*the entity &x; holds a & or % or <"),
        (doctype("<!ENTITY x '&x;'>"), "3:.*the entity &x; holds a & or % or <"),
        (doctype("<!ENTITY x 'http://a/%20b'>"), "3:"),
        (doctype(f"<!ENTITY x '{'y' * 4097}'>"), "3:.*more than 10,000 entities of 4,096"),
        (doctype("<!ATTLIST a b CDATA 'c'>"), "3:.*gives attributes is refused"),
        ("<!DOCTYPE a SYSTEM 'http://h/a.dtd'><a/>", "1:.*refers to another file is refused"),
        ("<!DOCTYPE a PUBLIC 'p' 'http://h/a.dtd'><a/>", "1:.*refers to another file is refused"),
        (doctype("<!ENTITY x 'y'>", "<a>\n&z;</a>"), "6:1: undefined entity"),
        ("<a>\n" * 201, "201:1: elements nested deeper than 200"),
        ("<a>\n&x;</a>", "2:1: undefined entity"),
        ("<a>\n<b></a>", "2:6: mismatched tag"),
    ],
)
def test_what_is_dangerous_or_broken_is_refused(text: str, message: str) -> None:
    with pytest.raises(OntologyError, match=rf"(?s)a\.xml:{message}"):
        scan(text, Path("a.xml"))


def test_entities_do_not_fill_the_memory() -> None:
    references = "&x;" * 100_000
    text = doctype(f"<!ENTITY x '{'y' * 200}'>", f"<a>\n{references}</a>")
    with pytest.raises(OntologyError, match=r"a\.xml:6: its entities, written out, make it more"):
        scan(text, Path("a.xml"))
