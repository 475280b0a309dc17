"""Spellings of Cypher that reads files, reaches sockets or writes, tried on an engine as reads.

A failure is a statement that the read gate lets through and that then shows a line of a file, is
heard by a listener on loopback, changes the graph, or calls what is on no list. How many
spellings do so when the gate is passed by is counted as well: it is what the battery is worth.
"""

from __future__ import annotations

import random
import socket
import tempfile
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from fuzzing.base import Tally
from kgtransfer.errors import QueryRefused, StoreError
from kgtransfer.store.embedded.store import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kgtransfer.store.base import Row

__all__ = ["COUNT", "Listener", "battery", "misdeed", "spellings"]

CANARY = "a line of somebody's file"
COUNT = "MATCH (n) RETURN count(n) AS nodes, sum(n.x) AS marks"

# Whole statements that begin with the payload's place, and ones in which it follows a clause.
LEADING = (
    *("", "CYPHER 5", "CYPHER 25", "CYPHER", "EXPLAIN", "PROFILE", "CYPHER runtime=slotted"),
    *("CYPHER planner=cost", "RETURN 1 AS l UNION", "RETURN 1 AS l UNION ALL", ";", "RETURN 1;"),
    *("FOR VALID_TIME ALL", "USING PERIODIC COMMIT", "USING PERIODIC COMMIT 5"),
)
FOLLOWING = (
    *("MATCH (n:Keep) WITH n LIMIT 1", "MATCH (n:Keep) WITH n ORDER BY 1", "UNWIND [1] AS n"),
    *("MATCH (n:Keep) WHERE n.x = 1", "MATCH (n:Keep) WHERE n.x < 0xFF", "MATCH (n:Keep) WITH n"),
    *("MATCH (n:Keep) WHERE n.x < 1e3", "MATCH (n:Keep) WHERE n.x < 1.5", "WITH 1 AS n"),
    *("MATCH (n:Keep) WHERE n.x > .5", "MATCH (n:Keep) WHERE n.x < 1_000", "WITH 0o17 AS n"),
    *("MATCH (n:Keep) WHERE n.x <> 'a'", 'MATCH (n:Keep) WHERE n.x <> "a"', "WITH [1] AS n"),
    *("MATCH (n:Keep) WHERE n.x IN [1]", "MATCH (n:Keep {x: 1})", "MATCH (n:Keep) WHERE n.`x` = 1"),
    *("MATCH (n:Keep) WHERE n:Keep", "MATCH (n:Keep) WHERE n.x", "MATCH (n:Keep) WITH n SKIP $1"),
    *("MATCH (n:Keep) CALL {", "MATCH (n:Keep) WHERE EXISTS {", "MATCH (n:Keep) WITH n:"),
)
GLUE = (
    *("", " ", "\n", "\t", "\r\n", "/**/", "/*'*/", "// '\n", "\r", "\x0b", "\x0c", "\x1c", "\x85"),
    *("\u00a0", "\u1680", "\u180e", "\u2003", "\u2028", "\u200b", "\u2060", "\u3000", "\ufeff"),
    *("5", "1", "0x1", "1e3", "1.5", ".5", "1_0", "1 ", "5.", "$", "$1"),
    *("\u0663", "\u00b2", "\uff11"),
    *("_", "#", "@", "~", "\\", "`", "''", '""', "``", "--", "- ", "(", ")", ":", ".", "n.", ";"),
)
PAYLOADS = (
    "LOAD CSV FROM 'file://{file}' AS line RETURN line",
    "LOAD CSV WITH HEADERS FROM 'file://{file}' AS line RETURN line",
    "LOAD CSV FROM '{url}' AS line RETURN line",
    "CREATE (:Written)",
    "INSERT (:Written)",
    "MERGE (:Written {{x: 1}})",
    "SET n.x = 2",
    "REMOVE n.x",
    "DELETE n",
    "DETACH DELETE n",
    "FOREACH (i IN [1] | CREATE (:Written))",
    "CALL pagerank() YIELD node RETURN count(node) AS leaked",
    "CALL dbms.procedures() YIELD name RETURN count(name) AS leaked",
    "CALL dbms.listConfig() YIELD name RETURN count(name) AS leaked",
    "SHOW USERS YIELD user AS leaked",
    "SHOW PROCEDURES YIELD name AS leaked",
)
ENDS = ("", "", "", "}", " //", ";")
DISGUISES: tuple[Callable[[str], str], ...] = (
    lambda payload: payload,
    str.lower,
    lambda payload: payload.title() if "'" not in payload else payload.swapcase(),
    lambda payload: f"\\u{ord(payload[0]):04x}{payload[1:]}",
    lambda payload: chr(ord(payload[0]) + 0xFEE0) + payload[1:],  # full width
    lambda payload: payload.replace("S", "\u017f", 1),
    lambda payload: payload.replace("I", "\u0131", 1),
    lambda payload: payload[:2] + "\u00ad" + payload[2:],
    lambda payload: payload.replace(" ", "/**/", 1),
    lambda payload: f"`{payload.partition(' ')[0]}` {payload.partition(' ')[2]}",
    lambda payload: payload.replace(" ", "\u00a0", 1),
)


