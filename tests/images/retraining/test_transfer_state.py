"""What a model learned goes to the rows and columns of the same names."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from kgtransfer.classification.samples import Samples
from kgtransfer.embedding.concepts import ConceptEmbeddings
from kgtransfer.images.backbone import VisionBackbone
from kgtransfer.images.head import ClassHead
from kgtransfer.images.network import ClassNetwork
from kgtransfer.images.retraining.transfer_state import transferred_activations, transferred_state

CONCEPTS = ConceptEmbeddings.from_parts(("e:a", "e:b"), {"text": torch.eye(2)}, {})


def _network(labels: int, relations: tuple[str, ...]) -> ClassNetwork:
    return ClassNetwork.of(
        VisionBackbone.named("mobilenetv3_small_050", weights="random"),
        labels,
        size=32,
        by="film",
        concepts=CONCEPTS,
        relations=relations,
        at=("global_pool",),
    )


@pytest.fixture
def old() -> ClassNetwork:
    """Every parameter is moved, and so little that activations stay about 1."""
    torch.manual_seed(0)
    network = _network(2, ("e:colour", "e:shape"))
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
    return network


def test_heads_and_conditioners_are_told_by_name_and_frozen_layers_stay(
    old: ClassNetwork,
) -> None:
    new = _network(3, ("e:shape", "e:size", "e:colour"))
    labels = ("cat", "dog"), ("ant", "cat", "dog")
    relations = ("e:colour", "e:shape"), ("e:shape", "e:size", "e:colour")
    state = transferred_state(old.state_dict(), new, labels, relations)
    new.load_state_dict(state)
    head, was = new.backbone.get_classifier(), old.backbone.get_classifier()
    assert head.weight[0].abs().max() == 0
    assert head.bias[0] == 0
    torch.testing.assert_close(head.weight[1:], was.weight, rtol=0, atol=0)
    (film,), (before,) = new.model.conditioners, old.model.conditioners
    assert film.hidden.weight.shape == (32, 6)
    torch.testing.assert_close(film.hidden.weight[:, :2], before.hidden.weight[:, 2:])
    torch.testing.assert_close(film.hidden.weight[:, 4:], before.hidden.weight[:, :2])
    torch.testing.assert_close(new.backbone.conv_stem.weight, old.backbone.conv_stem.weight)


def test_a_class_that_goes_takes_its_row_along(old: ClassNetwork) -> None:
    new = _network(1, ("e:colour", "e:shape"))
    relations = (("e:colour", "e:shape"),) * 2
    state = transferred_state(old.state_dict(), new, (("cat", "dog"), ("dog",)), relations)
    new.load_state_dict(state)
    head, was = new.backbone.get_classifier(), old.backbone.get_classifier()
    torch.testing.assert_close(head.weight, was.weight[1:])


def test_only_images_that_are_new_are_looked_at(old: ClassNetwork) -> None:
    head = ClassHead.of(old)
    assert head is not None
    pixels = torch.randint(0, 256, (3, 3, 32, 32), dtype=torch.uint8)
    names = ("a.png", "b.png", "c.png")
    nothing: Any = None
    samples = Samples(names, ("x",) * 3, nothing, nothing, nothing, nothing, pixels)
    whole, made = transferred_activations(head, {}, samples)
    assert made == 3
    kept = {"c.png": whole[2] + 1, "a.png": whole[0] + 1}
    found, made = transferred_activations(head, kept, samples)
    assert made == 1
    assert torch.equal(found[0], kept["a.png"])
    assert torch.equal(found[2], kept["c.png"])
    rounding = (found[1] - whole[1]).norm()  # of another size of batch
    assert rounding < 0.05 * (whole[1] - whole[0]).norm()
