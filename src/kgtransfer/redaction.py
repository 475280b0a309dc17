"""Secrets in text that is shown or kept: user names, passwords and keys within addresses."""

from __future__ import annotations

import re

__all__ = ["holds_secret", "redacted"]

HIDDEN = "***"

_KEY = (
    r"(?:pass(?:word|wd|phrase)?|pwd|pw|(?:access|auth|api|id|refresh|bearer)?[_-]?token|secret"
    r"|(?:client|api|app)[_-]?secret|(?:access|api|private|secret|account)[_-]?key"
    r"|key|auth|credentials?|sig|signature|user(?:name)?)"
)
_SECRETS = re.compile(
    # scheme://user:password@host, also with one slash or none; a password may hold any mark
    r"(?P<before>\b[a-z][a-z0-9+.-]*:/+)(?:[^\s/@]*:\S*@|[^\s/@?#]*@)"
    # neo4j:user:password@host
    r"|(?P<scheme>\b(?:neo4j|bolt)(?:\+s|\+ssc)?:)\S*@"
    # user:password@host
    r"|(?P<bare>(?<![\w:.+-]))(?!(?:mailto|acct|sip|xmpp):)[\w.+-]+:[^\s@/\"'<>]+@(?=[\w\[])"
    # ?password=..., &token=..., and password=... as an argument or a setting
    rf"|(?P<key>[?&;#]{_KEY}=|(?<![\w-])(?:[\w.]+\.)?(?:password|passwd|pwd|secret|api_?key)=)"
    r"[^\s&;#]+",
    re.IGNORECASE,
)


def redacted(text: str) -> str:
    """The text, with `***` for user names, passwords and keys in the addresses that it holds."""
    return _SECRETS.sub(_hidden, text)


def holds_secret(text: str) -> bool:
    """Whether a text holds what `redacted` would hide."""
    return _SECRETS.search(text) is not None


def _hidden(match: re.Match[str]) -> str:
    if key := match["key"]:
        return key + HIDDEN
    return f"{match['before'] or match['scheme'] or ''}{HIDDEN}@"
