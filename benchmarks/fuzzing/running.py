"""One command line run in this process, and what is wrong with what it did."""

from __future__ import annotations

import contextlib
import io
import json
import signal
import socket
import sys
import traceback
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kgtransfer import cli
from kgtransfer.cli import base

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["SECRET", "Outcome", "loopback_only", "run"]

SECRET = "open-sesame"  # where an input holds a password, it is this one
STATUSES = {0: "done", 1: "objected", base.BAD_INPUT: "refused"}


class Overtime(BaseException):
    """The time of a command is over; no part of the program may catch it."""


@dataclass(frozen=True)
class Outcome:
    """What became of a command.

    Attributes:
        kind: `done`, `objected`, `refused`, `went on` or `failed`.
        complaint: what is wrong where it failed.
        said: standard output and standard error.
    """

    kind: str
    complaint: str = ""
    said: str = ""


def run(arguments: Sequence[str], *, seconds: float) -> Outcome:
    """Run `kgtransfer ARGUMENTS` and look at its exit status and all that it prints.

    It fails by an exception that is none of ours, by an exit status that is none of ours, by
    characters that steer a terminal, by the secret, by JSON that is none. One that is not at its
    end in time `went on`.
    """
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    fault: list[BaseException] = []
    before = sys.argv, base._tell_fault
    base._tell_fault = lambda error: fault.append(error) or base.FAULT  # type: ignore[assignment]
    sys.argv = ["kgtransfer", *arguments]
    status: object = "it came back"
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), _limited(seconds):
            cli.main()
    except SystemExit as ended:
        status = ended.code or 0
    except Overtime:
        return Outcome("went on")
    except BaseException as error:  # that is what is looked for
        fault.append(error)
    finally:
        sys.argv, base._tell_fault = before
    said = [_text(stream) for stream in (out, err)]
    if fault:
        return Outcome("failed", _place(fault[0]), "".join(said))
    complaint = _complaint(status, *said, as_json="--json" in arguments)
    kind = "failed" if complaint else STATUSES[int(str(status))]
    return Outcome(kind, complaint, "".join(said))


def loopback_only() -> None:
    """Make every use of a network beyond this machine an error of its own kind."""
    connect = socket.socket.connect

    def careful(self: socket.socket, place: Any) -> None:
        if self.family != socket.AF_UNIX and place[0] not in ("127.0.0.1", "::1"):
            raise AssertionError("the network was asked for")
        connect(self, place)

    socket.socket.connect = careful  # type: ignore[method-assign]


@contextlib.contextmanager
def _limited(seconds: float) -> Iterator[None]:
    def over(*_: object) -> None:
        raise Overtime

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()


def _place(error: BaseException) -> str:
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "kgtransfer" in f.filename]
    last = frames[-1] if frames else None
    where = f" at {last.filename.rpartition('kgtransfer/')[2]}:{last.lineno}" if last else ""
    return f"{type(error).__name__}{where}: {str(error)[:200]}"


def _complaint(status: object, out: str, err: str, *, as_json: bool) -> str:
    if status not in STATUSES:
        return f"exit status {status}"
    said = out + err
    if "Traceback" in said:
        return "a traceback was printed"
    if SECRET in said:
        return "a secret was printed"
    steering = {c for c in said if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
    if steering - {"\n", "\t", "\r"}:  # rows of CSV end with \r\n
        return f"a terminal is steered by {sorted(steering)}"
    if status == base.BAD_INPUT and not err:
        return "refused without a word"
    if as_json and status == 0:
        try:
            json.loads(out, parse_constant=lambda name: json.loads("no JSON: " + name))
        except ValueError:
            return "JSON that is none"
    return ""
