"""Parser's complaints -> errors with file, line and column, the line itself, and a cure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.io.mistakes.turtle import (
    conflict_marker,
    invisible_character,
    turtle_mistake,
)
from kgtransfer.knowledge.io.mistakes.xml_stop import rdfxml_stop
from kgtransfer.knowledge.io.sources import unpacked_suffix

if TYPE_CHECKING:
    from pathlib import Path

    from kgtransfer.knowledge.io.mistakes.turtle import Mistake

__all__ = ["located_error", "syntax_error"]

# What a file starts with that is in another syntax than its name says -> what to do.
OTHER_SYNTAXES = (
    (r"<!doctype html|<html", (), "this is a web page: get the ontology itself"),
    (r"(<\?xml[^>]*>\s*)?<(\w+:)?ontology\b", (), "this is OWL/XML: save it as Turtle or RDF/XML"),
    (r"(prefix|ontology)\(", (), "this is OWL functional syntax: save it as Turtle or RDF/XML"),
    (r"(prefix|ontology):\s", (), "this is Manchester syntax: save it as Turtle or RDF/XML"),
    (r"<\?xml|<rdf:rdf", (".rdf", ".owl", ".xml"), "this is XML: name the file .rdf or .owl"),
    (r"@prefix|@base|prefix\s|base\s", (".ttl",), "this is Turtle: name the file .ttl"),
    (r"\{|\[\s*\{", (".jsonld",), "this is JSON: name the file .jsonld"),
    (r"format-version:|\[term\]", (".obo",), "this is OBO: name the file .obo"),
)
XML = (".rdf", ".owl", ".xml")
LEADING = re.compile(r"(?:\s|#[^\n]*\n)*")
"""Space and comments before the first word of a file."""

# What a parser complains of -> what to write instead; the first that fits counts.
CURES = (
    (r"prefix (\S*:) has not been declared", r"declare it at the top: @prefix \1 <namespace> ."),
    ("dot is expected", "end the statement with ' .', or go on about the same subject with ' ;'"),
    ("followed by a dot", "end the line with ' .'"),
    ("No scheme found", "write the full IRI; Turtle may declare @base <...> ., XML xml:base"),
    ("Invalid IRI|no valid IRI", "write the IRI without spaces or brackets; percent-encode them"),
    ("end of file", "close the string, bracket or statement that opens here"),
    ("Unexpected end$", "end the statement with ' .'; where the file breaks off, get it again"),
    ("not a valid predicate", "write subject, predicate, object; after ' ;' comes a predicate"),
    (
        "not a valid subject",
        "start with an IRI, a prefixed name or a [ ]; declare by @prefix, @base",
    ),
    ("not a valid RDF object", 'write an IRI, a name, a "text" or a number, or take out the comma'),
    ("subject of a triple", "write full IRIs in <>; a file with prefixes is Turtle: name it .ttl"),
    ("XML namespaces are required", "save the ontology as RDF/XML, with <rdf:RDF> around it"),
    ("object of a triple", "write an IRI in <> or a quoted text: N-Triples has no bare numbers"),
    ("escape character", r"write a backslash twice: \\\\"),
    ("escapes in IRIs", r"write %25 for a percent sign, or \\% within a name"),
    ("language", "write the language as in @en or @pt-BR"),
    (r"should end with a '\]'", "close the bracket with ]"),
    ("beginning of a prefix name", 'put a text in straight double quotes: "text"'),
    ("remote context", "write the context into the file: nothing is loaded from the network"),
    ("[Nn]amed graphs", "keep one default graph in the file"),
    ("mismatched tag|ill-formed", "close every element with its own end tag"),
    (
        "no element found|unclosed token",
        "close what is open; where the file breaks off, get it again",
    ),
    ("unbound prefix", 'declare it on the first element: xmlns:prefix="namespace"'),
    ("invalid token", "write &amp; for & and &lt; for <"),
    ("aboutEach", "remove it: RDF 1.1 has neither rdf:aboutEach nor rdf:aboutEachPrefix"),
    ("is not a valid attribute", "write a property of a namespace of your own, or remove it"),
    ("Invalid property element", "put the property's own name here, such as rdfs:label"),
    ("Invalid node element", "put the class here, or rdf:Description"),
    ("valid rdf:(ID|bagID|nodeID)", "write a name of letters and digits that starts with a letter"),
    ("already been used as rdf:ID", "describe it further by rdf:about, or give it another name"),
    ("Not both", "keep one of the two attributes"),
    ("No value found", 'with rdf:parseType="Literal" write the value between start and end tag'),
    ("text event", "put the text into a property's element, such as rdfs:label"),
    ("Trailing comma", "remove the comma before this bracket"),
    (r"followed by a comma", "write a comma, or close the bracket"),
    ("Unexpected char", 'put names and texts in "double quotes"'),
    ("@id value", 'write "@id": "IRI"'),
    ("[Cc]ontext|Term definition", 'let @context say of each name its IRI, or {"@id": IRI}'),
    ("expected EOL", "remove what is too much on the line, or escape it with a backslash"),
    ("expected Comment", "start the frame with its identifier: id: PREFIX:0000001"),
    ("expected UnquotedString", "write a value after the tag"),
    ("expected QuotedString", 'put the text in "double quotes"'),
    ("expected XrefList", "name the sources after the text, or write [] for none"),
    ("expected SynonymScope", "write EXACT, NARROW, BROAD or RELATED after the text"),
    ("expected Naive", "write the date as dd:MM:yyyy HH:mm, the day first: 31:01:2020 12:00"),
    ("expected (CreationDate|ISO8601)", "write the date as 2020-01-31 or 2020-01-31T12:00:00Z"),
    (
        "expected Qualifier",
        r'write \\{ for a brace in a text; qualifiers are written {key="value"}',
    ),
    ("expected Boolean", "write true or false"),
    (r"(Term|Typedef|Header)Clause", "use a tag that OBO 1.4 has for this kind of frame"),
    ("expected EntityFrame", "start a frame with [Term], [Typedef] or [Instance]"),
)


def syntax_error(
    error: SyntaxError, text: str, path: Path, base: str | None = None
) -> OntologyError:
    """Complaint of the RDF parser -> an error with its place; `base` is what it parsed with."""
    message = re.sub(r"^Parser error (at|between) line .*?: |\s*\(line \d+\)$", "", str(error.msg))
    if "LoadDocumentCallback" in message:
        message = "the file refers to a remote context"
    line, column = error.lineno, error.offset
    if line is None and unpacked_suffix(path) in XML:
        place = rdfxml_stop(text, message, base)
        line, column = _line_and_column(text, place) if place is not None else (None, None)
    quoted = re.search(r"'\s*([^']*[^'\s])\s*'|Unknown prefix (\S+)", message)
    if line is None and quoted:  # JSON-LD: the parser names the text but not its place
        quotation = quoted.group(1) or quoted.group(2)
        rdf_id = f'"{quotation.removeprefix("#")}"'
        place = max(text.find(quotation), text.find(rdf_id))
        if place >= 0:
            line, column = _line_and_column(text, place)
    message = " ".join(message.split())
    if line is not None and (
        mistake := _mistake(text, path, _offset(text, line, column or 1), message)
    ):
        line, column = _line_and_column(text, mistake.place)
        return located_error(mistake.message, text, path, line, column, mistake.cure)
    return located_error(message, text, path, line, column)


def _mistake(text: str, path: Path, place: int, message: str) -> Mistake | None:
    """Place -> what was likely meant; None where the whole text is in another syntax."""
    if _other_syntax(text, path):
        return None
    mistake = invisible_character(text, place)
    if mistake is None and unpacked_suffix(path) == ".ttl":
        return turtle_mistake(text, place, message)
    return mistake


def _line_and_column(text: str, place: int) -> tuple[int, int]:
    return text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)


def _offset(text: str, line: int, column: int) -> int:
    """Line and column (from 1) -> letters from the start of a text."""
    lines = text.split("\n", line - 1)
    return min(len(text), len(text) - len(lines[-1]) + column - 1)


def located_error(
    message: str, text: str, path: Path, line: int | None, column: int | None, cure: str = ""
) -> OntologyError:
    """Message and place -> an error that shows the line with a mark under the column."""
    if not cure and (mistake := conflict_marker(text)):
        message, cure = mistake.message, mistake.cure
        line, column = _line_and_column(text, mistake.place)
    excerpt = ""
    if line is not None:
        lines = re.split(r"\r\n?|\n", text)[:line]
        if not lines[-1].strip() or len(lines) < line:  # the text ends before its statement does
            while len(lines) > 1 and not lines[-1].strip():
                lines.pop()
            line, column = len(lines), len(lines[-1].rstrip()) + 1
        excerpt = _excerpt(lines[-1], column or 1)
    cure = cure or _cure(message, text, path) or ("mend the line shown" if excerpt else "mend it")
    return OntologyError(message + excerpt, file=path, line=line, column=column, cure=cure)


def _cure(message: str, text: str, path: Path) -> str:
    if cure := _other_syntax(text, path):
        return cure
    cures = (m.expand(cure) for pattern, cure in CURES if (m := re.search(pattern, message)))
    return next(cures, "")


def _other_syntax(text: str, path: Path) -> str:
    """Text in another syntax than its file's name says -> what to do; empty for none."""
    suffix, start = unpacked_suffix(path), LEADING.match(text)
    for pattern, suffixes, cure in OTHER_SYNTAXES:
        if suffix not in suffixes and re.compile(pattern, re.IGNORECASE).match(
            text, start.end() if start else 0
        ):
            return cure
    return ""


def _excerpt(line: str, column: int) -> str:
    """Line and column -> the line, cut to what fits a screen, with a mark under the column."""
    start = max(0, column - 60)
    piece = line.replace("\t", " ")[start : start + 100].rstrip()
    return f"\n    {piece}\n    {' ' * (column - 1 - start)}^"
