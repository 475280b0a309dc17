from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from kgtransfer.classification.outcomes.one_of import OneOf
from kgtransfer.classification.targets import Targets
from kgtransfer.errors import ConfigError
from kgtransfer.images.head_regression import fit_head_by_regression
from kgtransfer.images.network import ClassNetwork
from kgtransfer.images.pixel_grid import GRIDS, PixelGrid

OUTCOME = OneOf(Targets(("dark", "light"), ("e:Dark", "e:Light"), (0, 1)))


class Few(SimpleNamespace):
    group_list = ()

    def __len__(self) -> int:
        return len(self.targets)


def _pictures(count: int) -> tuple[torch.Tensor, np.ndarray]:
    """Dark and light ones."""
    targets = np.arange(count) % 2
    random = np.random.default_rng(0)
    pixels = random.integers(0, 100, (count, 3, 32, 32)) + 100 * targets[:, None, None, None]
    return torch.from_numpy(pixels.astype(np.uint8)), targets


def test_a_regression_on_a_grid_of_pixels_is_a_network() -> None:
    pixels, targets = _pictures(20)
    network = ClassNetwork.of(PixelGrid(16), 2, size=32, at=("global_pool",))
    bare = ClassNetwork.of(PixelGrid(16), 0, size=32)
    with torch.no_grad():
        features = bare(bare.normalised(pixels)).double().numpy()
    assert features.shape == (20, 3 * 16 * 16)
    assert float(features.max()) <= 1.0
    few = Few(targets=targets)
    fit_head_by_regression(network, features, few, np.zeros((20, 2)), OUTCOME)
    with torch.no_grad():
        answers = network.eval()(network.normalised(pixels))
        activations = network.activations(pixels)
    assert answers.argmax(dim=1).tolist() == targets.tolist()
    assert activations is not None
    assert activations.shape == (20, 3 * 16 * 16)


def test_beside_the_truth_the_head_has_little_left_to_say() -> None:
    pixels, targets = _pictures(20)
    features = pixels.double().flatten(1).numpy()[:, ::64]
    sizes = []
    for offset in (np.zeros((20, 2)), 12 * np.eye(2)[targets]):
        network = ClassNetwork.of(PixelGrid(4), 2, size=32)
        fit_head_by_regression(network, features, Few(targets=targets), offset, OUTCOME)
        sizes.append(float(network.backbone.get_classifier().weight.detach().norm()))
    assert sizes[1] < 0.05 * sizes[0]


def test_what_happens_to_be_nearly_the_same_in_a_few_samples_does_not_outweigh_the_rest() -> None:
    random = np.random.default_rng(0)
    targets = np.arange(400) % 2
    telling = random.normal(2.0 * targets[:, None], 1.0, (400, 24))
    rare = random.normal(0.0, 1e-3, (400, 24))  # off in the samples with labels, on elsewhere
    rare[4:] += random.normal(0.0, 1.0, (396, 24))
    features = np.hstack([telling, rare])
    network = ClassNetwork.of(PixelGrid(4), 2, size=32)
    few = Few(targets=targets[:4])
    fit_head_by_regression(network, features[:4], few, np.zeros((4, 2)), OUTCOME)
    head = network.backbone.get_classifier()
    with torch.no_grad():
        answers = head(torch.from_numpy(features[4:]).float()).argmax(dim=1).numpy()
    assert (answers == targets[4:]).mean() > 0.95


def test_a_head_that_is_no_linear_layer_is_refused() -> None:
    network = ClassNetwork.of(PixelGrid(4), 2, size=32)
    network.backbone.fc = nn.Sequential(nn.Linear(48, 2))
    with pytest.raises(ConfigError, match="the head of the backbone is a Sequential"):
        fit_head_by_regression(
            network, np.zeros((4, 48)), Few(targets=np.arange(4) % 2), np.zeros((4, 2)), OUTCOME
        )


def test_grids_are_told_apart_by_their_digest() -> None:
    assert len({grid.hash for grid in GRIDS.values()}) == len(GRIDS) == 2
