"""What a sentence encoder says of the texts of rows and of the names of classes.

Texts belong to the samples: arms without knowledge read them as those with knowledge do.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, cast

import numpy as np

from kgtransfer.embedding.text import encoder_fingerprint, text_vectors
from kgtransfer.nodes.features.propagation import unit_rows
from kgtransfer.nodes.kept import Kept
from kgtransfer.utils.progress import bar

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from kgtransfer.embedding import Encoder
    from kgtransfer.nodes.data.graph import NodeGraph

__all__ = ["TextFeatures", "is_telling", "text_features", "text_fit"]

NAMELESS = re.compile(r"(class)?[\s_]*-?\d+(\.\d+)?", re.IGNORECASE)
BATCH = 256  # texts that are encoded between two signs of progress


@dataclass(frozen=True, eq=False)
class TextFeatures:
    """Sentence vectors.

    Attributes:
        rows: `[N, d]`, of each row's text, unit length.
        classes: `[classes, d]`, of each class's name; None where names say nothing.
    """

    rows: npt.NDArray[np.float32]
    classes: npt.NDArray[np.float32] | None

    @cached_property
    def hash(self) -> str:
        """SHA-256 of all of it."""
        digest = hashlib.sha256(self.rows.tobytes())
        digest.update(b"none" if self.classes is None else self.classes.tobytes())
        return digest.hexdigest()


def text_features(
    nodes: NodeGraph, encoder: Encoder, cache: Path | None = None, kept: Kept | None = None
) -> TextFeatures | None:
    """Nodes and encoder -> vectors of their texts and of their classes' names; None without texts.

    Args:
        nodes: the data.
        encoder: of sentences.
        cache: folder that keeps vectors between calls.
        kept: what the run keeps of its work.
    """
    if not nodes.texts:
        return None
    content = "texts", nodes.hash, encoder_fingerprint(encoder)
    made = (kept or Kept()).arrays(lambda: _encoded(nodes, encoder, cache), *content)
    vectors = cast("dict[str, npt.NDArray[np.float32]]", made)
    return TextFeatures(vectors["rows"], vectors.get("classes"))


def _encoded(
    nodes: NodeGraph, encoder: Encoder, cache: Path | None
) -> dict[str, npt.NDArray[np.float32]]:
    """Vectors of the `rows`, and of the `classes` where their names say something."""
    parts = []
    with bar("encoding the texts", len(nodes.texts)) as advance:
        for start in range(0, len(nodes.texts), BATCH):
            part = nodes.texts[start : start + BATCH]
            parts.append(text_vectors(part, encoder, cache=cache).numpy())
            advance(len(part))
    names = [" ".join(name.replace("_", " ").split()) for name in nodes.classes]
    vectors = {"rows": unit_rows(np.concatenate(parts))}
    if is_telling(nodes.classes):
        vectors["classes"] = text_vectors(names, encoder, cache=cache).numpy()
    return vectors


def is_telling(classes: tuple[str, ...]) -> bool:
    """Whether names of classes are more than numbers."""
    return not all(map(NAMELESS.fullmatch, classes))


def text_fit(
    rows: npt.NDArray[np.float32], classes: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """Vectors of texts and of classes -> how well each class fits each row, `[N, classes]`.

    Cosines, less what all rows and what all classes share; a class's column has mean 0 and
    deviation 1 over all rows, since some names are close to everything.
    """
    fit = unit_rows(rows - rows.mean(axis=0)) @ unit_rows(classes - classes.mean(axis=0)).T
    scaled: npt.NDArray[np.float32] = (fit - fit.mean(axis=0)) / np.maximum(fit.std(axis=0), 1e-9)
    return scaled
