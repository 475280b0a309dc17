from __future__ import annotations

import pytest

from kgtransfer.utils.progress import ProgressLines, bar


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def lines_of(
    steps: int, seconds: float, total: int | None, what: str = "measure", news: str | None = None
) -> list[str]:
    """The lines of work whose steps take some seconds each."""
    clock, lines = Clock(), list[str]()
    work = ProgressLines(what, total, clock=clock, write=lines.append)
    for _ in range(steps):
        clock.now += seconds
        work.advance(1, news)
    return lines


def test_quick_work_is_silent() -> None:
    assert lines_of(29, 1, total=29) == []


def test_a_line_after_each_tenth_of_long_work() -> None:
    lines = lines_of(100, 10, total=100)
    assert lines[:2] == [
        "measure: 3/100 (3 %), 0:30, about 16:10 left",
        "measure: 9/100 (9 %), 1:30, about 15:10 left",
    ]
    tenths = [f"({share} %)" for share in range(10, 101, 10)]
    assert all(any(tenth in line for line in lines) for tenth in tenths)
    assert lines[-1] == "measure: 100/100 (100 %), 16:40"


def test_work_of_unknown_length_is_heard_of_ever_less_often() -> None:
    lines = lines_of(500, 1, total=None)
    assert lines == ["measure: 30, 0:30", "measure: 90, 1:30", "measure: 210, 3:30",
                     "measure: 450, 7:30"]  # fmt: skip


@pytest.mark.parametrize(("steps", "seconds", "total"), [(100_000, 7, None), (100_000, 2, 100_000)])
def test_there_are_never_more_than_twenty_lines(
    steps: int, seconds: float, total: int | None
) -> None:
    assert 10 < len(lines_of(steps, seconds, total)) <= 20


def test_the_end_of_work_of_days_is_told() -> None:
    assert "(100 %)" in lines_of(100_000, 5, 100_000)[-1]


def test_lines_of_a_burst_are_five_seconds_apart() -> None:
    clock, lines = Clock(), list[str]()
    work = ProgressLines("read", 10, clock=clock, write=lines.append)
    clock.now += 60
    for _ in range(10):
        work.advance()
    assert lines == ["read: 1/10 (10 %), 1:00, about 9:00 left"]


def test_a_line_says_what_is_being_done() -> None:
    assert lines_of(1, 3725, total=2, what="fitting", news="kg, seed 0") == [
        "fitting: kg, seed 0: 1/2 (50 %), 1:02:05, about 1:02:05 left"
    ]
    assert lines_of(1, 40, total=None, what="fitting", news="fitting: epoch 2") == [
        "fitting: epoch 2: 1, 0:40"
    ]


def test_without_a_terminal_lines_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    with bar("read \x1b[2J", total=4, clock=clock) as advance:
        clock.now += 90
        advance(2)
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "read \\x1b[2J: 2/4 (50 %), 1:30, about 1:30 left\n"
