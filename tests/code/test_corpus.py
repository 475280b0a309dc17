"""Search corpora from source code."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.code.corpus import SearchCorpus, source_corpus
from kgtransfer.code.languages.reading import read_modules
from kgtransfer.code.languages.source import SourceModule
from kgtransfer.errors import DataError


def test_parts_are_disjoint_and_cover_the_pool(corpus: SearchCorpus) -> None:
    parts = [set(corpus.dev), set(corpus.labelled), set(corpus.test)]
    assert sum(map(len, parts)) == len(set.union(*parts)) == len(corpus.documents)
    assert len(corpus.test) > len(corpus.dev) > 10


def test_adaptation_code_is_outside_the_pool(corpus: SearchCorpus) -> None:
    pool = {document.iri for document in corpus.documents}
    assert len(corpus.adaptation) > 50
    assert not pool & {snippet.iri for snippet in corpus.adaptation}
    codes = {document.code for document in corpus.documents}
    assert len(codes) == len(corpus.documents)
    assert not codes & {snippet.code for snippet in corpus.adaptation}


def test_queries_are_first_sentences(corpus: SearchCorpus) -> None:
    asked = (*corpus.dev, *corpus.labelled, *corpus.test)
    (loads,) = (query for query in asked if query.answer.iri.endswith("/json.loads"))
    assert loads.text.startswith("Deserialize ``s``")
    assert loads.text not in loads.answer.code
    assert loads.answer is corpus.documents[corpus.targets([loads])[0]]


def test_the_split_depends_on_the_seed_alone(library: list[SourceModule]) -> None:
    assert source_corpus(library, seed=3) == source_corpus(library, seed=3)
    assert source_corpus(library, seed=3).test != source_corpus(library, seed=4).test


def test_masking_hides_every_own_name(corpus: SearchCorpus) -> None:
    masked = corpus.with_names_masked()
    for document, plain in zip(masked.documents, corpus.documents, strict=True):
        assert document.name not in document.code.replace("(", " ").split()
        assert document.iri == plain.iri
    for query, shown in zip(masked.test, corpus.test, strict=True):
        assert query.text == shown.text
        assert query.answer in masked.documents
    names = {document.name for document in corpus.documents}
    assert not names & {snippet.name for snippet in masked.adaptation}
    assert masked.hash != corpus.hash


def test_another_code_base_can_be_searched(
    library: list[SourceModule], corpus: SearchCorpus
) -> None:
    calendar = [m for m in library if m.name == "calendar"]
    others = [m for m in library if m.name != "calendar"]
    transfer = source_corpus(others, calendar)
    assert {d.module for d in transfer.documents} == {"calendar"}
    assert "calendar" not in {s.module for s in transfer.adaptation}


def test_too_few_functions_is_a_clear_error(shop: list[SourceModule]) -> None:
    with pytest.raises(DataError, match="only 2 documented public functions"):
        source_corpus(shop)


def _package(folder: Path, documented: int, bare: str = "") -> list[SourceModule]:
    for number in range(documented):
        (folder / f"m{number}.py").write_text(
            f'def find_{number}(x):\n    """Find the thing number {number} in x."""\n'
            f"    y = x + {number}\n    return y\n"
        )
    (folder / "bare.py").write_text(bare)
    return read_modules([folder])


def test_a_code_base_with_nothing_to_adapt_on_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="only 0 functions without a docstring") as raised:
        source_corpus(_package(tmp_path, 31))
    assert "at the least 2 such functions of 3 lines" in raised.value.cure


def test_a_code_base_with_nothing_left_under_masks_is_refused(tmp_path: Path) -> None:
    bare = "".join(
        f"class C{n}:\n    def find_{n}(self):\n        a = {n}\n        b = a\n" for n in (0, 1)
    )
    small = source_corpus(_package(tmp_path, 31, bare))
    assert len(small.adaptation) == 2
    with pytest.raises(DataError, match="only 0 undocumented functions with names of their own"):
        small.with_names_masked()
