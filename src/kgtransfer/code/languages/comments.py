"""Documentation comments of any language -> what they say, without marks, tags and markup."""

from __future__ import annotations

import html
import re

__all__ = ["documentation_text"]

_OPENING = re.compile(r"^\s*(?:/\*+!?<?|//[/!]?<?|#+|--+\[*|\*+/|\*(?!\*\w))\s?")
_CLOSING = re.compile(r"\s*(?:\*+/|--\]\])\s*$")
_INLINE = re.compile(r"\{@\w+\s*([^{}]*)\}")
_TAG = re.compile(r"^\s*(?:[@\\](?P<tag>\w+)|<(?P<xml>param|returns|exception|remarks|example)\b)")
_SPOKEN = re.compile(r"^\s*[@\\](?:brief|short|description|desc|summary|details)\b:?\s*")
_LINK = re.compile(r"\[`?([^\[\]`]+)`?\](?:\([^()]*\)|\[[^\[\]]*\])?")
_PARAGRAPH = re.compile(r"</?(?:p|ul|ol|pre|table|h\d|li|para|br)\b[^<>]*>", re.IGNORECASE)
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")
_MARKER = re.compile(r"^(?:go:|nolint|eslint|@?ts-|prettier|clang-format|NOLINT|SAFETY:|-\*-|!)")


def documentation_text(comments: str) -> str:
    """Comments as written, one under the other -> paragraphs of text, a blank line between them.

    What follows the first tag (`@param`, `<returns>`), heading or code block is left out: it is
    about parts, not about the whole.
    """
    kept = []
    for line in comments.splitlines():
        text = _CLOSING.sub("", _OPENING.sub("", _CLOSING.sub("", line)))
        text = _SPOKEN.sub("", text)
        if _TAG.match(text) or text.lstrip().startswith(("```", "# ", "## ", "~~~")):
            break
        if not _MARKER.match(text.strip()):
            kept.append(text.strip())
    text = _PARAGRAPH.sub("\n\n", _INLINE.sub(_inline, "\n".join(kept)))
    text = _LINK.sub(r"\1", html.unescape(_MARKUP.sub("", text)))
    paragraphs = (" ".join(part.split()) for part in re.split(r"\n\s*\n", text))
    return "\n\n".join(part for part in paragraphs if part)


def _inline(match: re.Match[str]) -> str:
    """`{@link Basket#add the method}` -> `the method`; `{@code x}` -> `x`."""
    target, _, label = match[1].strip().partition(" ")
    if match[0].startswith(("{@link", "{@see")):
        return label.strip() or target.replace("#", ".").strip(".")
    return match[1].strip()
