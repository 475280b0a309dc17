"""Settings of a run over images after an edit: what the ontology no longer, or newly, describes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kgtransfer.classification.outcomes import OUTCOMES
from kgtransfer.knowledge.axioms import axioms_of
from kgtransfer.knowledge.codes import codes_with_classes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kgtransfer.classification.outcomes.outcome import Outcome
    from kgtransfer.edits.edit import Edit
    from kgtransfer.images.config import VisionConfig

__all__ = ["added_beside", "changed_settings", "edited_config"]

EDITED = ("ignored", "more_classes")  # settings of the data that follow from the ontology


def edited_config(config: VisionConfig, edit: Edit, labels: Sequence[str]) -> VisionConfig:
    """Settings of a run -> the same after an edit of its ontology.

    A label whose class is gone is left out of the data, one whose class came back is taken in; a
    class that came, of no data set's label, is told apart by its axioms.

    Args:
        config: settings of the run.
        edit: of its ontology.
        labels: all that the run's data sets write.
    """
    outcome = OUTCOMES[config.data.labels]
    codes = codes_with_classes(edit.after, labels)
    ignored = tuple(label for label in labels if label not in codes)
    further = edit.renamed(edit.before.expand(name) for name in config.data.more_classes)
    kept = [iri for iri in further if iri in edit.after.rows]
    more = tuple(edit.after.compact(iri) for iri in (*kept, *_new_classes(edit, outcome, labels)))
    data = config.data.model_copy(update={"ignored": ignored, "more_classes": more})
    return config.model_copy(update={"data": data})


def changed_settings(before: VisionConfig, after: VisionConfig) -> dict[str, Any]:
    """Settings before and after an edit -> those of the data that it changes, by their keys."""
    return {
        f"data.{name}": list(getattr(after.data, name))
        for name in EDITED
        if getattr(before.data, name) != getattr(after.data, name)
    }


def _new_classes(edit: Edit, outcome: type[Outcome], labels: Sequence[str]) -> list[str]:
    """Added classes beside those that are told apart, with facts of their own."""
    after = edit.after
    targets = outcome.of(after, codes_with_classes(after, labels)).targets.classes
    axioms = axioms_of(after)
    return [
        iri
        for iri in added_beside(edit, targets)
        if not set(targets) & {*after.ancestors(iri), *after.subclasses(iri)}
        and axioms.facts(iri, inherited=False)
    ]


def added_beside(edit: Edit, targets: Sequence[str]) -> list[str]:
    """Added classes below what the classes that are told apart have in common; none of these."""
    after = edit.after
    above = {cls: set(after.ancestors(cls)) for cls in targets}
    shared = set.intersection(*above.values()) if above else set()
    nearest = {cls for cls in shared if not shared & set(after.subclasses(cls))}
    return [
        concept.iri
        for concept in edit.diff.added
        if concept.iri not in targets and nearest & set(after.ancestors(concept.iri))
    ]
