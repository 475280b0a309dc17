from __future__ import annotations

import torch

from kgtransfer.embedding.text import concept_texts, text_vectors


class LetterCounts:
    """An encoder small enough to know its vectors by heart, which remembers what it read."""

    def __init__(self, scale: float = 1.0) -> None:
        self.scale, self.read = scale, []

    def encode(self, texts):
        self.read.extend(texts)
        return self.scale * torch.tensor([[t.count("a"), t.count("b")] for t in texts]).float()


def test_the_texts_are_labels_and_comments_in_row_order(family):
    texts = concept_texts(family)
    assert texts == [family.text(iri) for iri in family.concepts]
    assert texts[0] == "child0-0"


def test_equal_texts_are_read_once():
    encoder = LetterCounts()
    assert text_vectors(["ab", "b", "ab"], encoder).tolist() == [[1, 1], [0, 1], [1, 1]]
    assert encoder.read == ["ab", "b"]


def test_no_texts_keep_the_width():
    assert text_vectors([], LetterCounts()).shape == (0, 2)


def test_only_new_texts_are_read_again(tmp_path):
    first, second = LetterCounts(), LetterCounts()
    text_vectors(["ab", "b"], first, cache=tmp_path)
    vectors = text_vectors(["b", "aa", "ab"], second, cache=tmp_path)
    assert vectors.tolist() == [[0, 1], [2, 0], [1, 1]]
    assert "aa" in second.read
    assert not {"ab", "b"} & set(second.read)


def test_an_encoder_with_other_weights_does_not_share_the_cache(tmp_path):
    text_vectors(["ab"], LetterCounts(), cache=tmp_path)
    assert text_vectors(["ab"], LetterCounts(scale=2.0), cache=tmp_path).tolist() == [[2, 2]]


def test_a_damaged_cache_is_made_again(tmp_path):
    text_vectors(["ab"], LetterCounts(), cache=tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:20])
    encoder = LetterCounts()
    assert text_vectors(["ab"], encoder, cache=tmp_path).tolist() == [[1, 1]]
    assert "ab" in encoder.read
    text_vectors(["ab"], encoder, cache=tmp_path)
    assert encoder.read.count("ab") == 1
