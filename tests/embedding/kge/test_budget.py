from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgtransfer.embedding.kge.budget import Budget
from kgtransfer.errors import ConfigError


@pytest.mark.parametrize(
    ("value", "amount", "unit"),
    [
        ("2x", 2.0, "trainings"),
        (" 0.5x ", 0.5, "trainings"),
        ("300", 300.0, "seconds"),
        (300, 300.0, "seconds"),
        (0, 0.0, "seconds"),
    ],
)
def test_a_budget_is_a_multiple_or_seconds(value, amount, unit):
    assert Budget.of(value) == Budget(amount, unit)


@pytest.mark.parametrize("value", ["", "x", "much", "-1", "-1x", "nan", "infx", "2x3"])
def test_what_is_no_budget_is_refused(value):
    with pytest.raises(ConfigError, match="is no budget"):
        Budget.of(value)


@given(st.floats(0, 1e6), st.sampled_from(["trainings", "seconds"]))
def test_a_budget_is_read_as_it_is_written(amount, unit):
    budget = Budget(float(f"{amount:g}"), unit)
    assert Budget.of(str(budget)) == budget == Budget.of(budget)
    assert bool(budget) is (budget.amount > 0)


def test_seconds_are_measured_only_where_they_are_the_unit():
    def never() -> float:
        raise AssertionError("measured for nothing")

    assert Budget(2.0, "trainings").trainings(never) == 2.0
    assert Budget(300.0, "seconds").trainings(lambda: 100.0) == 3.0
