"""Text of a piece of syntax -> the dotted names in it, the same for every language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kgtransfer.code.languages.source import unique

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["called_name", "dotted_names", "imported_names", "is_identifier"]

_IDENTIFIER = r"[^\W\d]\w*"
_SEPARATOR = r"(?:\.|::|->|\?\.|!!\.|\\|:)"
_DOTTED = re.compile(rf"{_IDENTIFIER}(?:{_SEPARATOR}{_IDENTIFIER})*")
_LAST = re.compile(rf"{_SEPARATOR}\s*({_IDENTIFIER})$")
_ANGLES = re.compile(r"(?:::)?<[^<>()]*>")
_STRING = re.compile(r"""(['"<])([^'"<>\n]+)['">]""")
_RENAMED = re.compile(rf"({_IDENTIFIER})(?:\s+as\s+|\s*:\s*)({_IDENTIFIER})")
_GROUP = re.compile(r"(?:::|\.|\\)?\s*\{([^{}]*)\}")
MAX_CALLEE = 200  # characters: of a longer expression the last name counts

#: Words that stand among names without being one, in any of the languages.
KEYWORDS = frozenset(
    keyword
    for line in (
        "as async await const class default dyn enum export extends extern final for from func",
        "function global impl implements import in include interface internal is let local lazy",
        "mod mut new namespace open out override package private protected pub public raise",
        "readonly ref require require_once return sealed static struct throw throws type typeof",
        "unsigned use using val var virtual void volatile where with",
    )
    for keyword in line.split()
)


def is_identifier(text: str) -> bool:
    """Whether a text is one name."""
    return re.fullmatch(_IDENTIFIER, text) is not None and text not in KEYWORDS


def dotted_names(text: str) -> tuple[str, ...]:
    """Names in a type, a list of bases or a package: `shop::Basket<T> + Send` -> both, dotted."""
    found = (_dotted(match[0]) for match in _DOTTED.finditer(_without_angles(text)))
    return unique(name for name in found if name not in KEYWORDS)


def called_name(text: str, receivers: Collection[str]) -> str:
    """What a call calls: `this.store` -> `self.store`, `f(x).g` -> `.g`, `a::b` -> `a.b`.

    Args:
        text: the source before the arguments.
        receivers: names of the object that the method belongs to.
    """
    text = text.strip()
    if len(text) <= MAX_CALLEE:
        text = re.sub(r"\s+(?=[.?:-])|(?<=[.>:])\s+", "", _without_angles(text))
        text = re.sub(r"^(?:new|await)\s+", "", text).replace("$", "")
        if _DOTTED.fullmatch(text):
            head, _, rest = _dotted(text).partition(".")
            known = {receiver.replace("$", "") for receiver in receivers}
            return (f"self.{rest}" if rest else "") if head in known else _dotted(text)
    last = _LAST.search(text[-MAX_CALLEE:])
    return f".{last[1]}" if last else ""


def imported_names(text: str) -> dict[str, str]:
    """An import statement -> local alias -> what it stands for.

    Of a quoted path (`"./money"`, `<stdio.h>`) the target is `"./money"`, or `"./money".total` for
    a name taken from it, quotes kept: what it means depends on where the file is.
    """
    quoted = _STRING.search(text)
    if quoted:
        return _from_path(text, quoted)
    names: dict[str, str] = {}
    for path, alias in _paths(_statement(text)):
        name = alias or path.rpartition(".")[2]
        if name not in ("*", "_", ""):
            names[name] = path
    return names


def _from_path(text: str, quoted: re.Match[str]) -> dict[str, str]:
    path = f'"{quoted[2]}"'
    rest = text[: quoted.start()]
    group = _GROUP.search(rest)
    names: dict[str, str] = {}
    if group:
        renamed = dict(_RENAMED.findall(group[1]))
        for name in dotted_names(_RENAMED.sub(r"\1", group[1])):
            names[renamed.get(name, name)] = f"{path}.{name}"
        rest = rest[: group.start()] + rest[group.end() :]
    for name in dotted_names(rest):
        if is_identifier(name):
            names.setdefault(name, path)
    own = quoted[2].rpartition("/")[2].partition(".")[0]
    return names or {own: path}


def _statement(text: str) -> str:
    text = re.sub(r"#\[[^\]]*\]|\bpub\b(\([^)]*\))?|//.*", " ", text).strip().rstrip(";")
    return re.sub(r"^(?:(?:import|use|using|static|function|global|typealias)\s+)+", "", text)


def _paths(text: str) -> list[tuple[str, str]]:
    """`a.{b, c as d}` -> [(`a.b`, ``), (`a.c`, `d`)], however deep the braces nest."""
    while match := re.search(r"([^\s,{}]*)\{([^{}]*)\}", text):
        prefix, inside = match.groups()
        spread = ",".join(prefix + part.strip() for part in inside.split(",") if part.strip())
        text = text[: match.start()] + spread + text[match.end() :]
    found = []
    for part in text.split(","):
        left, _, alias = part.strip().partition(" as ") if " as " in part else _arrow(part)
        path = _dotted(left.strip())
        path = path.removesuffix(".self").removesuffix(".this")
        found.append((path, alias.strip()))
    return found


def _arrow(part: str) -> tuple[str, str, str]:
    """Scala's `a => b`, C#'s `B = A`."""
    if "=>" in part:
        return part.partition("=>")
    if "=" in part:
        alias, sign, path = part.partition("=")
        return path, sign, alias
    return part.strip(), "", ""


def _dotted(text: str) -> str:
    return re.sub(_SEPARATOR, ".", text).strip(".")


def _without_angles(text: str) -> str:
    while (stripped := _ANGLES.sub("", text)) != text:
        text = stripped
    return text
