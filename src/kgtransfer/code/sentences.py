"""Documentation -> its first sentence; texts without what sets them apart on paper alone."""

from __future__ import annotations

import re

__all__ = ["first_sentence", "flat"]


def first_sentence(documentation: str) -> str:
    """A docstring -> the first sentence of its first paragraph, on one line."""
    paragraph = " ".join(documentation.strip().partition("\n\n")[0].split())
    return re.split(r"(?<=[.!?])\s+(?=[A-Z])", paragraph, maxsplit=1)[0]


def flat(text: str) -> str:
    """A text -> its words in lower case, a space between them."""
    return re.sub(r"\W+", " ", text).strip().lower()
