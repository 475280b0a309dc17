"""What a request must be before it is looked at: of the right host, with the token, not too large.

Plain ASGI, so that it stands before everything that is served, MCP included.
"""

from __future__ import annotations

import hmac
import ipaddress
import json
from typing import TYPE_CHECKING, Any

from kgtransfer.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping
    from pathlib import Path

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

__all__ = ["Gate", "is_loopback", "read_token", "require_token"]

SHORTEST = 16  # characters of a token
LOCAL = ("127.0.0.1", "localhost", "[::1]")
POLICY = (
    b"default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; "
    b"base-uri 'none'"
)
HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", POLICY),
]


def is_loopback(host: str) -> bool:
    """Whether a host is this machine alone."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def read_token(file: Path) -> str:
    """File -> the token that it holds.

    Raises:
        ConfigError: it cannot be read, or holds no token of some length.
    """
    try:
        token = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read as a token", cure="check the path") from error
    if len(token) < SHORTEST or not token.isprintable() or " " in token:
        raise ConfigError(
            f"{file}: holds no token of {SHORTEST} characters or more",
            cure=f"write one: openssl rand -hex 32 > {file}",
        )
    return token


def require_token(host: str, token: str) -> None:
    """Refuse to listen to other machines without a token.

    Raises:
        ConfigError: the host is not this machine alone, and there is no token.
    """
    if not token and not is_loopback(host):
        raise ConfigError(
            f"whoever reaches {host} could ask this run",
            cure="give --token-file FILE (openssl rand -hex 32 > FILE), or leave --host out",
        )


class Gate:
    """Lets requests through to an app, each with its whole body.

    Args:
        app: what is behind it.
        token: that a request must bear; empty where none is asked for: then its `Host` must be this
            machine, so that no web page of a stranger can ask by a name of its own.
        most: bytes of a body.
    """

    def __init__(self, app: App, *, token: str, most: int) -> None:
        self.app, self.token, self.most = app, token.encode(), most

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer a request, or have it answered."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {name.lower(): value for name, value in scope["headers"]}
        if refused := self._refusal(headers):
            await _answer(send, *refused)
            return
        body = await _body(receive, self.most)
        if body is None:
            await _answer(send, 413, f"more than {self.most:,} bytes", "ask for less at a time")
            return
        await self.app(scope, _again(body, receive), _with_headers(send))

    def _refusal(self, headers: dict[bytes, bytes]) -> tuple[int, str, str] | None:
        if self.token:
            kind, _, given = headers.get(b"authorization", b"").partition(b" ")
            is_right = hmac.compare_digest(given.strip(), self.token)
            if not (is_right and kind.lower() == b"bearer"):
                return 401, "no token, or not the right one", "send Authorization: Bearer TOKEN"
            return None
        host = headers.get(b"host", b"").decode("latin-1")
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        if name not in LOCAL:
            return 421, f"not served as {name[:100]!r}", f"ask {LOCAL[0]}, or serve with a token"
        return None


async def _body(receive: Receive, most: int) -> bytes | None:
    """The whole body; None where it is too large."""
    content = bytearray()
    while True:
        message = await receive()
        content += message.get("body", b"")
        if len(content) > most:
            return None
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return bytes(content)


def _again(body: bytes, receive: Receive) -> Receive:
    """The body once more, then whatever comes."""
    pending = [body]

    async def replay() -> Message:
        if pending:
            return {"type": "http.request", "body": pending.pop(), "more_body": False}
        return await receive()

    return replay


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *HEADERS]}
        await send(message)

    return sending


async def _answer(send: Send, status: int, error: str, cure: str) -> None:
    body = json.dumps({"error": error, "cure": cure}).encode()
    headers = [(b"content-type", b"application/json"), *HEADERS]
    if status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
