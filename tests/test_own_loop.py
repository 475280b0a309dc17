"""Knowledge in a user's own training loop: a measurer of his own, a timm model, a DataLoader."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import timm
import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader

import kgtransfer as kgt

XRAY = "http://example.org/xray#"
ONTOLOGY = f"""
@prefix : <{XRAY}> .
@prefix kgt: <https://w3id.org/kgtransfer/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
:Lung rdfs:subClassOf kgt:Attribute ; rdfs:label "lung" .
:Opaque rdfs:subClassOf :Lung ; rdfs:label "opaque" ; skos:definition "White: fluid fills it." ;
    kgt:measuredBy :opacity ; kgt:threshold 0.3 ; kgt:softness 0.05 .
:Clear rdfs:subClassOf :Lung ; rdfs:label "clear" ; skos:definition "Dark: air fills it." ;
    kgt:measuredBy :opacity ; kgt:threshold 0.3 ; kgt:softness -0.05 .
"""


class Xray:
    """What a user writes: two names, no base class."""

    measures = (XRAY + "opacity",)

    def measure(self, images: Any) -> Any:
        return np.array([[image.mean() / 255] for image in images])


class Reversed:
    """The same grounder with its concepts the other way round."""

    def __init__(self, grounder: Any) -> None:
        self.grounder = grounder
        self.concepts, self.relations = tuple(reversed(grounder.concepts)), grounder.relations

    def ground(self, images: Any) -> Any:
        return self.grounder.observe(images).grounding(self.concepts)


def _drawn(count: int = 24) -> tuple[list[np.ndarray], torch.Tensor]:
    """Lungs, every other one with a bright area that covers most of it."""
    random = np.random.default_rng(0)
    labels = torch.arange(count) % 2
    images = []
    for label in labels.tolist():
        image = random.integers(0, 60, (64, 64, 3), dtype=np.uint8)
        if label:
            image[8:56, 8:56] += 160
        images.append(image)
    return images, labels


@pytest.fixture(scope="module")
def grounder(tmp_path_factory: pytest.TempPathFactory) -> Any:
    file = tmp_path_factory.mktemp("ontology") / "xray.ttl"
    file.write_text(ONTOLOGY, encoding="utf-8")
    return kgt.MeasuredGrounder(kgt.read_ontology(file), Xray())


@pytest.fixture(scope="module")
def concepts(grounder: Any) -> Any:
    text = kgt.TextEncoder.from_pretrained("minilm")
    return kgt.embed(grounder.graph, select=grounder.concepts, text=text, dim=8, epochs=2)


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("by", ["film", "attention", "gates"])
def test_the_loop_of_a_user_runs_and_moves_the_gates(
    grounder: Any, concepts: Any, by: str, workers: int
) -> None:
    torch.manual_seed(0)
    images, labels = _drawn()
    pixels = torch.stack([torch.from_numpy(image).permute(2, 0, 1) / 255 for image in images])
    plain = timm.create_model("resnet10t", num_classes=2)
    before = plain.eval()(pixels)

    net = kgt.condition(plain, concepts, grounder, by=by, at="global_pool")
    grounding = grounder.ground(images)
    assert torch.equal(net.eval()(pixels, condition=grounding), before)
    assert set(kgt.gates(net).values()) == {0.0}

    loader = DataLoader(
        list(zip(pixels, labels, grounding, strict=True)),
        8,
        collate_fn=kgt.collate,
        num_workers=workers,
    )
    optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3)
    net.train()
    for x, y, shown in loader:
        loss = F.cross_entropy(net(x, condition=shown), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    assert all(kgt.gates(net).values())
    assert not torch.equal(net.eval()(pixels, condition=grounding), net(pixels))


def test_what_is_grounded_follows_the_turtle(grounder: Any) -> None:
    grounding = grounder.ground(_drawn(2)[0])
    assert grounding.concepts == (XRAY + "Clear", XRAY + "Opaque")
    assert grounding.relations == (XRAY + "Lung",)
    assert grounding.weights.view(2, 2)[:, 1].tolist() == pytest.approx([0.034, 0.958], abs=0.01)


def test_concepts_in_another_order_are_refused(grounder: Any, concepts: Any) -> None:
    images, _ = _drawn(4)
    pixels = torch.zeros(4, 3, 64, 64)
    plain = timm.create_model("resnet10t", num_classes=2)
    net = kgt.condition(plain, concepts, grounder, by="film", at="global_pool")
    other = Reversed(grounder)
    with pytest.raises(kgt.KgTransferError, match=r"concept 0 is <.*#Opaque>, not <.*#Clear>"):
        net(pixels, condition=other.ground(images))
    of_both = [(0, next(iter(g.ground(images)))) for g in (grounder, other)]
    with pytest.raises(kgt.KgTransferError, match="cannot be joined"):
        kgt.collate(of_both)
