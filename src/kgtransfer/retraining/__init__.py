"""Edit the ontology, retrain only what changed: diff, plan, and a new run beside the old one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kgtransfer.kinds import load
from kgtransfer.retraining.loop import once
from kgtransfer.signing import verify_folder

if TYPE_CHECKING:
    from kgtransfer.kinds import SavedRun
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["retrain"]


def retrain(
    run: str | Path | SavedRun,
    ontology: str | Path | KnowledgeGraph | None = None,
    *,
    out: str | Path | None = None,
    verify_with: str | Path | None = None,
) -> SavedRun | None:
    """Bring a saved run up to date with its edited ontology.

    Args:
        run: the run, or its folder.
        ontology: the edited ontology, or its file or folder; by default where the run read it from.
        out: folder of the new run; by default beside the old one, with a number.
        verify_with: file of a public key; the run is read only where that key signed it.

    Returns:
        The new run, with the arm `before` in its result; None where the edit changes nothing.

    Raises:
        SignatureError: the run is not signed by that key, or not what was signed.
        RunError: the run is incomplete or altered, its data sets are not what they were, or its
            kind is not retrained.
        DataError: the ontology, or a data set, is not where it should be.
        OntologyError: the ontology cannot be read or breaks the shapes.
    """
    folder = Path(run) if isinstance(run, str | Path) else run.folder
    if verify_with:
        verify_folder(folder, verify_with)
    if isinstance(ontology, str):
        ontology = Path(ontology)
    news = once(folder, ontology, out=Path(out) if out else None)
    return load(news.run) if news.run else None
