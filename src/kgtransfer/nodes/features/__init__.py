"""Blocks of numbers that condition an encoder: attributes and structure, propagated."""
