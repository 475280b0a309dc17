"""Score functions: how plausible each entity is as the tail of a (head, relation) pair."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from kgtransfer.embedding.scores.base import Score, ScoreFunction
from kgtransfer.embedding.scores.complex import ComplEx
from kgtransfer.embedding.scores.cp import CP
from kgtransfer.embedding.scores.distmult import DistMult
from kgtransfer.embedding.scores.rescal import RESCAL
from kgtransfer.embedding.scores.rotate import RotatE
from kgtransfer.embedding.scores.transe import TransE

__all__ = [
    "CP",
    "RESCAL",
    "SCORES",
    "ComplEx",
    "DistMult",
    "RotatE",
    "Score",
    "ScoreFunction",
    "TransE",
]

SCORES: Final = MappingProxyType[str, ScoreFunction](
    {
        "complex": ComplEx(),
        "cp": CP(),
        "distmult": DistMult(),
        "rescal": RESCAL(),
        "rotate": RotatE(),
        "transe": TransE(p=2),
        "transe_l1": TransE(p=1),
    }
)
