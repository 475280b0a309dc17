"""Modules through which grounded concepts enter a backbone; the identity at start."""
