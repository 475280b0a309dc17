from __future__ import annotations

import numpy as np
import pytest
import torch

from kgtransfer.errors import DataError
from kgtransfer.images.backbone import VisionBackbone
from kgtransfer.images.synsets.head import DEPICTED, SynsetGrounder, synsets_of_head
from kgtransfer.knowledge.wordnet import synset_iri

PHOTOS = [np.full((40, 50, 3), value, dtype=np.uint8) for value in (10, 120, 250)]


@pytest.fixture(scope="module")
def grounder() -> SynsetGrounder:
    torch.manual_seed(0)
    return SynsetGrounder(VisionBackbone.named("test_efficientnet", weights="random"), size=64)


def test_a_photo_shows_the_synsets_that_the_head_names(grounder: SynsetGrounder) -> None:
    observed = grounder.observe(PHOTOS)
    shares = observed.weights[DEPICTED]
    assert observed.values[DEPICTED][0] == synset_iri("n01440764")
    assert shares.shape == (3, 1000)
    assert shares.sum(axis=1) == pytest.approx([1, 1, 1])
    assert not np.allclose(shares[0], shares[2])


def test_a_photo_is_grounded_on_the_synsets(grounder: SynsetGrounder) -> None:
    grounding = grounder.ground(PHOTOS)
    assert grounding.concepts is grounder.concepts
    assert grounding.relations == grounder.relations == (DEPICTED,)
    shares = grounder.observe(PHOTOS).weights[DEPICTED]
    assert grounding.weights.view(3, 1000).numpy() == pytest.approx(shares, abs=1e-6)
    assert grounding.concepts_of(2)[DEPICTED][0] == synset_iri("n01440764")


def test_features_are_what_the_head_reads(grounder: SynsetGrounder) -> None:
    features = grounder.features(PHOTOS)
    assert features.shape[0] == 3
    again = grounder.observations(features).weights[DEPICTED]
    assert np.array_equal(again, grounder.observe(PHOTOS).weights[DEPICTED])


def test_one_photo_alone_or_among_others_is_the_same(grounder: SynsetGrounder) -> None:
    alone = grounder.features(PHOTOS[1:2])
    assert alone[0] == pytest.approx(grounder.features(PHOTOS)[1], abs=1e-5)
    assert grounder.features([]).shape == (0, alone.shape[1])


def test_a_head_of_another_width_is_refused() -> None:
    backbone = VisionBackbone.named("test_efficientnet", weights="random")
    with pytest.raises(DataError, match="the head has 1000 classes, not 2"):
        SynsetGrounder(backbone, synsets=["n00000001", "n00000002"])
    with pytest.raises(DataError, match="a head of 19 classes is none of ImageNet"):
        synsets_of_head(19)


def test_pixels_are_normalised_as_the_weights_expect(grounder: SynsetGrounder) -> None:
    torch.manual_seed(0)
    model = VisionBackbone.named("test_efficientnet", weights="random").build().eval()
    mean, deviation = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    photo = np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    pixels = (photo / 255 - np.array(mean)) / np.array(deviation)
    with torch.no_grad():
        logits = model(torch.from_numpy(pixels).float().permute(2, 0, 1)[None])
    shares = grounder.observe([photo]).weights[DEPICTED]
    assert shares == pytest.approx(logits.softmax(dim=1).numpy(), rel=1e-4)
