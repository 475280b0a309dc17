"""Edit the ontology, retrain only what changed: diff, plan, and a new run beside the old one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kgtransfer.retraining.loop import once

if TYPE_CHECKING:
    from kgtransfer.results import RunResult

__all__ = ["retrain"]


def retrain(
    run: str | Path, ontology: str | Path | None = None, *, out: str | Path | None = None
) -> RunResult | None:
    """Bring a saved run up to date with its edited ontology.

    Args:
        run: folder of the run.
        ontology: the edited file or folder; by default where the run read it from.
        out: folder of the new run; by default beside the old one, with a number.

    Returns:
        The new run's result, with the arm `before` beside it; None where the edit changes nothing.

    Raises:
        RunError: the run is incomplete or altered, or its data sets are not what they were.
        OntologyError: the ontology cannot be read or breaks the shapes.
    """
    from kgtransfer.results import RunResult

    given = (Path(path) if path else None for path in (ontology, out))
    news = once(Path(run), next(given), out=next(given))
    return RunResult.load(news.run) if news.run else None
