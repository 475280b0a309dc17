"""Links told from descriptions alone: a query from (head's description, relation), a key of each.

Two networks over fixed descriptions, as SimKGC (Wang et al., ACL 2022) has over a language model
that it trains. A concept that was added a minute ago can be a query's head and its answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["TextHead", "TextHeadScore"]

HIDDEN = 512
FIRST_SCALE = 3.0  # log of what cosines are multiplied by at first


class TextHead(nn.Module):
    """Fixed descriptions `[n, f]` -> queries and keys, whose dot products are scores of links.

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
        """`state_dict` -> the trained text head, frozen; no random number is drawn."""
        with torch.random.fork_rng(devices=[]):
            text_head = cls(state["mean"], len(state["relations"]))
        text_head.load_state_dict(state)
        return text_head.eval().requires_grad_(False)

    def descriptions(self, features: Tensor) -> Tensor:
        """Features `[n, f]` -> descriptions `[n, f]` of unit length, zeros of zeros."""
        described = features.any(dim=1, keepdim=True)
        return F.normalize(features - self.mean, dim=1) * described

    def queries(self, descriptions: Tensor, relations: Tensor) -> Tensor:
        """Heads' descriptions `[b, f]` and relations' vectors `[b, f]` -> queries `[b, f]`."""
        queries = descriptions + relations
        queries = queries + self.asks(torch.cat([descriptions, relations], dim=1))
        return F.normalize(queries, dim=1) * self.log_scale.exp()

    def keys(self, descriptions: Tensor) -> Tensor:
        """Descriptions `[n, f]` -> keys `[n, f]` of unit length, zeros of what has none."""
        described = descriptions.any(dim=1, keepdim=True)
        return F.normalize(descriptions + self.answers(descriptions), dim=1) * described

    @torch.no_grad()
    def rows(self, features: Tensor) -> Tensor:
        """Features `[n, f]` -> rows `[n, 2 f]`: the description, then its key."""
        descriptions = self.descriptions(features)
        return torch.cat([descriptions, self.keys(descriptions)], dim=1)


class TextHeadScore:
    """The score of a text head's `rows`: dot products of its queries and keys.

    Args:
        text_head: makes the queries; the keys stand in the rows.
    """

    bilinear = True

    def __init__(self, text_head: TextHead) -> None:
        self.text_head = text_head

    def heads(self, rows: Tensor) -> Tensor:
        """The descriptions."""
        return rows.chunk(2, dim=1)[0]

    def keys(self, rows: Tensor) -> Tensor:
        """The keys."""
        return rows.chunk(2, dim=1)[1]

    def queries(self, heads: Tensor, relations: Tensor) -> Tensor:
        """Queries of the text head."""
        return self.text_head.queries(heads, relations)

    def compare(self, queries: Tensor, keys: Tensor) -> Tensor:
        """Dot products `[batch, n]`."""
        return queries @ keys.T


def _residual(width: int, out: int) -> nn.Sequential:
    last = nn.Linear(HIDDEN, out)
    nn.init.zeros_(last.weight)
    nn.init.zeros_(last.bias)
    return nn.Sequential(nn.Linear(width, HIDDEN), nn.ReLU(), last)
