"""Documentation comments as text."""

from __future__ import annotations

import pytest

from kgtransfer.code.languages.comments import documentation_text


@pytest.mark.parametrize(
    ("comments", "text"),
    [
        ("/** Reads it. */", "Reads it."),
        (
            "/**\n * Reads it\n * slowly.\n *\n * Then stops.\n */",
            "Reads it slowly.\n\nThen stops.",
        ),
        ("/**\n * Reads <b>it</b>.<p>More.\n * @param x the x\n */", "Reads it.\n\nMore."),
        (
            "/** Reads {@code x < y}, see {@link A#b} and {@link A the a}. */",
            "Reads x < y, see A.b and the a.",
        ),
        ("/// Reads [`it`](Self::it).\n///\n/// # Errors\n/// Never.", "Reads it."),
        ("/// Reads it.\n/// ```\n/// x()\n/// ```", "Reads it."),
        ("// Read reads it.\n//go:noinline", "Read reads it."),
        ("/*!\n * \\brief Reads it.\n * \\param x the x\n */", "Reads it."),
        (
            '/// <summary>\n/// Reads it.\n/// </summary>\n/// <param name="x">x</param>',
            "Reads it.",
        ),
        ("# Reads it.\n# Twice.", "Reads it. Twice."),
        ("--- Reads it.", "Reads it."),
        ("/** */", ""),
    ],
)
def test_marks_tags_and_markup_leave(comments: str, text: str) -> None:
    assert documentation_text(comments) == text
