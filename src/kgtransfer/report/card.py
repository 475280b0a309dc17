"""`README.md` of a run's folder: the model card that the hub and readers expect."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kgtransfer.report.html import template
from kgtransfer.report.parts import tests_and_validation
from kgtransfer.report.summary import metric_name, ontology_of, summarise
from kgtransfer.utils.files import write_atomically

if TYPE_CHECKING:
    from kgtransfer.experiments.results import RunResult

__all__ = ["Usage", "card_text", "write_card"]


def write_card(run: RunResult, folder: str | Path) -> Path:
    """Write the model card of a run's folder and return its path."""
    path = Path(folder) / "README.md"
    write_atomically(path, card_text(run).encode())
    return path


@dataclass(frozen=True)
class Usage:
    """How a model is used that leaves the folder of its run.

    Attributes:
        library: that reads it.
        code: an example, an indented block of Markdown; it is shown as it is.
        notes: sentences on it.
    """

    library: str
    code: str
    notes: tuple[str, ...] = ()


def card_text(run: RunResult, usage: Usage | None = None) -> str:
    """The model card (Mitchell et al., FAT* 2019) in Markdown, with front matter as the hub reads.

    Args:
        run: what was found.
        usage: of a model that leaves the folder of the run; its licence is the user's to say.
    """
    tests, validation = tests_and_validation(run)
    return template("card.md.jinja").render(
        usage=usage,
        run=tests,
        validation=validation,
        details=run.details,
        ontology=ontology_of(run),
        metric=metric_name(run.metric),
        summaries={name: summarise(run, name) for name in tests.settings},
    )
