"""How neosemantics, Neo4j's plugin for RDF, is set up in a store: read, kept, never overwritten.

https://neo4j.com/labs/neosemantics/5.14/config/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kgtransfer.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kgtransfer.store.write_ahead import Write

__all__ = ["GRAPH_CONFIG", "configs", "require_own", "require_shortened"]

SHORTENED = (0, 1)  # SHORTEN, SHORTEN_STRICT
GRAPH_CONFIG: Mapping[str, Any] = {  # how neosemantics would have been configured
    "_handleVocabUris": 0,  # SHORTEN
    "_handleMultival": 1,  # ARRAY, for the properties in _multivalPropList
    "_handleRDFTypes": 0,  # LABELS
    "_keepLangTag": True,
    "_applyNeo4jNaming": False,
    "_keepCustomDataTypes": False,
}
_CONFIG = "MATCH (c:_GraphConfig) RETURN properties(c) AS config"


def configs(read: Write) -> list[dict[str, Any]]:
    """The settings of neosemantics that stand in the store behind `read`."""
    return [row["config"] for row in read(_CONFIG, {})]


def require_shortened(settings: Sequence[Mapping[str, Any]]) -> None:
    """Raises a `StoreError` where IRIs are kept in another way than as `prefix__local`."""
    for config in settings:
        if config.get("_handleVocabUris", SHORTENED[0]) not in SHORTENED:
            raise StoreError(
                "neosemantics loaded this graph with other names than prefix__local",
                cure='load it with handleVocabUris: "SHORTEN"',
            )


def require_own(settings: Sequence[Mapping[str, Any]]) -> None:
    """Raises a `StoreError` where neosemantics is set up otherwise than a sync would do it."""
    for config in settings:
        for key, value in GRAPH_CONFIG.items():
            if config.get(key, value) != value:
                raise StoreError(
                    f"neosemantics is set up in this store with {key} {config[key]}, not {value}",
                    cure="sync to another database, or delete the :_GraphConfig node first",
                )
