"""`Finding`: one thing that is wrong or doubtful in an ontology."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["Finding", "Severity"]

Severity: TypeAlias = Literal["violation", "warning"]


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong (violation) or doubtful (warning) in an ontology.

    Attributes:
        severity: a violation must be mended, a warning looked at.
        message: what is wrong.
        cure: what to write instead.
        concept: IRI of the concept that it is about; empty where it is about a file.
        label: the concept's label.
        file: the file that describes the concept, as the user named it; empty for a graph built
            in memory.
        line: the line (from 1) at which the concept's description starts.
    """

    severity: Severity
    message: str
    cure: str = ""
    concept: str = ""
    label: str = ""
    file: str = ""
    line: int | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part)
        about = f"{self.label} <{self.concept}>" if self.concept else ""
        head = ": ".join(part for part in (place, self.severity, about, self.message) if part)
        return f"{head}\n  what to do: {self.cure}" if self.cure else head
