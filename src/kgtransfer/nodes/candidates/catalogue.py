"""The candidates for the baseline over a graph's nodes or a table's rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgtransfer.nodes.candidates.additive import ClassNames, Forest, LabelPropagation
from kgtransfer.nodes.candidates.regression import SHARES, Regression, block_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kgtransfer.nodes.candidates.base import Candidate, Floats, Option
    from kgtransfer.nodes.features.blocks import NodeBlocks
    from kgtransfer.nodes.heads.head import Blocks, Fit

__all__ = ["candidates_of", "unlabelled_candidates"]

SMALL_GRAPH = 1000  # nodes; in fewer, two hops come before ten
STRONG = (100.0, 10.0, 30.0, 300.0)  # C where rows were propagated: they differ little
FAR = ("propagated .1", "propagated .3", "neighbours", "two steps")
NAMES = {"columns": "columns", "words": "TF-IDF words", "text": "sentence encoder"}
WHOLE = "together"  # all that a row says


def unlabelled_candidates(blocks: NodeBlocks) -> list[Candidate]:
    """Features -> the candidates that need no label: names of classes, where they say something."""
    names = blocks.priors.get("class names")
    return [] if names is None else [ClassNames(names, blocks.nodes.labels)]


def candidates_of(
    blocks: NodeBlocks, gated: Candidate, *, seed: int, fit: Fit
) -> Sequence[Candidate]:
    """Features -> all candidates; the first is taken where one label a class is all there is.

    That is by the names of classes where rows have texts, else the plainest regression: on
    propagated attributes of a graph, on all columns of a table.

    Args:
        blocks: features of the data.
        gated: gated heads over all of them.
        seed: of the forest.
        fit: what fits the weights of regressions.
    """
    regressions = _Regressions(blocks, fit)
    nodes, classes = blocks.nodes, len(blocks.nodes.classes)
    found = unlabelled_candidates(blocks)
    found += regressions.of_table() if nodes.is_table else regressions.of_graph()
    if nodes.has_edges:
        found.append(LabelPropagation(blocks.operator, nodes.labels, classes))
    return [*found, Forest(blocks.dense, nodes.labels, classes, seed), gated]


@dataclass(frozen=True)
class _Regressions:
    """Regressions on the features of some data."""

    blocks: NodeBlocks
    fit: Fit

    def of_table(self) -> list[Candidate]:
        """On all that rows say, on each part of it, and on texts beside class names."""
        baseline, names = self.blocks.baseline, self.blocks.priors.get("class names")
        found = [self._one("all columns", self._ways(WHOLE))] if WHOLE in baseline else []
        found += [self._one(NAMES[part], self._ways(part)) for part in self.blocks.of_rows]
        if names is not None:
            read = {name: baseline[name] for name in ("text", WHOLE) if name in baseline}
            options = block_options(read, shares=SHARES)
            found.append(self._one("text and class names", read, options, names))
        return found

    def of_graph(self) -> list[Candidate]:
        """On attributes, as they are and propagated; without any on structure."""
        conditions, ranges = self.blocks.condition, dict(self.blocks.baseline)
        if self.blocks.nodes.attributes is None:
            read = {name: conditions[name] for name in ("structure", "place")}
            return [self._one("descriptors", ranges), self._one("structure", read)]
        far = {name: conditions[name] for name in FAR}
        is_small = self.blocks.nodes.num_nodes < SMALL_GRAPH
        read = {**ranges, **far} if is_small else {**far, **ranges}
        return [
            self._one("propagated attributes", read, block_options(read, STRONG)),
            self._one("attributes", {"own": conditions["own"]}),
        ]

    def _ways(self, part: str) -> Blocks:
        """A part of what rows say, as it is, and as it comes over the edges."""
        every = {**self.blocks.condition, **self.blocks.baseline}
        kinds = ("", " two hops", " propagated .1", " propagated .3")
        return {part + kind: every[part + kind] for kind in kinds if part + kind in every}

    def _one(
        self,
        name: str,
        read: Blocks,
        options: Sequence[Option] = (),
        prior: Floats | None = None,
    ) -> Candidate:
        nodes = self.blocks.nodes
        found = options or block_options(read)
        return Regression(
            name, read, nodes.labels, len(nodes.classes), lambda: found, prior,
            fit_weights=self.fit,
        )  # fmt: skip
