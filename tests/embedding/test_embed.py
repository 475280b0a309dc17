from __future__ import annotations

import pytest
import torch

from kgtransfer.backbones.text import TextEncoder
from kgtransfer.embedding import embed
from kgtransfer.errors import ConfigError, DataError
from kgtransfer.knowledge.graph import KnowledgeGraph

FAMILY = "https://example.org/family/"


class Lengths:
    """Reads a text as its length."""

    name = "lengths"

    def encode(self, texts):
        return torch.tensor([[float(len(text)), 1.0] for text in texts])


@pytest.fixture(scope="module")
def embedded(family):
    return embed(family, text=Lengths(), dim=64, epochs=30, seed=5)


def test_text_comes_before_structure(embedded, family):
    assert embedded.iris == family.concepts
    assert embedded.parts == {"text": (0, 2), "structure": (2, 130)}
    assert embedded[FAMILY + "hermit"][:2].tolist() == [6.0, 1.0]


def test_structure_rows_are_of_unit_length_but_for_the_unlinked(embedded):
    norms = embedded.part("structure").vectors.norm(dim=1)
    (hermit,) = embedded.rows([FAMILY + "hermit"])
    assert norms[hermit] == 0
    linked = [norm for row, norm in enumerate(norms.tolist()) if row != hermit]
    assert linked == pytest.approx([1.0] * len(linked), abs=1e-5)


def test_the_vectors_know_the_family(embedded):
    near = [iri for iri, _ in embedded.part("structure").nearest(FAMILY + "child3-0", k=3)]
    assert set(near) == {f"{FAMILY}child3-{k}" for k in (1, 2, 3)}


def test_provenance_says_how_the_vectors_came_about(embedded, family):
    provenance = embedded.provenance
    assert provenance["graph"] == family.hash
    assert tuple(provenance[name] for name in ("encoder", "model", "dim", "seed")) == (
        "lengths",
        "complex",
        "64",
        "5",
    )
    assert 1 <= int(provenance["epochs"]) <= 30
    assert int(provenance["held_out_triples"]) == round(0.1 * len(family.edges))
    assert float(provenance["held_out_mrr"]) >= 0.9


def test_the_same_seed_embeds_to_the_bit(embedded, family):
    again = embed(family, text=Lengths(), dim=64, epochs=30, seed=5)
    assert torch.equal(again.vectors, embedded.vectors)


def test_selection_keeps_rows_of_the_whole_graphs_training(embedded, family):
    chosen = [FAMILY + "father2", FAMILY + "child0-1"]
    selected = embed(family, select=chosen, text=Lengths(), dim=64, epochs=30, seed=5)
    assert selected.iris == tuple(chosen)
    assert torch.equal(selected.vectors, embedded.select(chosen).vectors)


def test_text_alone_needs_no_links(family):
    words = embed(family.without([FAMILY + r for r in LINKS]), model=None, text=Lengths())
    assert words.parts == {"text": (0, 2)}
    assert "model" not in words.provenance


LINKS = ("childOf", "marriedTo", "parentOf", "siblingOf")


def test_structure_needs_links(family):
    with pytest.raises(DataError, match="no links"):
        embed(family.without([FAMILY + r for r in LINKS]))


def test_a_graph_too_small_to_hold_anything_out_is_learnt_whole(family):
    couple = (FAMILY + "mother0", FAMILY + "father0")
    two = KnowledgeGraph(
        t for t in family.triples if {t.subject.value, t.object.value} == {*couple}
    )
    embedded = embed(two, dim=4, epochs=7)
    assert sorted(embedded.iris) == sorted(couple)
    assert (embedded.provenance["epochs"], embedded.provenance["held_out_triples"]) == ("7", "0")
    assert "held_out_mrr" not in embedded.provenance


@pytest.mark.parametrize("text", [Lengths, Lengths()])
def test_an_encoder_is_a_class_or_an_instance(family, text):
    words = embed(family, model=None, text=text)
    assert words[FAMILY + "hermit"].tolist() == [6.0, 1.0]


@pytest.mark.slow
def test_an_encoder_has_a_short_name_or_a_folder(family, tmp_path):
    hermit = [FAMILY + "hermit"]
    words = embed(family, select=hermit, model=None, text="minilm")
    assert (words.parts, words.provenance["encoder"]) == ({"text": (0, 384)}, "minilm")
    TextEncoder.from_pretrained("minilm").save_pretrained(tmp_path / "mine")
    again = embed(family, select=hermit, model=None, text=tmp_path / "mine")
    assert again.provenance["encoder"] == "mine"
    assert torch.equal(again.vectors, words.vectors)


def test_a_folder_that_is_no_encoder_is_named(family):
    with pytest.raises(DataError, match="'minilim' is no model folder"):
        embed(family, text="minilim")


def test_encoders_of_one_name_do_not_share_cached_vectors(family, tmp_path):
    class Scaled(Lengths):
        def encode(self, texts):
            return 2 * super().encode(texts)

    first = embed(family, model=None, text=Lengths(), cache=tmp_path)
    second = embed(family, model=None, text=Scaled(), cache=tmp_path)
    assert torch.equal(second.vectors, 2 * first.vectors)


def test_nothing_to_embed_is_an_error(family):
    with pytest.raises(ConfigError, match="neither"):
        embed(family, model=None)
