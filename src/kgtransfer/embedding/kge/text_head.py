"""Links told from descriptions alone: a query from (head's description, relation), a key of each.

Two towers over fixed descriptions, as SimKGC (Wang et al., ACL 2022) has over a language model
that it trains. A concept that was added a minute ago is answered and asked for like any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["TextHead", "TowerScore"]

HIDDEN = 512
FIRST_SCALE = 3.0  # log of what cosines are multiplied by at first


class TextHead(nn.Module):
    """Queries and keys of descriptions.

    A query is the head's description, plus a vector of the relation that says what its answers
    are like in general, plus what a network adds. The vector is near nothing at first and the
    network adds nothing: what is described alike is linked.

    Args:
        mean: `[f]`, the mean description; it is taken off, as it says nothing.
        relations: rows of relations, the reciprocal ones in the second half.
    """

    mean: Tensor

    def __init__(self, mean: Tensor, relations: int) -> None:
        super().__init__()
        self.register_buffer("mean", mean)
        self.relations = nn.Parameter(torch.randn(relations, len(mean)) * 0.01)
        self.asks = _residual(2 * len(mean), len(mean))
        self.answers = _residual(len(mean), len(mean))
        self.log_scale = nn.Parameter(torch.tensor(FIRST_SCALE))

    @classmethod
    def restored(cls, state: Mapping[str, Tensor]) -> TextHead:
        """A trained tower by its `state_dict`, for use; no random number is drawn."""
        with torch.random.fork_rng(devices=[]):
            tower = cls(state["mean"], len(state["relations"]))
        tower.load_state_dict(state)
        return tower.eval().requires_grad_(False)

    def descriptions(self, features: Tensor) -> Tensor:
        """`[n, f]` of unit length; zeros of what is described by zeros."""
        described = features.any(dim=1, keepdim=True)
        return F.normalize(features - self.mean, dim=1) * described

    def queries(self, descriptions: Tensor, relations: Tensor) -> Tensor:
        """Heads' descriptions `[b, f]` and relations' vectors `[b, f]` -> queries `[b, f]`."""
        found = descriptions + relations
        found = found + self.asks(torch.cat([descriptions, relations], dim=1))
        return F.normalize(found, dim=1) * self.log_scale.exp()

    def keys(self, descriptions: Tensor) -> Tensor:
        """`[n, f]` of unit length; zeros of what has no description."""
        described = descriptions.any(dim=1, keepdim=True)
        return F.normalize(descriptions + self.answers(descriptions), dim=1) * described

    @torch.no_grad()
    def rows(self, features: Tensor) -> Tensor:
        """`[n, 2 f]`, of what is described so: its description, then its key."""
        descriptions = self.descriptions(features)
        return torch.cat([descriptions, self.keys(descriptions)], dim=1)


class TowerScore:
    """A tower's score of its `rows`.

    Args:
        tower: asks.
    """

    bilinear = True

    def __init__(self, tower: TextHead) -> None:
        self.tower = tower

    def heads(self, rows: Tensor) -> Tensor:
        """The descriptions."""
        return rows.chunk(2, dim=1)[0]

    def keys(self, rows: Tensor) -> Tensor:
        """The keys."""
        return rows.chunk(2, dim=1)[1]

    def queries(self, heads: Tensor, relations: Tensor) -> Tensor:
        """The tower's."""
        return self.tower.queries(heads, relations)

    def compare(self, queries: Tensor, keys: Tensor) -> Tensor:
        """Dot products `[batch, n]`."""
        return queries @ keys.T


def _residual(width: int, out: int) -> nn.Sequential:
    last = nn.Linear(HIDDEN, out)
    nn.init.zeros_(last.weight)
    nn.init.zeros_(last.bias)
    return nn.Sequential(nn.Linear(width, HIDDEN), nn.ReLU(), last)
