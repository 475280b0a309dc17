"""Syntax errors as a person needs them: file, line and column, the line itself, and a cure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kgtransfer.errors import OntologyError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["located", "syntax_error"]

# What a parser complains of -> what to write instead; the first that fits counts.
CURES = (
    (r"prefix (\S*:) has not been declared", r"declare it at the top: @prefix \1 <namespace> ."),
    ("dot is expected", "end the statement with ' .', or go on about the same subject with ' ;'"),
    ("No scheme found", "write the full IRI, or declare @base <...> . at the top"),
    ("Invalid IRI|no valid IRI", "write the IRI without spaces or brackets; percent-encode them"),
    ("end of file", "close the string, bracket or statement that opens here"),
    ("not a valid predicate", "write subject, predicate, object; after ' ;' comes a predicate"),
    ("remote context", "write the context into the file: nothing is loaded from the network"),
    ("[Nn]amed graphs", "keep one default graph in the file"),
    ("mismatched tag|ill-formed", "close every element with its own end tag"),
    ("expected EOL", "remove what is too much on the line, or escape it with a backslash"),
    ("expected UnquotedString", "write a value after the tag"),
    ("expected QuotedString", 'put the text in "double quotes"'),
    ("expected XrefList", "name the sources after the text, or write [] for none"),
    ("expected SynonymScope", "write EXACT, NARROW, BROAD or RELATED after the text"),
    ("expected (CreationDate|ISO8601)", "write the date as 2020-01-31 or 2020-01-31T12:00:00Z"),
    ("expected Boolean", "write true or false"),
    (r"(Term|Typedef|Header)Clause", "use a tag that OBO 1.4 has for this kind of frame"),
    ("expected EntityFrame", "start a frame with [Term], [Typedef] or [Instance]"),
)


def syntax_error(error: SyntaxError, text: str, path: Path) -> OntologyError:
    """The RDF parser's complaint about `text`, with its place."""
    message = re.sub(r"^Parser error (at|between) line .*?: |\s*\(line \d+\)$", "", str(error.msg))
    if "LoadDocumentCallback" in message:
        message = "the file refers to a remote context"
    line, column = error.lineno, error.offset
    quoted = re.search(r"'([^']+)'|Unknown prefix (\S+)", message)
    if line is None and quoted:  # RDF/XML: the parser names the text but not its place
        place = text.find(quoted.group(1) or quoted.group(2))
        if place >= 0:
            line = text.count("\n", 0, place) + 1
            column = place - (text.rfind("\n", 0, place) + 1) + 1
    return located(message, text, path, line, column)


def located(
    message: str, text: str, path: Path, line: int | None, column: int | None
) -> OntologyError:
    """An error that shows the offending line (from 1) with a mark under the column (from 1)."""
    cures = (
        match.expand(cure) for pattern, cure in CURES if (match := re.search(pattern, message))
    )
    shown = ""
    if line is not None:
        lines = text.split("\n")
        shown = _excerpt(lines[line - 1] if line <= len(lines) else "", column or 1)
    cure = next(cures, "mend the line shown" if shown else "mend the file")
    return OntologyError(message + shown, file=path, line=line, column=column, cure=cure)


def _excerpt(line: str, column: int) -> str:
    """The offending line, cut to what fits a screen, with a mark under the place."""
    start = max(0, column - 60)
    piece = line.replace("\t", " ")[start : start + 100].rstrip()
    return f"\n    {piece}\n    {' ' * (column - 1 - start)}^"
