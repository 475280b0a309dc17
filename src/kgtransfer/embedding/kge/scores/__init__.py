"""Score functions: how plausible each entity is as the tail of a (head, relation) pair."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from kgtransfer.embedding.kge.scores.base import Score, ScoreFunction
from kgtransfer.embedding.kge.scores.complex import ComplEx
from kgtransfer.embedding.kge.scores.cp import CP
from kgtransfer.embedding.kge.scores.distmult import DistMult
from kgtransfer.embedding.kge.scores.rescal import RESCAL
from kgtransfer.embedding.kge.scores.rotate import RotatE
from kgtransfer.embedding.kge.scores.transe import TransE

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
