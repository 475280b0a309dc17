"""What a kind of sample cannot do yet, as a function that says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from kgtransfer.errors import KgTransferError, RunError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["refusal"]


def refusal(
    why: str, *, cure: str, error: type[KgTransferError] = RunError
) -> Callable[..., NoReturn]:
    """Reason and cure -> a function of a run or a sample, and anything else, that raises.

    Args:
        why: what the message says after the name of the run or sample.
        cure: what to do instead.
        error: what it raises.
    """

    def refuse(subject: object, *_: object, **__: object) -> NoReturn:
        raise error(f"{subject}: {why}", cure=cure)

    return refuse
