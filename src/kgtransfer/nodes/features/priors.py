"""Priors over the classes of a table's rows, which no label has touched.

class names    the text of a row against the names of classes: nobody's privilege
descriptions   the text of a row against what the ontology says of the classes
stated         its attributes against what the ontology says is high or low in which class
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.nodes.features.texts import text_fit

if TYPE_CHECKING:
    import numpy.typing as npt
    import scipy.sparse as sp

    from kgtransfer.nodes.attributes.knowledge import AttributeKnowledge
    from kgtransfer.nodes.features.texts import TextFeatures

    Priors = dict[str, npt.NDArray[np.float32]]

__all__ = ["knowledge_priors", "plain_priors", "stated_fit"]

RARE = 0.5  # share of rows that have an attribute, below which most lack it
MOST = 2.0  # deviations that an attribute counts at most: a rare word is not worth ten numbers


def plain_priors(texts: TextFeatures | None) -> Priors:
    """What the names of classes say of each row, `[N, classes]`; nothing without texts or names."""
    if texts is None or texts.classes is None:
        return {}
    return {"class names": text_fit(texts.rows, texts.classes)}


def knowledge_priors(
    knowledge: AttributeKnowledge, texts: TextFeatures | None, attributes: sp.csr_array | None
) -> Priors:
    """What the ontology says of each row, `[N, classes]`; nothing where it says nothing.

    Args:
        knowledge: of attributes and classes.
        texts: vectors of the rows' texts, by the encoder that read the ontology's.
        attributes: `[N, D]`.
    """
    priors: Priors = {}
    if texts is not None and knowledge.described is not None:
        priors["descriptions"] = text_fit(texts.rows, knowledge.described)
    if knowledge.stated is not None and attributes is not None:
        priors["stated"] = stated_fit(attributes, knowledge.stated)
    if len(priors) > 1:
        priors["descriptions, stated"] = priors["descriptions"] + priors["stated"]
    return priors


def stated_fit(
    attributes: sp.csr_array, stated: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """What is high or low in which class -> log-odds of each class for each row, `[N, classes]`.

    Of normals with deviation 1 whose mean is +1, -1 or 0 deviations, as is stated:
    z_ic = sum_j x_ij m_jc - m_jc^2 / 2, over the attributes that anything is stated of. What most
    rows lack, such as a word, is no normal: having it tells of its classes, lacking it of none, or
    classes of which few words are stated would be the likeliest for a row that has none of them.

    Args:
        attributes: x, `[N, D]`; standardised here.
        stated: m, `[D, classes]`: 1 is high, -1 low.
    """
    used = np.flatnonzero(stated.any(axis=1))
    rows = attributes[:, used].toarray().astype(np.float32)
    is_rare = (rows > 0).mean(axis=0) < RARE
    is_rare &= (rows >= 0).all(axis=0)
    rows = (rows - np.where(is_rare, 0, rows.mean(axis=0))) / np.maximum(rows.std(axis=0), 1e-9)
    means = stated[used]
    offsets = (means[~is_rare] ** 2).sum(axis=0) / 2
    fit: npt.NDArray[np.float32] = np.clip(rows, -MOST, MOST) @ means - offsets
    return fit.astype(np.float32)
