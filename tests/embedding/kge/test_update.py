from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from kgtransfer.embedding.kge.edit import edit_between
from kgtransfer.embedding.kge.fit import fit
from kgtransfer.embedding.kge.fitted import FittedModel
from kgtransfer.embedding.kge.recipe import TrainingRecipe
from kgtransfer.embedding.kge.triples import Triples, graph_triples
from kgtransfer.embedding.kge.update import update

RECIPE = TrainingRecipe(dim=32, batch_size=100, n3=0.01, epochs=10)


def by_name(names, links, valid=()) -> Triples:
    """Triples of names, the rows in the order given."""
    entities, relations = names
    e, r = ({name: row for row, name in enumerate(every)} for every in names)

    def rows(links):
        return np.array([(e[h], r[k], e[t]) for h, k, t in links], dtype=np.int64).reshape(-1, 3)

    return Triples(tuple(entities), tuple(relations), rows(links), rows(valid), rows(()))


def chances(fitted: FittedModel, triples) -> float:
    """Mean softmax probability of the tails of `[m, 3]` triples among all entities."""
    heads, relations, tails = torch.from_numpy(triples).T
    score, entities = fitted.score, fitted.entities
    queries = score.queries(score.heads(entities[heads]), fitted.relations[relations])
    shares = score.compare(queries, score.keys(entities)).softmax(dim=1)
    return shares.gather(1, tails[:, None]).mean().item()


def names_of(triples: Triples, rows) -> list[tuple[str, str, str]]:
    e, r = triples.entities, triples.relations
    return [(e[h], r[k], e[t]) for h, k, t in rows.tolist()]


@pytest.fixture(scope="module")
def triples(family) -> Triples:
    return graph_triples(family).hold_out(0.1)


@pytest.fixture(scope="module")
def old(triples) -> FittedModel:
    """Trained for all epochs: the family is so easy that validation may choose any of them."""
    return fit(replace(triples, valid=triples.valid[:0]), RECIPE)


@pytest.fixture(scope="module")
def grown(triples) -> Triples:
    """The family with its rows in another order, and a ninth child of the third couple."""
    entities = (*reversed(triples.entities), "adopted")
    mother, father, sibling = (
        next(e for e in entities if e.endswith(end)) for end in ("mother2", "father2", "child2-0")
    )
    links = names_of(triples, triples.train)
    parent, child, sib = (
        next(r for r in triples.relations if r.endswith(end))
        for end in ("parentOf", "childOf", "siblingOf")
    )
    links += [(p, parent, "adopted") for p in (mother, father)]
    links += [("adopted", child, p) for p in (mother, father)]
    links += [("adopted", sib, sibling)]
    return by_name((entities, triples.relations), links, names_of(triples, triples.valid))


def test_an_edit_is_told_by_names_not_by_rows(old, grown):
    edit = edit_between(old, grown)
    assert edit.counts["entities"] == {"kept": 49, "new": 1, "gone": 0}
    assert edit.counts["triples"] == {"kept": len(old.train), "new": 5, "gone": 0}
    assert len(edit.touched) == 4


def test_nothing_changed_changes_nothing(old, triples):
    result = update(old, triples)
    assert torch.equal(result.fitted.entities, old.entities)
    assert torch.equal(result.fitted.sums["relations"], old.sums["relations"])
    assert result.drift == {"touched": 0.0, "untouched": 0.0}
    assert result.forgetting == 0.0
    assert result.counts["triples"] == {"kept": len(old.train), "new": 0, "gone": 0}


def test_a_new_concept_is_learnt_and_the_old_ones_are_not_forgotten(old, grown):
    result = update(old, grown)
    assert result.old_facts["after"] >= result.old_facts["before"] - 0.003
    assert result.new_facts["after"] >= 0.7
    family = result.fitted.names
    row = family.index("adopted")
    cosines = torch.nn.functional.normalize(result.fitted.entities, dim=1)
    near = (cosines @ cosines[row]).argsort(descending=True).tolist()[1:5]
    assert sum("child2-" in family[other] for other in near) >= 2


def test_what_the_edit_does_not_touch_is_held_in_its_place(old, grown):
    """To the end of all epochs: which of them is kept hangs on ranks."""
    anchored, free = (update(old, grown, anchor=a, tolerance=1.0).drift for a in (0.03, 0.0))
    assert 0 < anchored["untouched"] < 0.2 * anchored["touched"]
    assert anchored["untouched"] < 0.75 * free["untouched"]


def test_a_new_concept_has_a_place_before_anything_is_learnt(old, grown):
    assert update(old, grown, epochs=0).new_facts["after"] >= 0.3


def test_rows_that_stay_keep_vector_and_memory_wherever_they_stand(old, grown):
    fitted = update(old, grown, epochs=0).fitted
    for name in old.names:
        old_row, new_row = old.names.index(name), fitted.names.index(name)
        assert torch.equal(fitted.entities[new_row], old.entities[old_row])
        assert torch.equal(
            fitted.sums["entities.rows"][new_row], old.sums["entities.rows"][old_row]
        )


def test_concepts_and_relations_that_left_are_gone(old, triples):
    links = [link for link in names_of(triples, triples.train) if "marriedTo" not in link[1]]
    links = [link for link in links if "child0-0" not in link[0] + link[2]]
    entities = [e for e in triples.entities if "child0-0" not in e]
    relations = [r for r in triples.relations if "marriedTo" not in r]
    smaller = by_name((entities, relations), links)
    result = update(old, smaller)
    assert result.counts["entities"] == {"kept": 48, "new": 0, "gone": 1}
    assert result.counts["triples"]["gone"] == len(old.train) - len(links)
    assert len(result.fitted.relations) == 2 * len(relations)
    assert result.forgetting <= 0.003


def test_a_removed_fact_moves_only_what_it_was_about(old, triples):
    fewer = replace(triples, train=triples.train[1:])
    result = update(old, fewer, tolerance=0.2)
    assert result.counts["triples"] == {"kept": len(fewer.train), "new": 0, "gone": 1}
    assert result.drift["touched"] > result.drift["untouched"]


def test_a_removed_fact_is_no_answer_any_more(old, triples):
    gone = triples.train[:3]
    fewer = replace(triples, train=triples.train[3:])
    anchored, unlearnt = update(old, fewer, unlearn=0.0, tolerance=1.0), update(old, fewer)
    assert chances(unlearnt.fitted, gone) < 0.4 * chances(anchored.fitted, gone)
    assert unlearnt.forgetting <= 0.003


def test_a_described_concept_needs_no_link_to_have_a_vector(triples):
    features = torch.eye(49)
    features[3] = features[4]  # described like another one
    old = fit(triples, replace(RECIPE, lr=0.02), features=features)
    entities = (*triples.entities, "like the fifth")
    more = replace(triples, entities=entities)
    fitted = update(old, more, features=torch.cat([features, features[4:5]])).fitted
    new = fitted.entities[-1:]
    cosines = torch.nn.functional.cosine_similarity(new, fitted.entities[:-1]).tolist()
    alike = [cosines.pop(4), cosines.pop(3)]
    assert min(alike) > max(cosines) + 0.2


def test_an_updated_model_can_be_updated_again_and_saved(old, grown, tmp_path):
    first = update(old, grown, epochs=1).fitted
    first.save(tmp_path)
    again = update(FittedModel.load(tmp_path), grown)
    assert again.counts["triples"]["new"] == 0
    assert torch.equal(again.fitted.entities, first.entities)
