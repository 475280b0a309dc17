from __future__ import annotations

import pytest
import torch

from kgtransfer.images import frozen_features
from kgtransfer.images.frozen_features import RememberedRows


def _remembered() -> tuple[RememberedRows, list[int]]:
    asked: list[int] = []

    def made(inputs: torch.Tensor) -> torch.Tensor:
        asked.append(len(inputs))
        return inputs.float().flatten(1).sum(dim=1, keepdim=True)

    return RememberedRows(made), asked


def _images(*values: int) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.uint8).view(-1, 1, 1, 1).expand(-1, 3, 2, 2)


def test_each_image_is_read_once_and_rows_keep_their_order() -> None:
    rows, asked = _remembered()
    assert rows(_images(1, 2)).flatten().tolist() == [12.0, 24.0]
    assert rows(_images(3, 2, 1, 3)).flatten().tolist() == [36.0, 24.0, 12.0, 36.0]
    assert rows(_images(2)).flatten().tolist() == [24.0]
    assert asked == [2, 1]


def test_what_is_remembered_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frozen_features, "REMEMBERED", 3)
    rows, asked = _remembered()
    rows(_images(1, 2))
    assert rows(_images(3, 4)).flatten().tolist() == [36.0, 48.0]
    assert rows(_images(1, 2, 3, 4)).flatten().tolist() == [12.0, 24.0, 36.0, 48.0]
    assert asked == [2, 2, 4]
