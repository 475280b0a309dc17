"""`Finding`: one thing that is wrong or doubtful in an ontology."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["Finding", "Severity"]

Severity: TypeAlias = Literal["violation", "warning", "hint"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong (violation), doubtful (warning) or could be better (hint).

    Attributes:
        severity: a violation must be mended, a warning looked at, a hint may be ignored.
        file: the file that describes the concept, as the user named it; empty for a graph built
            in memory.
        line: the line (from 1) at which the concept's description starts, or of a syntax error.
        column: the column (from 1) of a syntax error.
        concept: IRI of the concept that it is about; empty where it is about a file, or about
            something without a name.
        label: the concept's label; of something without a name, what it is.
        message: what is wrong.
        cure: what to write instead.
        kind: what all findings of its kind have in common, in words; empty where that is the
            message.
    """

    severity: Severity
    file: str = ""
    line: int | None = None
    column: int | None = None
    concept: str = ""
    label: str = ""
    message: str
    cure: str = ""
    kind: str = field(default="", compare=False)

    @classmethod
    def of(
        cls,
        graph: KnowledgeGraph,
        concept: str,
        severity: Severity,
        message: str,
        cure: str,
        kind: str = "",
    ) -> Finding:
        """Concept and message -> a finding under the concept's label, without its place yet."""
        label = graph.label(concept)
        iri = "" if concept.startswith("_:") else concept
        return cls(
            severity=severity, concept=iri, label=label, message=message, cure=cure, kind=kind
        )

    @property
    def place(self) -> str:
        """File, line and column, as far as they are known: `a.ttl:3:7`."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)

    @property
    def about(self) -> str:
        """The concept as people and programs know it: `cell <http://e/Cell>`."""
        return f"{self.label} <{self.concept}>" if self.concept else self.label

    def __str__(self) -> str:
        head = ": ".join(filter(None, (self.place, self.severity, self.about, self.message)))
        return f"{head}\n  what to do: {self.cure}" if self.cure else head
