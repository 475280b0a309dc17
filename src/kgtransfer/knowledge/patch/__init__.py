"""Turtle files edited in place: one statement comes, goes or changes, all else stays as it is."""

from kgtransfer.knowledge.patch.statements import add, change, remove

__all__ = ["add", "change", "remove"]
