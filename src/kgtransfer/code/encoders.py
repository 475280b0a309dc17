"""What an encoder is adapted on -> its weights, and how well it finds what it was not shown."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F

from kgtransfer.code.index import plain_vectors
from kgtransfer.code.methods import LEARNED
from kgtransfer.experiments.cache import FitCache
from kgtransfer.retrieval.contrastive import encode
from kgtransfer.retrieval.encoder_training import ZeroShotVectors, train_encoder
from kgtransfer.retrieval.metrics import ranks_of
from kgtransfer.retrieval.round_trip import round_trip

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from torch import Tensor

    from kgtransfer.backbones.text import TextEncoder
    from kgtransfer.code.inputs import SearchInputs
    from kgtransfer.code.methods import SearchMethod
    from kgtransfer.retrieval.contrastive import Pairs
    from kgtransfer.retrieval.settings import SearchTraining

__all__ = ["AdaptedEncoders"]

SHARES = (0.0, 0.5, 1.0)  # of graph queries, the first where several do as well


class AdaptedEncoders:
    """A pre-trained encoder after fine-tuning on some source of queries; each is trained once.

    Args:
        encoder: the pre-trained one; never changed.
        inputs: what can be trained on.
        training: settings of fine-tuning.
        device: where it is trained.
    """

    def __init__(
        self, encoder: TextEncoder, inputs: SearchInputs, training: SearchTraining, device: str
    ) -> None:
        self.encoder, self.inputs, self.training, self.device = encoder, inputs, training, device
        self.fits = FitCache()
        self._zero_shot = ZeroShotVectors(encoder, device)
        self._adopted: dict[tuple[object, ...], dict[str, Tensor]] = {}
        self._adopted_shares: dict[tuple[object, ...], float] = {}

    def weights(self, method: SearchMethod, seed: int) -> dict[str, Tensor]:
        """The encoder's weights as a method has them; the pre-trained ones where it trains nothing.

        Weights between two encoders that were fine-tuned from the same one are an encoder too
        (WiSE-FT, arXiv 2109.01903): so the share of the graph's queries is a gate like any other,
        and at 0 the encoder is the one without the graph.

        Args:
            method: whose `train_on`, `labels` and `graph_queries` count.
            seed: of the draws.
        """
        if (adopted := self._adopted.get(_key(method, seed))) is not None:
            return adopted
        plain = self._trained(method.train_on, method.labels, seed)
        if not method.graph_queries:
            return plain
        share = self.graph_share(method, seed)
        worded = self._trained(method.graph_source, 0, seed)
        return plain if not share else {n: torch.lerp(plain[n], worded[n], share) for n in plain}

    def graph_share(self, method: SearchMethod, seed: int) -> float:
        """How far a method's encoder stands towards the one trained on the graph's queries."""
        if method.graph_queries != LEARNED:
            return float(method.graph_queries)
        if (adopted := self._adopted_shares.get(_key(method, seed))) is not None:
            return adopted
        key = "share", *_key(method, seed)
        kept = self.fits.read(*key)
        losses = kept[1] if kept else self._losses_of_shares(method, seed)
        if kept is None:
            self.fits.write({}, losses, *key)
        return min(SHARES, key=lambda share: losses[str(share)])

    def adopt(
        self, method: SearchMethod, seed: int, weights: dict[str, Tensor], share: float
    ) -> None:
        """Take the weights over that a method's encoder was trained to before, and their share."""
        self._adopted[_key(method, seed)] = weights
        self._adopted_shares[_key(method, seed)] = share

    def losses(self, candidates: Mapping[str, SearchMethod], seed: int) -> dict[str, float]:
        """What candidates lose that differ in encoder and lines, judged without a label.

        All look for functions that none was trained on, by queries written from their code by the
        same rules; what is lost is 1 minus the reciprocal rank. Nothing where too few functions
        are held out.
        """
        key = "losses", *candidates, seed
        kept = self.fits.read(*key)
        if kept is not None:
            return kept[1]
        losses = {
            name: self._loss(self.weights(method, seed), "code", seed, method.lines)
            for name, method in candidates.items()
            if self.inputs.held_out("code", seed)[0]
        }
        self.fits.write({}, losses, *key)
        return losses

    def _losses_of_shares(self, method: SearchMethod, seed: int) -> dict[str, float]:
        source = method.graph_source
        if not self.inputs.held_out(source, seed)[0]:
            return {str(share): -share for share in SHARES}
        plain = self._trained(method.train_on, method.labels, seed)
        worded = self._trained(source, 0, seed)
        return {
            str(share): self._loss(
                {name: torch.lerp(plain[name], worded[name], share) for name in plain}, source, seed
            )
            for share in SHARES
        }

    def _loss(
        self, weights: Mapping[str, Tensor], source: str, seed: int, lines: float = 0.0
    ) -> float:
        """1 minus the mean reciprocal rank of held-out functions, by queries from a source."""
        snippets, queries = self.inputs.held_out(source, seed)
        targets = [row for row, group in enumerate(queries) for _ in group]
        encoder = copy.deepcopy(self.encoder).to(self.device)
        encoder.load_state_dict(weights)

        def encoded(texts: Sequence[str]) -> Tensor:
            return encode(encoder, self.inputs.texts.states(texts))

        documents = F.normalize(plain_vectors(snippets, lines, encoded), dim=-1)
        scores = encoded([query for group in queries for query in group]) @ documents.T
        return float(1 - (1 / ranks_of(scores.numpy(), targets)).mean())

    def _trained(self, source: str, labels: int, seed: int) -> dict[str, Tensor]:
        """The weights after fine-tuning on a source of queries; the pre-trained ones without."""
        if not source:
            return self.encoder.state_dict()
        key = "encoder", source, labels, seed
        finished = self.fits.read(*key)
        if finished is None:
            finished = self._train(source, labels, seed), {}
            self.fits.write(*finished, *key)
        return {name: torch.from_numpy(part) for name, part in finished[0].items()}

    def _train(self, source: str, labels: int, seed: int) -> dict[str, np.ndarray]:
        encoder = copy.deepcopy(self.encoder).to(self.device)
        pairs, settings = self.inputs.pairs(source, labels, seed), self.training
        if settings.round_trip and source != "labels":
            pairs = self._without_noise(pairs)
        train_encoder(
            encoder,
            pairs,
            settings,
            epochs=settings.label_epochs if source == "labels" else settings.epochs,
            seed=seed,
            first=self._zero_shot(pairs.documents),
        )
        return {name: part.cpu().numpy() for name, part in encoder.state_dict().items()}

    def _without_noise(self, pairs: Pairs) -> Pairs:
        """The pairs whose queries find their code before any training; all, where too few do."""
        queries, documents = self._zero_shot(pairs.queries), self._zero_shot(pairs.documents)
        kept = round_trip(queries, documents, pairs.offsets, self.training.round_trip)
        return pairs.kept(kept) if kept.sum() > 1 else pairs


def _key(method: SearchMethod, seed: int) -> tuple[object, ...]:
    """What a method's encoder depends on."""
    return method.train_on, method.labels, method.graph_queries, method.graph_source, seed
