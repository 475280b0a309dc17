"""Mistakes in Turtle files that can be mended without judgement."""

from kgtransfer.knowledge.fix.files import Fixed, fixed, turtle_files

__all__ = ["Fixed", "fixed", "turtle_files"]
