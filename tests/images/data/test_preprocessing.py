"""Random views, and those that show the same."""

from __future__ import annotations

import torch

from kgtransfer.images.data.preprocessing import Augmentation, turned


def test_views_are_reproducible_and_differ() -> None:
    batch = torch.rand(3, 3, 24, 24) * 2 - 1
    views = [Augmentation()(batch, torch.Generator().manual_seed(seed)) for seed in (0, 0, 1)]
    assert torch.equal(views[0], views[1])
    assert not torch.allclose(views[0], views[2])
    assert views[0].shape == batch.shape


def test_images_stay_upright_and_their_sides_where_they_are() -> None:
    batch = torch.rand(8, 3, 24, 24) * 2 - 1
    views = Augmentation(zoom=0, colours=0)(batch, torch.Generator().manual_seed(0))
    assert (views - batch).abs().max() < 1e-4


def test_only_some_are_mirrored_where_asked() -> None:
    batch = torch.rand(8, 3, 24, 24) * 2 - 1
    mirrored = Augmentation(mirrors=True, zoom=0, colours=0)
    views = mirrored(batch, torch.Generator().manual_seed(0))
    same = (views - batch).abs().amax((1, 2, 3)) < 1e-4
    flipped = (views - batch.flip(-1)).abs().amax((1, 2, 3)) < 1e-4
    assert {*same.tolist()} == {True, False}
    assert torch.equal(flipped, ~same)


def test_turns_are_by_any_angle() -> None:
    batch = torch.zeros(4, 3, 25, 25)
    batch[:, :, 12, :] = 1  # a level line through the middle
    views = Augmentation(turns=True, zoom=0, colours=0)(batch, torch.Generator().manual_seed(0))
    assert (views[:, 0, 12, 0] < 0.9).all()  # it is level no more
    assert (views[:, 0, 12, 12] > 0.5).all()


def test_a_square_has_eight_views_of_the_same() -> None:
    image = torch.arange(9.0).view(1, 3, 3)
    views = [turned(image, view) for view in range(8)]
    assert torch.equal(views[0], image)
    assert views[1].tolist() == [[[2, 5, 8], [1, 4, 7], [0, 3, 6]]]
    assert views[4].tolist() == [[[2, 1, 0], [5, 4, 3], [8, 7, 6]]]
    assert len({str(view.tolist()) for view in views}) == 8
