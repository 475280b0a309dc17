"""One of several classes."""

from __future__ import annotations

import numpy as np
import pytest

from kgtransfer.classification.outcomes.one_of import OneOf
from kgtransfer.classification.targets import Targets

OUTCOME = OneOf(Targets(("cat", "dog"), ("e:Cat", "e:Dog"), (0, 1)))


@pytest.mark.parametrize(
    ("cell", "message"), [("", "no label"), ("cat|dog", "cat|dog are several labels")]
)
def test_a_cell_with_none_or_several_labels_is_refused_with_the_setting_for_it(
    cell: str, message: str
) -> None:
    assert OneOf.malformed("cat") is None
    refused = OneOf.malformed(cell)
    assert refused is not None
    assert refused.message == message
    assert '[data] labels = "several"' in refused.cure


def test_classes_with_fewer_samples_are_scarce() -> None:
    targets = np.array([0, 0, 1])
    assert OUTCOME.scarce(targets, 1) == {}
    assert OUTCOME.scarce(targets, 2) == {"dog": 1}
