"""What a model learned goes to the rows and columns of the same names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from kgtransfer.classification.samples import Samples
from kgtransfer.conditioning.attachment import CONDITIONERS
from kgtransfer.embedding.concepts import ConceptEmbeddings
from kgtransfer.images.backbone import VisionBackbone
from kgtransfer.images.head import ClassHead
from kgtransfer.images.network import ClassNetwork
from kgtransfer.images.retraining.transfer_state import transferred_activations, transferred_state

CONCEPTS = ConceptEmbeddings.from_parts(("e:a", "e:b"), {"text": torch.eye(2)}, {})


class Own(nn.Module):
    """A conditioner of the user's, which does not say which weights belong to a relation."""

    def __init__(self, embeddings: Tensor, relations: Sequence[str], width: int) -> None:
        super().__init__()
        self.strength = nn.Parameter(torch.zeros(len(relations)))

    def forward(self, x: Tensor, condition: object) -> Tensor:
        return x + self.strength.sum()


def _network(labels: int, relations: tuple[str, ...], by: Any = "film") -> ClassNetwork:
    return ClassNetwork.of(
        VisionBackbone.named("mobilenetv3_small_050", weights="random"),
        labels,
        size=32,
        by=by,
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


@pytest.mark.parametrize("name", sorted(CONDITIONERS))
def test_every_conditioner_says_which_of_its_weights_belong_to_a_relation(name: str) -> None:
    """As many as there are relations: with one more, nothing else has another shape."""
    few, more = (_network(2, relations, name) for relations in (("a", "b"), ("a", "b", "c")))
    (one,), (two,) = few.model.conditioners, more.model.conditioners
    shapes = dict(one.named_parameters())
    grown = {
        key: next(axis for axis, size in enumerate(new.shape) if size != shapes[key].shape[axis])
        for key, new in two.named_parameters()
        if new.shape != shapes[key].shape
    }
    assert grown == dict(one.by_relation)


def test_gates_go_to_the_relations_of_their_names() -> None:
    old, new = _network(2, ("a", "b"), "gates"), _network(2, ("b", "c", "a"), "gates")
    (gates,) = old.model.conditioners
    gates.set({"a": 0.25, "b": 0.5})
    labels = (("cat", "dog"),) * 2
    state = transferred_state(old.state_dict(), new, labels, (("a", "b"), ("b", "c", "a")))
    new.load_state_dict(state)
    (after,) = new.model.conditioners
    assert after.gate_values() == {"b": 0.5, "c": 0.0, "a": 0.25}


def test_a_conditioner_that_does_not_say_it_starts_anew_where_relations_changed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    old, labels = _network(2, ("a", "b"), Own), (("cat", "dog"),) * 2
    with torch.no_grad():
        old.model.conditioners[0].strength.copy_(torch.tensor([1.0, 2.0]))
    for relations, strength in (("a", "b"), [1.0, 2.0]), (("b", "a"), [0.0, 0.0]):
        new = _network(2, relations, Own)
        state = transferred_state(old.state_dict(), new, labels, (("a", "b"), relations))
        new.load_state_dict(state)
        assert new.model.conditioners[0].strength.tolist() == strength
        told = capsys.readouterr().err
        assert ("conditioner Own starts anew: relations changed" in told) == (relations[0] == "b")


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
