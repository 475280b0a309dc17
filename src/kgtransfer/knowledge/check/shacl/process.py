"""A process for validation that can be ended: neither a pattern nor a query stops by itself."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import time
from typing import IO, TYPE_CHECKING, Self, cast

from kgtransfer.knowledge.check.shacl.results import Answer, Failure
from kgtransfer.utils.resources import child_environment

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["ValidationProcess"]

WORKER = "kgtransfer.knowledge.check.shacl.worker"


class ValidationProcess:
    """One validation in a process of its own, which starts at once and ends with the `with` block.

    Args:
        timeout: seconds that the validation may take, from the request on.
    """

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._asked = 0.0
        # Files, not pipes: the process can write all and end while its caller does other work.
        self._answer, self._place, self._complaints = (tempfile.TemporaryFile() for _ in range(3))  # noqa: SIM115
        shared = (self._answer.fileno(), self._place.fileno())
        # -P: a file in the current folder must not stand in for a library.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", WORKER, *map(str, shared), str(timeout)],
            env=child_environment(),
            pass_fds=shared,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=self._complaints,
        )

    def ask(self, request: Iterable[bytes]) -> None:
        """Give the process its request and let it work."""
        stdin = cast("IO[bytes]", self._process.stdin)
        with contextlib.suppress(BrokenPipeError):  # `answer` says why it ended
            for part in request:
                stdin.write(part)
            stdin.close()
        self._asked = time.monotonic()

    def answer(self) -> Answer:
        """Wait for the answer: results, or why there are none; never longer than the timeout."""
        remaining = self._asked + self._timeout - time.monotonic()
        try:
            self._process.wait(max(remaining, 0))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return self._failed(
                f"a shape was not done after {self._timeout:g} seconds",
                "simplify its query or pattern, or allow more time: --timeout SECONDS",
            )
        if self._process.returncode:
            complaint = _content(self._complaints).strip().rpartition("\n")[2]
            reason = complaint or f"exit status {self._process.returncode}"
            return self._failed(f"the validation broke off: {reason}", "simplify the shapes")
        return cast("Answer", json.loads(_content(self._answer)))

    def _failed(self, reason: str, cure: str) -> Answer:
        shape = _content(self._place).partition("\n")[0]
        return {"results": [], "failure": Failure(reason=reason, cure=cure, shape=shape)}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        with contextlib.suppress(OSError):  # what it was not given any more
            cast("IO[bytes]", self._process.stdin).close()
        self._process.wait()
        for file in (self._answer, self._place, self._complaints):
            file.close()


def _content(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")
