"""What a kind cannot do says so, and raises what its caller expects."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.errors import DataError, RunError
from kgtransfer.runs.refusal import refusal


def test_it_names_the_run_the_reason_and_the_cure_whatever_else_it_is_given() -> None:
    retraining = refusal("not retrained yet", cure="run it again")
    with pytest.raises(RunError, match=r"^runs/a: not retrained yet\b") as refused:
        retraining(Path("runs/a"), "a graph")
    assert refused.value.cure == "run it again"


def test_a_sample_is_refused_by_the_error_of_data() -> None:
    ground = refusal("grounded as a whole", cure="run the pipeline", error=DataError)
    with pytest.raises(DataError, match=r"^node\.csv: grounded as a whole\b"):
        ground(Path("node.csv"), [], like=None, out=None)
