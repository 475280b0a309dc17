"""Runs as PROV-O in the store, so that `which runs used concept X?` is a Cypher query.

A run is a `prov:Activity` that `prov:used` an ontology and concepts, each with a weight on the
link. What a sample was grounded in is a `prov:Collection` of concepts, `prov:wasDerivedFrom` the
sample and `prov:wasGeneratedBy` the run (https://www.w3.org/TR/prov-o/); a run that went on from
another `prov:wasInformedBy` it. These nodes carry no
`_hash`: no sync takes them for its own, changes or removes them.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kgtransfer.errors import StoreError
from kgtransfer.store.names import WELL_KNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from kgtransfer.store.base import GraphStore, Statement

__all__ = ["Outcome", "forget_run", "ontology_iri", "record_run"]

ROWS = 1_000_000  # concepts and groundings of one run
_PREFIXES = "MERGE (p:_NsPrefDef) SET p += $table"
_KNOWN = "UNWIND $iris AS iri MATCH (c:Resource) WHERE c.uri = iri RETURN c.uri AS iri"
_FORGET = (
    "MATCH (g:prov__Collection)-[:prov__wasGeneratedBy]->(r:Resource {uri: $run}) DETACH DELETE g",
    # A recording that was interrupted left a run without its label.
    (
        "MATCH (r:Resource) WHERE r.uri = $run AND r._hash IS NULL "
        "AND (r:prov__Activity OR size(labels(r)) = 1) DETACH DELETE r"
    ),
)
_TAKEN = "MATCH (n:Resource) WHERE n.uri = $run AND n._hash IS NOT NULL RETURN n.uri AS uri"
_NODES = "UNWIND $uris AS uri MERGE (n:Resource {uri: uri})"
_ENTITIES = "UNWIND $uris AS uri MATCH (n:Resource {uri: uri}) SET n:prov__Entity"
_COLLECTIONS = "UNWIND $uris AS uri MATCH (n:Resource {uri: uri}) SET n:prov__Collection"
_DATA_SETS = "UNWIND $uris AS uri MATCH (n:Resource {uri: uri}) SET n:kgt__DataSet"
_ONTOLOGY = "MATCH (n:Resource {uri: $uri}) SET n:owl__Ontology"
_TIMES = "MATCH (r:Resource {uri: $run}) SET r += $times"
_ACTIVITY = "MATCH (r:Resource {uri: $run}) SET r:prov__Activity"
_KNEW = (
    "MATCH (r:Resource {uri: $run}) MATCH (o:Resource {uri: $ontology}) "
    "CREATE (r)-[:prov__used]->(o)"
)
_READ = (
    "UNWIND $data AS uri MATCH (r:Resource {uri: $run}) MATCH (d:Resource {uri: uri}) "
    "CREATE (r)-[:prov__used]->(d)"
)
_INFORMED = (
    "UNWIND $parents AS uri MATCH (r:Resource {uri: $run}) MATCH (p:Resource {uri: uri}) "
    "CREATE (r)-[:prov__wasInformedBy]->(p)"
)
_USED = (
    "UNWIND $rows AS row MATCH (r:Resource {uri: $run}) MATCH (c:Resource {uri: row.concept}) "
    "CREATE (r)-[:prov__used {kgt__weight: row.weight}]->(c)"
)
_WORTH = (
    "UNWIND $rows AS row MATCH (r:Resource {uri: $run})-[u:prov__used]->"
    "(c:Resource {uri: row.concept}) SET u.kgt__worth = row.weight"
)
_GROUNDINGS = (
    "UNWIND $rows AS row MATCH (r:Resource {uri: $run}) MATCH (g:Resource {uri: row.grounding}) "
    "MATCH (s:Resource {uri: row.sample}) "
    "CREATE (g)-[:prov__wasGeneratedBy]->(r) CREATE (g)-[:prov__wasDerivedFrom]->(s)"
)
_MEMBERS = (
    "UNWIND $rows AS row MATCH (g:Resource {uri: row.grounding}) "
    "MATCH (c:Resource {uri: row.concept}) "
    "CREATE (g)-[:prov__hadMember {kgt__weight: row.weight}]->(c)"
)


@dataclass(frozen=True)
class Outcome:
    """A run's data and parent, and its score.

    Attributes:
        data_hash: digest of its data, 64 hex digits; empty where it was not noted.
        parent: IRI of the run that it went on from; empty where there is none.
        metric: of the score. setting: that it was taken in.
        score: of the run; None where it has none.
        promoted: whether it is the one in use.
    """

    data_hash: str = ""
    parent: str = ""
    metric: str = ""
    setting: str = ""
    score: float | None = None
    promoted: bool = False

    @property
    def properties(self) -> dict[str, Any]:
        """The score as properties of the run's node."""
        if self.score is None:
            return {}
        return {
            "kgt__score": float(self.score),
            "kgt__metric": self.metric,
            "kgt__setting": self.setting,
            "kgt__promoted": self.promoted,
        }


