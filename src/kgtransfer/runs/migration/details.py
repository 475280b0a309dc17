"""Details of a run of protocol 1 -> those of protocol 2."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kgtransfer.runs.migration.names import Names

__all__ = ["details_now", "tested_now"]


def tested_now(name: str, names: Names) -> str:
    """A test set, or a setting that begins with one, by the name that it has now."""
    test, comma, rest = name.partition(", ")
    return f"{names.tests.get(test, test)}{comma}{rest}"


def details_now(old: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """Details in protocol 1 -> the same under the names that they have now."""
    renamed = {names.details.get(key, key): value for key, value in old.items()}
    renamed.pop("", None)
    for key, change in _CHANGES.items():
        if key in renamed:
            renamed[key] = change(renamed[key], names)
    return renamed


def _gates(gates: Mapping[str, Any], names: Names) -> dict[str, Any]:
    return {
        tested_now(setting, names): {
            names.arms[arm].name if arm in names.arms else arm: _keys(learned, names.gates)
            for arm, learned in arms.items()
        }
        for setting, arms in gates.items()
    }


def _gates_note(note: str, names: Names) -> str:
    for old, new in names.gates.items():
        note = note.replace(f"`{old}`", f"`{new}`")
    return note.replace("shuts the door", "closes the gate")


def _by_test(values: Mapping[str, Any], names: Names) -> dict[str, Any]:
    return _keys(values, names.tests)


def _training(values: Mapping[str, Any], names: Names) -> dict[str, Any]:
    return _keys(values, names.settings)


def _examples(examples: Mapping[str, Any], names: Names) -> dict[str, Any]:
    def context(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**p, "relation": names.gates.get(p["relation"], p["relation"])} for p in parts]

    return {
        setting: [{**example, "context": context(example["context"])} for example in shown]
        for setting, shown in examples.items()
    }


def _source(values: Mapping[str, Any], names: Names) -> dict[str, Any]:  # noqa: ARG001
    return _keys(values, {"ends": "ranges"})


def _method(values: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """What was done for the headline of a run over images."""
    terms = [names.gates.get(term, term) for term in values["experts"]]
    same = {key: values[key] for key in ("by", "trained", "shuffled", "rules")}
    return {"terms": terms, **same, "ignores_domain_shift": values["trusting"]}


def _lineage(values: Mapping[str, Any], names: Names) -> dict[str, Any]:
    return {**values, "arm": names.arms["before"].name}


#: Key of details.json, as it is called now -> what becomes of what it says.
_CHANGES: Mapping[str, Callable[[Any, Names], Any]] = {
    "confusion": _by_test,
    "domain_shift": _by_test,
    "examples": _examples,
    "gates": _gates,
    "gates_note": _gates_note,
    "lineage": _lineage,
    "method": _method,
    "source": _source,
    "training": _training,
}


def _keys(values: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {names.get(key, key): value for key, value in values.items()}
