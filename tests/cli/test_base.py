"""The command line's edge: whatever happens is one message and an exit status."""

from __future__ import annotations

import subprocess
import sys

import pytest
import typer

from kgtransfer.cli.base import guarded
from kgtransfer.errors import DataError


def _ended(error: BaseException, capsys: pytest.CaptureFixture[str]) -> tuple[object, str]:
    """Exit status and what a command said that raised an error."""
    app = typer.Typer()

    @app.command()
    def fail() -> None:
        raise error

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["kgtransfer"])
        with pytest.raises(SystemExit) as ended:
            guarded(app)
    said = capsys.readouterr()
    assert said.out == ""
    return ended.value.code, said.err


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (DataError("no data\x1b[2J", cure="give some"), 2, r"error: no data\x1b[2J"),
        (FileNotFoundError(2, "No such file", "a.ttl"), 2, "error: a.ttl: No such file"),
        (OSError(28, "No space left on device"), 2, "error: No space left on device"),
        (MemoryError(), 2, "error: there is not enough memory"),
        (
            RuntimeError("can't allocate memory: 9"),
            2,
            "error: there is not enough memory",
        ),
        (ModuleNotFoundError("No module named 'timm'", name="timm"), 2, "No module named 'timm'"),
        (typer.BadParameter("bolt:/kim:sesame@h"), 2, "Invalid value: bolt:/***@h"),
        (KeyboardInterrupt(), 130, ""),
        (typer.Abort(), 2, "error: the input ended"),
        (TypeError("\x1b[2Joops"), 70, r"this is a fault of kgtransfer: TypeError: \x1b[2Joops"),
    ],
)
def test_every_end_is_a_message_and_a_status(
    error: BaseException, status: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = _ended(error, capsys)
    assert code == status
    assert message in said
    assert "Traceback" not in said


def test_a_traceback_is_for_those_who_ask(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KGTRANSFER_DEBUG", "1")
    _, said = _ended(TypeError("bolt://kim:sesame@h"), capsys)
    assert "Traceback (most recent call last)" in said
    assert "sesame" not in said


def test_a_reader_who_has_gone_is_no_error() -> None:
    code = "from kgtransfer.cli import main; main()"
    command = f"{sys.executable} -c '{code}' query --list | head -n 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert (done.stderr, len(done.stdout.splitlines())) == ("", 1)
