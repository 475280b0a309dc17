"""What a run was made with: the command, versions, device and revision."""

from __future__ import annotations

import platform
import shlex
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import torch

from kgtransfer.redaction import redacted

__all__ = ["command_line", "environment"]

VERSIONED = ("kgtransfer", "torch", "transformers", "timm", "numpy", "kglite")


def command_line() -> str:
    """The command that this process was started by, for the report, without secrets."""
    name = Path(sys.argv[0]).name
    arguments = (redacted(argument) for argument in sys.argv[1:])
    return shlex.join(["kgtransfer" if name == "__main__.py" else name, *arguments])


def environment(device: str) -> dict[str, str]:
    """Versions, device and revision, for result.json."""
    versions = {name: found for name in VERSIONED if (found := _version(name))}
    python = platform.python_version()
    return {**versions, "python": python, "device": _device_name(device), "git": _revision()}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _device_name(device: str) -> str:
    if device.startswith("cuda"):
        return torch.cuda.get_device_name(device)
    return f"{platform.machine()} CPU, {torch.get_num_threads()} threads"


def _revision() -> str:
    """The checkout's commit, with a + where it has changes; empty outside a checkout."""
    try:
        command = ["git", "describe", "--always", "--dirty=+", "--exclude=*"]
        root = Path(__file__).parent
        found = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return found.stdout.strip()
