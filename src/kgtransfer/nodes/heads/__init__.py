"""Convex heads over gated blocks of features."""
