r"""OBO as it is written, in the strict grammar of OBO 1.4, line by line.

Released ontologies cite sources in free text (`[Adapted from https://example.org]`) and escape
inside URLs (`http\://`), which the grammar forbids; here such a reference is escaped, to be read
as the one identifier that it is meant to be. An `[Instance]` is presented as a `[Term]`, because
fastobo does not give out the clauses of instances, and a line of comment is left empty, because
fastobo fails on one inside a frame.
"""

from __future__ import annotations

import re

__all__ = ["repaired"]

# Possessive quantifiers (*+): a line without end is gone through once, never again and again.
QUOTED = r'"(?:[^"\\]|\\.)*+"'
CITING = re.compile(
    rf"(?P<head>(?:def|synonym|expand_\w+):\s*+{QUOTED}[^\[\]\"{{}}!]*+\[)"
    rf"(?P<list>(?:[^\]\\\"]|\\.|{QUOTED})*+)(?P<tail>\].*)"
)
XREF = re.compile(
    r"(?P<head>xref:\s*+)(?P<id>(?:(?!\s+[\"{!])[^\\]|\\.)*+)(?P<tail>(?:\s+[\"{!].*)?)"
)
ITEM = re.compile(rf"(?:[^,\\\"]|\\.|{QUOTED})++")
STRANGE = re.compile(r"[\s\\]")
ESCAPED = re.compile(r"\\(.)")
SPECIAL = re.compile(r"[\s:,\"\\\[\]{}()!]")


def repaired(text: str) -> tuple[str, set[int]]:
    """Text -> the same as the grammar wants it, every line where it was.

    Returns:
        The text, and the lines (from 1) of every instance's `id:`.
    """
    lines, instances, inside = list[str](), set[int](), False
    for number, line in enumerate(text.split("\n"), start=1):
        if line.startswith("["):
            inside = line.rstrip() == "[Instance]"
        elif inside and line.startswith("id:"):
            instances.add(number)
        lines.append(_in_grammar(line, inside_instance=inside))
    return "\n".join(lines), instances


def _in_grammar(line: str, *, inside_instance: bool) -> str:
    if line.lstrip().startswith("!"):
        return ""
    if inside_instance:
        line = line.replace("[Instance]", "[Term]", 1) if line.startswith("[") else line
        line = re.sub("^instance_of:", "is_a:", line)
    if line.startswith("xref:") and (match := XREF.fullmatch(line.rstrip())):
        return match["head"] + _one_identifier(match["id"]) + match["tail"]
    if line.endswith("[]") or "[" not in line:
        return line
    if match := CITING.fullmatch(line.rstrip()):
        items = (_cited(item.strip()) for item in ITEM.findall(match["list"]))
        return match["head"] + ", ".join(items) + match["tail"]
    return line


def _cited(item: str) -> str:
    """An item of a list of references: an identifier, perhaps with a quoted description."""
    before, quote, description = item.partition(' "')
    return _one_identifier(before.rstrip()) + quote + description


def _one_identifier(text: str) -> str:
    if not STRANGE.search(text):
        return text
    return SPECIAL.sub(r"\\\g<0>", ESCAPED.sub(r"\1", text))
