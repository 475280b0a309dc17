"""Softmax cross-entropy of many questions over the same candidates, with little memory traffic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from kgtransfer.backbones.precision import has_fast_bfloat16
from kgtransfer.embedding.kge.products import dot_products

__all__ = ["Answers", "bar", "dot_cross_entropy", "score_cross_entropy"]

# Scores held at once: they stay in the last-level cache of the processor.
BLOCK = 4_000_000


@dataclass(frozen=True)
class Answers:
    """The right answers of `[p]` questions; a question may have several, one a triple.

    Args:
        row: `[triples]`, each triple's question, ascending.
        column: `[triples]`, each triple's right candidate.
        uses: `[p]`, triples of each question.
        barred: `[p]`, a candidate that is no answer to the question, -1 where there is none.
    """

    row: Tensor
    column: Tensor
    uses: Tensor
    barred: Tensor


def dot_cross_entropy(queries: Tensor, keys: Tensor, answers: Answers) -> Tensor:
    """Mean cross-entropy over triples, scores being dot products.

    The loss is that of `F.cross_entropy((queries @ keys.T)[row], column)`, barred candidates left
    out; but triples of one question share its row of scores, the rows are made and used up a
    block at a time, and the gradients come with them, so the `[p, n]` scores never leave the
    cache.

    Args:
        queries: `[p, d]`.
        keys: `[n, d]`.
        answers: of the questions.
    """
    loss: Tensor = _DotCrossEntropy.apply(queries, keys, answers)
    return loss


def score_cross_entropy(scores: Tensor, answers: Answers) -> Tensor:
    """Mean cross-entropy over triples, given `[p, n]` scores of any kind."""
    log_softmax = bar(scores.clone(), answers.barred).log_softmax(dim=1)
    return -log_softmax[answers.row, answers.column].mean()


def bar(scores: Tensor, barred: Tensor) -> Tensor:
    """Set the score `[p, n]` of each question's barred candidate to minus infinity, in place."""
    rows = (barred >= 0).nonzero().squeeze(1)
    scores[rows, barred[rows]] = -torch.inf
    return scores


class _DotCrossEntropy(torch.autograd.Function):
    """The gradient of a question is its softmax times its uses, less its answers' one-hots."""

    @staticmethod
    def forward(ctx: Any, queries: Tensor, keys: Tensor, answers: Answers) -> Tensor:
        row, column, uses = answers.row, answers.column, answers.uses
        quick = torch.bfloat16 if has_fast_bfloat16(queries.device.type) else queries.dtype
        fast_queries, fast_keys = queries.to(quick), keys.to(quick)
        share = (uses / len(row)).to(queries.dtype)[:, None]
        weighted = (queries * share).to(quick)
        for_queries = torch.empty_like(fast_queries)
        for_keys = torch.zeros_like(keys)
        right = torch.empty(len(row), dtype=quick, device=queries.device)
        ends = [0, *uses.cumsum(0).tolist()]
        step = max(1, BLOCK // max(1, len(keys)))
        block = torch.empty(min(step, len(queries)), len(keys), dtype=quick, device=queries.device)
        for start in range(0, len(queries), step):
            end = min(start + step, len(queries))
            softmax = dot_products(fast_queries[start:end], fast_keys, block[: end - start])
            bar(softmax, answers.barred[start:end])
            torch.ops.aten._softmax.out(softmax, 1, False, out=softmax)
            answered = slice(ends[start], ends[end])
            right[answered] = softmax[row[answered] - start, column[answered]]
            torch.mm(softmax, fast_keys, out=for_queries[start:end])
            _add_product(for_keys, softmax.T, weighted[start:end])
        gradient = for_queries.to(queries.dtype) * share
        gradient.index_add_(0, row, keys[column], alpha=-1 / len(row))
        for_keys.index_add_(0, column, queries[row], alpha=-1 / len(row))
        ctx.save_for_backward(gradient, for_keys)
        tiny = torch.finfo(torch.float32).tiny
        return -right.float().clamp_min(tiny).log().mean().to(queries.dtype)

    @staticmethod
    def backward(ctx: Any, *outer: Tensor) -> tuple[Tensor, Tensor, None]:
        for_queries, for_keys = ctx.saved_tensors
        return for_queries * outer[0], for_keys * outer[0], None


def _add_product(to: Tensor, left: Tensor, right: Tensor) -> None:
    if left.dtype == to.dtype:
        to.addmm_(left, right)
    else:
        to += left @ right
