"""`README.md` of a run's folder: the model card that the hub and readers expect."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kgtransfer.report.html import template
from kgtransfer.report.parts import tests_and_validation
from kgtransfer.report.summary import metric_name, ontology_of, summarise
from kgtransfer.utils.files import write_atomically

if TYPE_CHECKING:
    from kgtransfer.experiments.results import RunResult

__all__ = ["write_card"]


def write_card(run: RunResult, folder: str | Path) -> Path:
    """Write the model card (Mitchell et al., FAT* 2019; hub front matter) and return its path."""
    tests, validation = tests_and_validation(run)
    text = template("card.md.jinja").render(
        run=tests,
        validation=validation,
        details=run.details,
        ontology=ontology_of(run),
        metric=metric_name(run.metric),
        summaries={name: summarise(run, name) for name in tests.settings},
    )
    path = Path(folder) / "README.md"
    write_atomically(path, text.encode())
    return path
