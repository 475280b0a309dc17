"""Shell code read without running it."""

from __future__ import annotations

from kgtransfer.code.languages.bash import Invocation, invocations


def test_a_line_runs_programs_with_flags_and_words() -> None:
    assert invocations("sudo /usr/bin/find . -type d -name '*.py' | xargs rm -rf") == [
        Invocation("find", frozenset({"-type", "-type d", "-name"}), (".", "d", "*.py")),
        Invocation("xargs", frozenset({"-rf", "-r", "-f"}), ("rm",)),
    ]


def test_what_runs_nothing_has_no_program() -> None:
    assert invocations("") == []
    assert invocations(" ; | ") == []


def test_a_program_alone_is_given_nothing() -> None:
    assert invocations("ls && pwd") == [
        Invocation("ls", frozenset(), ()),
        Invocation("pwd", frozenset(), ()),
    ]
