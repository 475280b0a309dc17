"""`Diff`: what differs between two ontologies, as data, as text and as JSON."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Change", "Concept", "Diff", "Difference"]

_BACKTICKS = re.compile("`+")


UNPRINTED = re.compile(r"[\x00-\x1f\u00ad\u200b-\u200f\u2060\ufeff]")
SPELT = re.compile(r"\\u([0-9a-f]{4})")
"""A character that is spelt out, because it cannot be seen."""


def _in_spaces(text: str) -> str:
    visible = SPELT.sub(lambda match: chr(int(match[1], 16)), text.replace(r"\n", " "))
    return " ".join(visible.replace(r"\t", " ").split())


ALIKE: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("line ends: CRLF or LF", lambda text: text.replace(r"\r\n", r"\n").replace(r"\r", r"\n")),
    ("spaces", _in_spaces),
    (
        "how accents are composed: Unicode NFC or not",
        lambda text: unicodedata.normalize("NFC", text),
    ),
    ("characters that cannot be seen", lambda text: UNPRINTED.sub("", text)),
)
"""What two sides differ in -> a text without it; one after the other."""


class Concept(NamedTuple):
    """A concept that only one of the graphs describes; one without IRI as often as it is there.

    Attributes:
        iri: its IRI; for one without, `_:` and a digest of what is said of it.
        label: its label.
    """

    iri: str
    label: str


@dataclass(frozen=True)
class Difference:
    """What is said about one topic before and after.

    Attributes:
        topic: an attribute, relation or property, by its label.
        removed: what is no longer said.
        added: what is said now.
    """

    topic: str
    removed: tuple[str, ...]
    added: tuple[str, ...]

    @property
    def note(self) -> str:
        """How two sides differ that look the same; empty where one sees it."""
        removed, added = ("\n".join(side) for side in (self.removed, self.added))
        for aspect, alike in ALIKE:
            removed, added = alike(removed), alike(added)
            if removed == added:
                return f"the same but for {aspect}"
        return ""

    def __str__(self) -> str:
        removed, added = ", ".join(self.removed), ", ".join(self.added)
        if removed and added:
            note = f" ({self.note})" if self.note else ""
            return f"~ {self.topic}: {removed} -> {added}{note}"
        return f"- {self.topic}: {removed}" if removed else f"+ {self.topic}: {added}"


@dataclass(frozen=True)
class Change:
    """A concept that both graphs describe, but not in the same way.

    Attributes:
        concept: the concept.
        differences: what differs, by topic.
    """

    concept: Concept
    differences: tuple[Difference, ...]

    def __str__(self) -> str:
        return "\n    ".join((f"~ {self.concept.label}", *map(str, self.differences)))


@dataclass(frozen=True)
class Diff:
    """How two graphs differ, concept by concept; true where they do.

    Attributes:
        added: concepts that only the new graph describes.
        removed: concepts that only the old one describes.
        changed: concepts that both describe, differently.
        unchanged: number of the concepts that both describe alike.
        renamed: old and new IRI of the concepts that the new graph says it renamed; they are
            compared under their new names.
    """

    added: tuple[Concept, ...]
    removed: tuple[Concept, ...]
    changed: tuple[Change, ...]
    unchanged: int
    renamed: tuple[tuple[str, str], ...] = ()

    @property
    def touched(self) -> tuple[str, ...]:
        """IRIs of the concepts whose description differs, sorted."""
        concepts = (*self.added, *self.removed, *(change.concept for change in self.changed))
        return tuple(sorted({concept.iri for concept in concepts}))

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.renamed)

    def __str__(self) -> str:
        counts = (
            f"{len(self.added)} added, {len(self.removed)} removed, "
            f"{len(self.changed)} changed, {self.unchanged} unchanged"
        )
        one_sided = [f"+ {c.label}" for c in self.added] + [f"- {c.label}" for c in self.removed]
        names = [f"= <{old}> is now <{new}>" for old, new in self.renamed]
        return "\n".join((*names, *one_sided, *map(str, self.changed), counts))

    def to_markdown(self) -> str:
        """The diff as GitHub renders it: a line of counts, and a table where something differs.

        All that an ontology says stands in code: nothing of it is markup, a link or a mention.
        """
        counts = str(self).rpartition("\n")[2]
        table = [
            *(f"| renamed | | {_code(old)} | {_code(new)} |" for old, new in self.renamed),
            *(f"| {_code(concept.label)} | added | | |" for concept in self.added),
            *(f"| {_code(concept.label)} | removed | | |" for concept in self.removed),
        ]
        for change in self.changed:
            for difference in change.differences:
                sides = (
                    "<br>".join(map(_code, side)) for side in (difference.removed, difference.added)
                )
                cells = (_code(change.concept.label), _code(difference.topic), *sides)
                table.append(f"| {' | '.join(cells)} |")
        head = ["", "| concept | about | before | after |", "| --- | --- | --- | --- |"]
        return "\n".join([f"**{counts}**", *(head if table else ()), *table])

    def to_json(self) -> dict[str, Any]:
        """The diff as plain lists and dictionaries."""
        changed = [
            {**change.concept._asdict(), "differences": [asdict(d) for d in change.differences]}
            for change in self.changed
        ]
        return {
            "added": [concept._asdict() for concept in self.added],
            "removed": [concept._asdict() for concept in self.removed],
            "changed": changed,
            "unchanged": self.unchanged,
            "renamed": dict(self.renamed),
        }


def _code(text: str) -> str:
    """A text as code in a cell of a table of GitHub Flavored Markdown."""
    line = " ".join(text.split()).replace("|", "\\|")
    fence = "`" * (1 + max(map(len, _BACKTICKS.findall(line)), default=0))
    space = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{space}{line}{space}{fence}" if line else ""
