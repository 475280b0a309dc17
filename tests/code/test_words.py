"""Documents by their words, and by those of their contexts."""

from __future__ import annotations

import numpy as np

from kgtransfer.code.words import DocumentWords

CODES = ["def read_rows(): pass", "def writeFile(): pass"]
CONTEXTS = ["csv files\ndef read_rows(): pass", "archives\ndef writeFile(): pass"]


def test_names_are_split_into_words() -> None:
    scores = DocumentWords(CODES).scores(["read rows", "write a file"])
    assert scores.argmax(axis=1).tolist() == [0, 1]


def test_a_context_finds_what_the_code_does_not_say() -> None:
    words = DocumentWords(CODES, CONTEXTS)
    assert words.scores(["csv"]).tolist() == [[0.0, 0.0]]
    half, whole = (words.scores(["csv"], share) for share in (0.5, 1.0))
    assert whole[0, 0] > half[0, 0] > half[0, 1] == 0.0


def test_without_a_share_contexts_play_no_part() -> None:
    read, plain = DocumentWords(CODES, CONTEXTS), DocumentWords(CODES)
    assert np.array_equal(read.scores(["read"]), plain.scores(["read"]))
