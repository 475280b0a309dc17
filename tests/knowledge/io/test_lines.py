from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kgtransfer.knowledge.io.lines import line_finder


@given(st.text("ab\n\r\u2028"))
def test_a_line_is_one_more_than_the_line_ends_before_the_place(text: str) -> None:
    line = line_finder(text)
    assert [line(place) for place in range(len(text) + 1)] == [
        text.count("\n", 0, place) + 1 for place in range(len(text) + 1)
    ]