class Listener:
    """A port on loopback that hears whether anybody connects."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/x.csv"

    def heard(self) -> bool:
        """Whether somebody connected since the last time; nobody gets an answer."""
        try:
            channel, _ = self._socket.accept()
        except BlockingIOError:
            return False
        channel.close()
        return True

    def close(self) -> None:
        """Stop listening."""
        self._socket.close()


def spellings(file: Path, url: str, count: int, seed: int = 0) -> Iterator[str]:
    """So many different statements: every place with every glue first, then disguised payloads."""
    drawn = random.Random(seed)
    payloads = [payload.format(file=file, url=url) for payload in PAYLOADS]
    loads, others = payloads[:3], payloads[3:]
    plain = [f"{place}{glue}{what}" for place, glue, what in product(LEADING, GLUE, loads)]
    plain += [
        f"{place}{glue}{what}"
        for place, glue in product(FOLLOWING, GLUE)
        for what in drawn.sample(others, 2)
    ]
    drawn.shuffle(plain)
    seen: set[str] = set()
    while len(seen) < count:
        text = plain.pop() if plain else _disguised(drawn, payloads)
        if text not in seen:
            seen.add(text)
            yield text


def _disguised(drawn: random.Random, payloads: list[str]) -> str:
    what = drawn.choice(DISGUISES)(drawn.choice(payloads))
    glue = drawn.choice(GLUE) + drawn.choice(("", "", "", *GLUE))
    return f"{drawn.choice((*LEADING, *FOLLOWING))}{glue}{what}{drawn.choice(ENDS)}"


def misdeed(rows: list[Row], before: list[Row], after: list[Row], *, heard: bool) -> str:
    """What a statement did that no read may do; nothing, if it did nothing of the kind."""
    if CANARY in str(rows):
        return "read a file"
    if heard:
        return "reached a socket"
    if before != after:
        return "wrote"
    return "called what is on no list" if any("leaked" in row for row in rows) else ""


def battery(inputs: int) -> Tally:
    """Try so many spellings on the embedded engine, through the gate and past it."""
    tally, listener = Tally(), Listener()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "canary.csv"
        file.write_text(f"{CANARY}\n")
        with EmbeddedStore(Path(folder) / "store.kglite", idle=0.0) as store:
            for text in spellings(file, listener.url, inputs):
                before = _prepared(store)
                outcome, rows = _asked(store, text)
                done = misdeed(rows, before, store.run(COUNT), heard=listener.heard())
                harmful = _harms(store, text, before, listener)
                tally.outcomes[f"{outcome}{', harmful without the gate' if harmful else ''}"] += 1
                tally.complaints += [f"{text!r} {done}"] if done else []
    listener.close()
    return tally


def _asked(store: EmbeddedStore, text: str) -> tuple[str, list[Row]]:
    """What became of a statement that was sent as a read, and its rows."""
    try:
        return "ran", store.run(text, {"1": 1}, timeout=5.0)
    except QueryRefused as error:
        by = "gate" if error.message.startswith("query refused") else "engine's read mode"
        return f"refused by the {by}", []
    except StoreError:
        return "an error of the engine's", []


def _prepared(store: EmbeddedStore) -> list[Row]:
    """One node in the store, whatever the last statement left; what COUNT says of it."""
    if store.run(COUNT) != [{"nodes": 1, "marks": 1}]:
        store.run("MATCH (n) DETACH DELETE n", read=False)
        store.run("CREATE (:Keep {x: 1})", read=False)
    return store.run(COUNT)


def _harms(store: EmbeddedStore, text: str, before: list[Row], listener: Listener) -> bool:
    """Whether the engine itself would do it, as a write and with no gate before it."""
    try:
        rows, _ = store._ask(text, {"1": 1}, False, 5.0, 1000)
    except StoreError:
        rows = []
    return bool(misdeed(rows, before, store.run(COUNT), heard=listener.heard()))
