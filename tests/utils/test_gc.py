from __future__ import annotations

import gc

import pytest

from kgtransfer.utils.gc import without_collector


def test_it_is_off_inside_and_afterwards_as_before() -> None:
    assert gc.isenabled()
    with without_collector():
        with without_collector():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_is_back_after_an_error() -> None:
    with pytest.raises(ValueError, match="inside"), without_collector():
        raise ValueError("inside")
    assert gc.isenabled()
