"""Where the engine unpacks what a database file holds in columns: a folder of its own process.

kglite spills to the system's folder of temporary files, which a confined engine does not reach.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from kgtransfer.store.embedded.handshake import private_folder

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["spill_folder"]

PREFIX = "spill-"  # and the number of the process


def spill_folder() -> Path:
    """Make the folder that this process spills to, and have every library use it.

    Folders of processes that ended are removed: a confined process cannot remove its own.
    """
    home = private_folder()
    for folder in home.glob(f"{PREFIX}*"):
        if not _is_alive(folder.name.removeprefix(PREFIX)):
            shutil.rmtree(folder, ignore_errors=True)
    folder = home / f"{PREFIX}{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)  # of a process that had the number before
    folder.mkdir(mode=0o700)
    os.environ["TMPDIR"] = str(folder)
    return folder


def _is_alive(number: str) -> bool:
    try:
        os.kill(int(number), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        pass
    return True
