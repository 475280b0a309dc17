"""`README.md` of a run's folder: the model card that the hub and readers expect."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kgtransfer.report.html import template
from kgtransfer.report.summary import metric_name, summarise
from kgtransfer.utils.files import write_atomically

if TYPE_CHECKING:
    from kgtransfer.experiments.results import RunResult

__all__ = ["write_card"]


def write_card(run: RunResult, folder: str | Path) -> Path:
    """Write the model card (Mitchell et al., FAT* 2019; hub front matter) and return its path."""
    text = template("card.md.jinja").render(
        run=run,
        details=run.details,
        metric=metric_name(run.metric),
        summaries={name: summarise(run, name) for name in run.settings},
    )
    path = Path(folder) / "README.md"
    write_atomically(path, text.encode())
    return path
