from __future__ import annotations

import pytest

from kgtransfer.store.base import Params, Row
from kgtransfer.store.write_ahead import DEPTH, ahead


def test_all_is_written_in_order_at_the_end() -> None:
    written = []

    def write(statement: str, params: Params) -> list[Row]:
        written.append((statement, params["n"]))
        return []

    with ahead(write) as later:
        for n in range(3 * DEPTH):
            later("CREATE", {"n": n})
    assert written == [("CREATE", n) for n in range(3 * DEPTH)]


@pytest.mark.parametrize("calls", [1, 100])
def test_an_error_reaches_the_caller_and_ends_the_rest(calls: int) -> None:
    tried = []

    def write(statement: str, params: Params) -> list[Row]:
        tried.append(statement)
        raise LookupError(statement)

    def many() -> None:
        with ahead(write) as later:
            for n in range(calls):
                later(str(n), {})

    with pytest.raises(LookupError, match="0"):
        many()
    assert len(tried) <= DEPTH + 1


def test_an_error_of_the_caller_drops_what_has_not_begun() -> None:
    tried = []

    def write(statement: str, params: Params) -> list[Row]:
        tried.append(statement)
        return []

    def interrupted() -> None:
        with ahead(write) as later:
            later("first", {})
            raise LookupError("caller")

    with pytest.raises(LookupError, match="caller"):
        interrupted()
    assert len(tried) <= 1
