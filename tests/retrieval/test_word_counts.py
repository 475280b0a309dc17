from __future__ import annotations

import numpy as np
import pytest

from kgtransfer.retrieval.bm25 import Bm25, WordCounts

BEFORE = ["open a file", "close the file file", "sort rows"]
NOW = ["open a file", "sort the new rows", ""]


def test_counts_that_know_other_texts_give_the_scores_of_a_new_start() -> None:
    counts = WordCounts()
    old = Bm25(BEFORE, counts)
    known = Bm25(NOW, counts).scores(["the new file", "close nothing"])
    assert known == pytest.approx(Bm25(NOW).scores(["the new file", "close nothing"]), abs=1e-12)
    assert np.array_equal(known[1], [0, 0, 0])  # what only texts of before said
    assert old.scores(["new rows"])[0].argmax() == 2  # made before `new` was a word


def test_a_text_is_counted_once() -> None:
    seen: list[str] = []

    def words(text: str) -> list[str]:
        seen.append(text)
        return text.split()

    counts = WordCounts(words)
    Bm25(BEFORE, counts)
    Bm25(NOW, counts)
    assert seen == [*BEFORE, *NOW[1:]]
