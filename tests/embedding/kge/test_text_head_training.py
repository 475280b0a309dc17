from __future__ import annotations

import numpy as np
import torch

from kgtransfer.embedding.kge.text_head_training import DROPOUT, _some_columns, train_text_head
from kgtransfer.embedding.kge.triples import Triples, irreflexive


def test_a_step_does_not_see_all_columns():
    random = torch.Generator().manual_seed(0)
    thinned = _some_columns(torch.randn(5, 1_000), random)
    hidden = (thinned == 0).all(dim=0).double().mean().item()
    assert abs(hidden - DROPOUT) < 0.05
    torch.testing.assert_close(thinned.norm(dim=1), torch.ones(5))


def test_links_between_kinds_are_predicted_of_entities_never_seen():
    """Texts of things and of their makers differ in one column; the rest tells them apart."""
    random, n = np.random.default_rng(0), 40
    features = torch.randn(2 * n, 16, generator=torch.Generator().manual_seed(0))
    features[:n, 0], features[n:, 0] = 8.0, -8.0
    links = np.stack([np.arange(n), np.zeros(n, dtype=int), n + random.permutation(n)], axis=1)
    none = np.empty((0, 3), dtype=np.int64)
    names = tuple(map(str, range(2 * n)))
    triples = Triples(names, ("madeBy",), links[: n // 2], none, none)
    text_head, epochs = train_text_head(
        triples,
        features,
        epochs=10,
        irreflexive=irreflexive(triples),
        quality=None,
        seed=0,
        device=torch.device("cpu"),
        progress=lambda news, done: None,
    )
    assert epochs == 10
    rows = text_head.rows(features)
    descriptions, keys = rows.chunk(2, dim=1)
    queries = text_head.queries(
        descriptions[n // 2 : n], text_head.relations[:1].expand(n // 2, -1)
    )
    assert ((queries @ keys.T).argmax(dim=1) >= n).all()
