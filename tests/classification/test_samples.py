"""Samples: parts and digests."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from kgtransfer.classification.samples import Samples
from kgtransfer.grounding.base import Grounding
from kgtransfer.grounding.observations import Observations


def _samples(targets: np.ndarray) -> Samples:
    """Samples that are numbered by their inputs and measures."""
    count = len(targets)
    names = tuple(f"{row}.png" for row in range(count))
    return Samples(
        names,
        tuple("abc"[target] for target in targets),
        targets,
        Observations({"e:Size": ("e:Big",)}, {"e:Size": np.ones((count, 1))}),
        Grounding.from_lists(("e:Big",), ("e:Size",), [{"e:Size": [0]}] * count),
        np.arange(count, dtype=np.float64)[:, None],
        torch.arange(count)[:, None],
    )


def test_a_part_has_the_rows_of_everything() -> None:
    part = _samples(np.array([0, 1, 2, 0]))[[2, 0]]
    assert part.names == ("2.png", "0.png")
    assert part.labels == ("c", "a")
    assert part.targets.tolist() == [2, 0]
    assert part.measures.tolist() == [[2], [0]]
    assert part.inputs.tolist() == [[2], [0]]
    assert len(part.grounding) == len(part) == 2


def test_digests_tell_inputs_and_targets_apart() -> None:
    one, other = _samples(np.array([0, 1])), _samples(np.array([1, 0]))
    assert one.inputs_hash == other.inputs_hash
    assert one.hash != other.hash
    assert one.inputs_hash != _samples(np.array([0, 1]))[[1, 0]].inputs_hash


def test_groups_go_with_their_samples_and_are_part_of_the_digest() -> None:
    plain = _samples(np.array([0, 1, 0]))
    grouped = replace(plain, groups=np.array([5, 5, 7]))
    assert (plain.group_list, grouped[[2, 1]].group_list) == ([], [7, 5])
    assert plain[[0]].groups is None
    assert grouped.hash != plain.hash != replace(plain, groups=np.array([5, 6, 7])).hash
