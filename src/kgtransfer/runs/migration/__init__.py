"""Runs of protocol 1 in the form of protocol 2."""

from __future__ import annotations

from kgtransfer.runs.migration.migrate import migrate

__all__ = ["migrate"]
