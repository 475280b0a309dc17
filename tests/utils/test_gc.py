from __future__ import annotations

import gc

import pytest

from kgtransfer.utils.gc import gc_suspended


def test_it_is_off_inside_and_afterwards_as_before() -> None:
    assert gc.isenabled()
    with gc_suspended():
        with gc_suspended():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_is_back_after_an_error() -> None:
    with pytest.raises(ValueError, match="inside"), gc_suspended():
        raise ValueError("inside")
    assert gc.isenabled()
