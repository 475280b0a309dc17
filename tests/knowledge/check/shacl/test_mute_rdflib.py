from __future__ import annotations

import pytest
import rdflib

from kgtransfer.knowledge.check.shacl.mute_rdflib import mute_rdflib


def test_rdflib_is_silent_only_while_it_lasts(caplog: pytest.LogCaptureFixture) -> None:
    def literal() -> rdflib.Literal:
        return rdflib.Literal("abc", datatype=rdflib.XSD.integer)

    with mute_rdflib():
        assert literal().ill_typed
    assert caplog.records == []
    literal()
    assert len(caplog.records) == 1