def record_run(
    store: GraphStore,
    run: str,
    *,
    ontology_hash: str,
    concepts: Mapping[str, float],
    started: datetime,
    ended: datetime,
    groundings: Mapping[str, Mapping[str, float]] | None = None,
    outcome: Outcome | None = None,
    worth: Mapping[str, float] | None = None,
) -> None:
    """Record a run; one that was recorded before is replaced.

    The queries about runs see it when all of it is written, and not before.

    Args:
        store: the store that holds the run's concepts.
        run: IRI of the run.
        ontology_hash: `KnowledgeGraph.hash` of what the run knew, 64 hex digits.
        concepts: IRI -> weight that the run gave it, a finite number of the run's own scale.
        started: when it began, with a time zone.
        ended: when it was done, with a time zone.
        groundings: sample IRI -> concept IRI -> weight; for all samples, or some worth asking for.
        outcome: what it came from, and what came of it.
        worth: of some of the concepts, what the run's score owes to each.

    Raises:
        StoreError: a concept is not in the store, an IRI is none or the run's is a concept's, a
            weight is not finite, or a time has no zone.
    """
    samples, outcome = groundings or {}, outcome or Outcome()
    ontology = ontology_iri(ontology_hash)
    data = [ontology_iri(outcome.data_hash)] if outcome.data_hash else []
    parents = [outcome.parent] if outcome.parent else []
    _check_iris((run, ontology, *samples, *data, *parents))
    _check_weights((concepts, *samples.values(), worth or {}))
    if started.tzinfo is None or ended.tzinfo is None:
        raise StoreError("the time of a run has no zone", cure="use datetime.now(UTC)")
    _check_known(store, {*concepts, *(iri for weights in samples.values() for iri in weights)})
    if store.run(_TAKEN, {"run": run}):
        raise StoreError(f"{run} is part of the ontology", cure="give the run an IRI of its own")

    collections = {sample: f"{run}/grounding/{_digest(sample)}" for sample in samples}
    members = [
        {"grounding": collections[sample], **row}
        for sample, weights in samples.items()
        for row in _weighted(weights)
    ]
    # Some engines give a node a second label only in a transaction that does nothing else with
    # it. The run's own comes last: without it, no query takes it for a run.
    steps: list[list[Statement]] = [
        [
            *_forgetting(run),
            (_PREFIXES, {"table": {name: WELL_KNOWN[name] for name in ("prov", "kgt", "owl")}}),
            (_NODES, {"uris": [run, ontology, *samples, *collections.values(), *data, *parents]}),
        ],
        [
            (_ONTOLOGY, {"uri": ontology}),
            (_ENTITIES, {"uris": [*samples]}),
            (_DATA_SETS, {"uris": data}),
            (_COLLECTIONS, {"uris": [*collections.values()]}),
        ],
        [
            (_TIMES, {"run": run, "times": {**_times(started, ended), **outcome.properties}}),
            (_KNEW, {"run": run, "ontology": ontology}),
            (_READ, {"run": run, "data": data}),
            (_INFORMED, {"run": run, "parents": parents}),
            (_USED, {"run": run, "rows": _weighted(concepts)}),
            (_WORTH, {"run": run, "rows": _weighted(worth or {})}),
            (_GROUNDINGS, {"run": run, "rows": _pairs(collections)}),
            (_MEMBERS, {"rows": members}),
        ],
        [(_ACTIVITY, {"run": run})],
    ]
    for statements in steps:
        store.transact(statements)


def forget_run(store: GraphStore, run: str) -> None:
    """Delete what `record_run` wrote about a run; samples and ontologies stay for other runs."""
    store.transact(_forgetting(run))


def ontology_iri(ontology_hash: str) -> str:
    """Hash -> IRI of an ontology: a version is named by its content, wherever it lies."""
    return f"urn:sha256:{ontology_hash}"


def _forgetting(run: str) -> list[Statement]:
    return [(statement, {"run": run}) for statement in _FORGET]


def _weighted(weights: Mapping[str, float]) -> list[dict[str, Any]]:
    return [{"concept": iri, "weight": float(weight)} for iri, weight in weights.items()]


def _pairs(collections: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"sample": sample, "grounding": uri} for sample, uri in collections.items()]


def _times(started: datetime, ended: datetime) -> dict[str, Any]:
    return {"prov__startedAtTime": started, "prov__endedAtTime": ended}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _check_iris(iris: Iterable[str]) -> None:
    for iri in iris:
        if ":" not in iri or any(mark in iri for mark in ' <>"{}|\\^`\n\t'):
            raise StoreError(f"{iri!r} is not an absolute IRI", cure="give it a scheme, as in urn:")


def _check_weights(groups: Iterable[Mapping[str, float]]) -> None:
    for weights in groups:
        for iri, weight in weights.items():
            if not math.isfinite(weight):
                raise StoreError(f"{iri}: a weight of {weight}", cure="weights are finite numbers")


def _check_known(store: GraphStore, iris: set[str]) -> None:
    rows = store.run(_KNOWN, {"iris": sorted(iris)}, max_rows=ROWS)
    if missing := sorted(iris - {row["iri"] for row in rows}):
        raise StoreError(
            f"{len(missing)} concepts of the run are not in the store, {missing[0]} first",
            cure="sync the run's ontology before the run is recorded",
        )
