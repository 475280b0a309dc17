from __future__ import annotations

import json

import pytest
import torch

from kgtransfer.embedding.concepts import ConceptEmbeddings
from kgtransfer.errors import DataError, RunError
from kgtransfer.store.base import Selection


@pytest.fixture
def concepts() -> ConceptEmbeddings:
    columns = {
        "text": torch.tensor([[1.0, 0.0], [0.8, 0.6], [0.0, 1.0], [-1.0, 0.0]]),
        "structure": torch.arange(12.0).view(4, 3),
    }
    return ConceptEmbeddings.from_parts(["e:a", "e:b", "e:c", "e:d"], columns, {"graph": "0f"})


def test_rows_go_by_iri(concepts):
    assert concepts.rows(["e:c", "e:a"]) == [2, 0]
    assert concepts["e:b"].tolist() == pytest.approx([0.8, 0.6, 3.0, 4.0, 5.0])
    assert len(concepts) == 4
    assert "e:b" in concepts
    assert "e:x" not in concepts


def test_an_unknown_concept_is_named_with_its_nearest_name(concepts):
    with pytest.raises(DataError, match=r"<e:bb>\n.*did you mean <e:b>"):
        concepts.rows(["e:a", "e:bb"])


def test_selection_by_iris_or_by_a_store(concepts):
    chosen = concepts.select(["e:d", "e:a", "e:d"])
    assert chosen.iris == ("e:d", "e:a")
    assert torch.equal(chosen.vectors, concepts.vectors[[3, 0]])
    by_store = concepts.select(Selection(("e:d", "e:a"), None))
    assert by_store.iris == chosen.iris
    assert by_store.parts == concepts.parts
    with pytest.raises(DataError, match="zz"):
        concepts.select(["zz"])


def test_parts_are_columns(concepts):
    assert concepts.parts == {"text": (0, 2), "structure": (2, 5)}
    structure = concepts.part("structure")
    assert structure.parts == {"structure": (0, 3)}
    assert torch.equal(structure.vectors, concepts.vectors[:, 2:])
    turned = concepts.part("structure", "text")
    assert turned.parts == {"structure": (0, 3), "text": (3, 5)}
    assert torch.equal(turned.part("text").vectors, concepts.vectors[:, :2])
    with pytest.raises(DataError, match="no part colour"):
        concepts.part("colour")


def test_nearest_is_by_cosine_and_leaves_the_concept_out(concepts):
    text = concepts.part("text")
    near = text.nearest("e:a", k=2)
    assert [iri for iri, _ in near] == ["e:b", "e:c"]
    assert [cosine for _, cosine in near] == pytest.approx([0.8, 0.0])
    assert text.nearest(torch.tensor([0.0, 9.0]), k=1) == [("e:c", 1.0)]
    assert len(text.nearest("e:a", k=99)) == 3


def test_shuffling_moves_every_row_within_its_type(concepts):
    many = ConceptEmbeddings.from_parts(
        [f"e:{i}" for i in range(20)], {"text": torch.arange(20.0)[:, None]}, {}
    )
    types = {f"e:{i}": "odd" if i % 2 else "even" for i in range(19)}  # 19 is alone, untyped
    mixed = many.shuffled(types, seed=1)
    source = [int(row) for row in mixed.vectors[:, 0]]
    assert mixed.iris == many.iris
    assert sorted(source) == list(range(20))
    assert all((row - new) % 2 == 0 for row, new in enumerate(source))
    assert [row for row, new in enumerate(source) if row == new] == [19]
    assert torch.equal(mixed.vectors, many.shuffled(types, seed=1).vectors)
    assert not torch.equal(mixed.vectors, many.shuffled(types, seed=2).vectors)
    assert mixed.provenance == {"rows": "shuffled within type, seed 1"}


def test_random_rows_keep_the_norms_of_their_parts(concepts):
    noise = concepts.random(seed=3)
    for part in concepts.parts:
        random_part, part_vectors = noise.part(part).vectors, concepts.part(part).vectors
        torch.testing.assert_close(random_part.norm(dim=1), part_vectors.norm(dim=1))
        assert not torch.allclose(random_part, part_vectors)
    assert torch.equal(noise.vectors, concepts.random(seed=3).vectors)


def test_repeated_iris_are_refused():
    with pytest.raises(DataError, match="1 of them different"):
        ConceptEmbeddings(("e:a", "e:a"), torch.zeros(2, 1), {"text": (0, 1)})


def test_saved_and_loaded_to_the_bit(concepts, tmp_path):
    concepts.part("structure", "text").save(tmp_path / "E")  # columns no longer contiguous
    loaded = ConceptEmbeddings.load(tmp_path / "E")
    assert loaded.iris == concepts.iris
    assert loaded.parts == {"structure": (0, 3), "text": (3, 5)}
    assert loaded.provenance == {"graph": "0f"}
    assert torch.equal(loaded.vectors, concepts.part("structure", "text").vectors)
    files = sorted(file.name for file in (tmp_path / "E").iterdir())
    assert files == ["concepts.json", "concepts.safetensors"]


@pytest.mark.parametrize("name", ["concepts.json", "concepts.safetensors"])
@pytest.mark.parametrize("damage", [lambda content: content[:-9], lambda content: b"", None])
def test_cut_off_or_missing_files_are_named(concepts, tmp_path, name, damage):
    concepts.save(tmp_path)
    file = tmp_path / name
    if damage is None:
        file.unlink()
    else:
        file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(RunError, match=name):
        ConceptEmbeddings.load(tmp_path)


def test_a_changed_number_is_found(concepts, tmp_path):
    concepts.save(tmp_path)
    file = tmp_path / "concepts.safetensors"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    with pytest.raises(RunError, match=r"concepts\.safetensors"):
        ConceptEmbeddings.load(tmp_path)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("iris", ["e:b", "e:a", "e:c", "e:d"]),
        ("parts", {"text": [0, 5]}),
        ("provenance", {"graph": "ff"}),
    ],
)
def test_a_changed_index_is_found(concepts, tmp_path, key, value):
    concepts.save(tmp_path)
    file = tmp_path / "concepts.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {key: value}))
    with pytest.raises(RunError, match=r"concepts\.json"):
        ConceptEmbeddings.load(tmp_path)
