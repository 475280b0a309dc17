"""Concept vectors in the files that other programs read: word2vec's text and Parquet."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from kgtransfer.errors import ConfigError, DataError
from kgtransfer.utils.files import write_atomically

if TYPE_CHECKING:
    from kgtransfer.embedding.concepts import ConceptEmbeddings

__all__ = ["exports", "write_parquet", "write_word2vec"]


def write_word2vec(concepts: ConceptEmbeddings, file: str | Path) -> Path:
    """Write the text format of word2vec (Mikolov et al., 2013): `n d`, then an IRI and d numbers.

    gensim reads it by `KeyedVectors.load_word2vec_format(file)`. The numbers are float32 to the
    bit. White space ends a word in this format: in an IRI it is written as `%20` and the like.

    Returns:
        The file.

    Raises:
        DataError: an IRI is empty, or two are the same once their white space is written so.
    """
    words = [re.sub(r"\s", lambda space: quote(space[0]), iri) for iri in concepts.iris]
    if "" in words or len(set(words)) != len(words):
        raise DataError(
            "word2vec's format cannot tell two of the IRIs apart, or one of them is empty",
            cure="give these concepts other IRIs, or write parquet",
        )
    width = concepts.vectors.shape[1]
    line = "%s" + " %.9g" * width + "\n"  # 9 digits tell any two float32 apart
    rows = zip(words, concepts.vectors.tolist(), strict=True)
    text = f"{len(words)} {width}\n" + "".join(line % (word, *row) for word, row in rows)
    return _write(Path(file), text.encode())


def write_parquet(
    concepts: ConceptEmbeddings, file: str | Path, labels: Mapping[str, str] | None = None
) -> Path:
    """Write a Parquet table: `iri`, `label` if there are any, `vector` as a list of fixed size.

    What the vectors were made of stands in the metadata of the schema, as JSON under
    `kgtransfer`: `{"parts": {name: [first column, end]}, "provenance": {...}}`.

    Args:
        concepts: the vectors.
        file: to write.
        labels: concept -> label; concepts that it lacks have none.

    Returns:
        The file.

    Raises:
        ConfigError: pyarrow is not installed.
    """
    arrow, parquet = _pyarrow()
    columns = {"iri": arrow.array(concepts.iris, arrow.string())}
    if labels is not None:
        columns["label"] = arrow.array(map(labels.get, concepts.iris), arrow.string())
    numbers = arrow.array(concepts.vectors.flatten().numpy())
    columns["vector"] = arrow.FixedSizeListArray.from_arrays(numbers, concepts.vectors.shape[1])
    metadata = {"parts": dict(concepts.parts), "provenance": dict(concepts.provenance)}
    table = arrow.table(columns).replace_schema_metadata({"kgtransfer": json.dumps(metadata)})
    buffer = io.BytesIO()
    parquet.write_table(table, buffer, compression="zstd")
    return _write(Path(file), buffer.getvalue())


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise ConfigError(
            f"Parquet needs a package that is not installed ({error})",
            cure='pip install "kgtransfer[parquet]", or write word2vec',
        ) from error
    return pyarrow, pyarrow.parquet


def _write(file: Path, content: bytes) -> Path:
    write_atomically(file, content)
    return file


class Export(Protocol):
    """Writes vectors into a folder, with labels where the format has a place for them."""

    def __call__(
        self, concepts: ConceptEmbeddings, folder: Path, labels: Mapping[str, str], /
    ) -> Path:
        """Returns the file."""
        ...


_EXPORTS: Mapping[str, Export] = {
    "word2vec": lambda concepts, folder, _: write_word2vec(concepts, folder / "concepts.vec"),
    "parquet": lambda concepts, folder, labels: write_parquet(
        concepts, folder / "concepts.parquet", labels
    ),
}


def exports(kinds: Iterable[str]) -> list[Export]:
    """What writes files of these kinds, `word2vec` and `parquet`; to ask for before a training.

    Raises:
        ConfigError: there is no such kind, or what it needs is not installed.
    """
    kinds = tuple(dict.fromkeys(kinds))
    for kind in kinds:
        if kind not in _EXPORTS:
            raise ConfigError(f"no export {kind!r}", cure=f"one of: {', '.join(_EXPORTS)}")
    if "parquet" in kinds:
        _pyarrow()
    return [_EXPORTS[kind] for kind in kinds]
