"""Whether code may run: what the user trusts or named as his own does, everything else does not."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from kgtransfer.errors import CodeError
from kgtransfer.trust.installed import InstalledCode
from kgtransfer.trust.ownership import not_own, settings_not_own
from kgtransfer.trust.store import TrustStore

if TYPE_CHECKING:
    from kgtransfer.trust.unit import CodeUnit

__all__ = ["NamedBy", "require_trust"]

NamedBy = Literal["command line", "run"] | Path
"""Who names code: the user's own command line, a run that is read back, or the settings file (its
path) that the user's own command line names."""


def require_trust(
    code: CodeUnit | InstalledCode, named_by: NamedBy, trusted: TrustStore | None = None
) -> str:
    """Make sure that code may run; to be asked before `load`.

    Args:
        code: what is to run.
        named_by: who names it.
        trusted: what the user trusts; by default what is kept in his configuration folder.

    Returns:
        Why it may run, for people.

    Raises:
        CodeError: it may not; the message says why, and how to trust it.
    """
    store = trusted or TrustStore()
    entry = store.get(code.hash)
    if entry:
        return f"trusted since {entry.date}"
    reason = _not_own(code, named_by)
    if reason:
        raise CodeError(
            f"{code.label} (sha256 {code.hash[:12]}...) is code that may not run: {reason}",
            cure=f"read it, and if you trust it: kgtransfer trust {shlex.quote(code.label)}",
        )
    return "yours: " + ("installed by you" if isinstance(code, InstalledCode) else "it lies here")


def _not_own(code: CodeUnit | InstalledCode, named_by: NamedBy) -> str:
    """Code -> why it is not the user's own, named by himself; empty where it is."""
    if isinstance(named_by, Path):
        if reason := settings_not_own(named_by):
            return reason
    elif named_by != "command line":
        return "a run names it"
    return "" if isinstance(code, InstalledCode) else not_own(code)
