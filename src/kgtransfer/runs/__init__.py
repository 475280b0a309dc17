"""Saved runs: their folders, which there are, and their record in a graph store."""
