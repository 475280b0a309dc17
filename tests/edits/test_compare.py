"""After and before an edit, on the images that both know."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from kgtransfer.classification.metrics import balanced_scores
from kgtransfer.classification.samples import Samples
from kgtransfer.edits.compare import beside
from kgtransfer.experiments.comparison import ArmScores, SettingResult
from kgtransfer.images.data.folder import Images


def _samples(*labels: str) -> Samples:
    """Ten images of each label."""
    names = tuple(f"{label}{n}" for label in labels for n in range(10))
    targets = np.repeat(range(len(labels)), 10)
    images = Images(Path(), names, tuple(label for label in labels for _ in range(10)), {})
    return Samples(images, None, targets, None, None, None)  # type: ignore[arg-type]


def _setting(samples: Samples, *arms: tuple[str, list[float]]) -> SettingResult:
    """Arms that are right in a share of each label's images."""
    scores = []
    for name, shares in arms:
        right = np.concatenate([np.arange(10) < 10 * share for share in shares])
        table = balanced_scores(right, samples.targets)[None]
        scores.append(ArmScores(name, table, strata=samples.targets.tolist()))
    return SettingResult.of("home, 5 labels", scores, ())


def test_on_the_same_images_arms_without_knowledge_stand_beside() -> None:
    both = _samples("cat", "dog")
    then = _setting(both, ("none", [0.5, 0.5]), ("kg", [0.8, 0.8]), ("axioms", [0.1, 0.1]))
    now = _setting(both, ("kg", [1.0, 0.8]))
    (found,) = beside(now, then, both, both)
    assert {name: round(arm.mean, 2) for name, arm in found.arms.items()} == {
        "kg": 0.9, "before": 0.8, "none": 0.5
    }  # fmt: skip
    assert [(c.a, c.b) for c in found.comparisons] == [("kg", "before"), ("kg", "none")]


def test_labels_that_are_numbered_anew_do_not_mix() -> None:
    old, new = _samples("cat", "dog"), _samples("cat", "dog")
    moved = Samples(new.images, None, new.targets + 1, None, None, None)  # type: ignore[arg-type]
    now = _setting(moved, ("kg", [1.0, 0.8]))
    (found,) = beside(now, _setting(old, ("kg", [0.8, 0.8])), moved, old)
    assert {tuple(arm.strata) for arm in found.arms.values()} == {(1,) * 10 + (2,) * 10}


def test_where_a_class_came_the_others_are_compared_by_themselves() -> None:
    old, new = _samples("cat", "dog"), _samples("ant", "cat", "dog")
    then = _setting(old, ("kg", [0.8, 0.6]), ("none", [0.5, 0.5]))
    now = _setting(new, ("kg", [0.9, 0.7, 0.6]))
    whole, shared = beside(now, then, new, old)
    assert whole is now
    assert shared.name == "home, 5 labels, classes of both"
    assert {name: round(arm.mean, 2) for name, arm in shared.arms.items()} == {
        "kg": 0.65, "before": 0.7
    }  # fmt: skip
    assert shared.samples == 20


def test_without_a_shared_image_nothing_is_compared() -> None:
    old, new = _samples("cat"), _samples("dog")
    now = _setting(new, ("kg", [0.5]))
    assert beside(now, _setting(old, ("kg", [0.5])), new, old) == [now]
