"""What all verbs share: how errors are told, options, and how results are printed."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from kgtransfer.errors import KgTransferError
from kgtransfer.utils.terminal import complain, json_text, safe_streams, show, tell

if TYPE_CHECKING:
    from kgtransfer.experiments.results import RunResult
    from kgtransfer.runs.output import Output

__all__ = [
    "BAD_INPUT",
    "FAULT",
    "INTERRUPTED",
    "Base",
    "Json",
    "Set",
    "VerifyWith",
    "finish",
    "guarded",
    "print_json",
    "print_output",
    "verified",
]

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Base = Annotated[
    str, typer.Option(help="IRI that relative IRIs are relative to.  [default: file:///NAME]")
]
Set = Annotated[list[str] | None, typer.Option("--set", help="section.key=value, repeatable.")]
VerifyWith = Annotated[
    Path | None,
    typer.Option(metavar="PUBKEY", help="Refuse what this key has not signed: see `verify`."),
]

BAD_INPUT, FAULT, INTERRUPTED, CLOSED = 2, 70, 130, 1  # exit statuses
DEBUG = "KGTRANSFER_DEBUG"  # set: tracebacks of errors are shown


def guarded(app: typer.Typer) -> NoReturn:
    """Run a command line and end the process.

    Exit status 2 and one clear message for errors of the input, of the system and of usage; 130
    after Ctrl-C; 1 where whoever reads the output has gone; 70 for a fault of the program itself.
    """
    safe_streams()
    try:
        status = app(standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for the flush at the end
        status = CLOSED
    except KeyboardInterrupt:
        complain("interrupted")
        status = INTERRUPTED
    except Exception as error:
        status = _told(error)
    sys.exit(status if isinstance(status, int) else 0)


def _told(error: Exception) -> int:
    """Say what ended a command; the exit status."""
    if isinstance(error, typer.TyperException):
        _tell_usage(error)
    elif isinstance(error, typer.Abort):
        complain("error: the input ended before it was complete")
    elif isinstance(error, KgTransferError):
        complain(f"error: {error}")
    elif isinstance(error, OSError):  # a full disk, a folder that is read-only
        named = f"{error.filename}: " if error.filename is not None else ""
        complain(f"error: {named}{error.strerror or error}")
    elif isinstance(error, MemoryError) or "can't allocate memory" in str(error):
        complain("error: there is not enough memory", "  what to do: give less data at a time")
    elif isinstance(error, ModuleNotFoundError) and not str(error.name).startswith("kgtransfer"):
        complain(f"error: {error}", '  what to do: pip install "kgtransfer[all]"')
    else:
        return _tell_fault(error)
    _tell_traceback(error)
    return BAD_INPUT


def _tell_usage(error: typer.TyperException) -> None:
    message = error.format_message()  # empty after the help that stands for no arguments
    if message:
        context = getattr(error, "ctx", None)
        verb = context.command_path if context else "kgtransfer"
        complain(f"error: {message}", f"  what to do: see {verb} --help")


def _tell_fault(error: Exception) -> int:
    complain(f"error: this is a fault of kgtransfer: {type(error).__name__}: {error}")
    complain(f"  what to do: please report it with what is printed under {DEBUG}=1")
    _tell_traceback(error)
    return FAULT


def _tell_traceback(error: Exception) -> None:
    if os.environ.get(DEBUG):
        complain("".join(traceback.format_exception(error)))


def verified(folder: Path, key: Path | None) -> None:
    """Make sure, where a public key is given, that it signed the folder; before it is loaded.

    Raises:
        SignatureError: it did not, or the folder is not what it signed.
    """
    if key:
        from kgtransfer.signing import verify_folder

        verify_folder(folder, key)


def finish(result: RunResult, out: Path, as_json: bool) -> None:
    """Say what a run found and where its report lies."""
    if as_json:
        print_json(result.to_json())
        return
    for settings in result.parts():
        show(result.rich_table(settings))
        for setting in settings.values():
            for comparison in setting.comparisons:
                tell(f"{setting.name:>7}  {comparison}")
    tell(f"report: {out / 'report.html'}")


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    tell(json_text(value))


def print_output(output: Output, as_json: bool) -> None:
    """Print what a kind of sample answers, for people or for programs."""
    if as_json:
        print_json(output.values)
        return
    for part in output.parts:
        tell(part) if isinstance(part, str) else show(part)
