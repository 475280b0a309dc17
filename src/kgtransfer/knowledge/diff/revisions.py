"""The sides of a diff: files, folders, archives, saved runs, and revisions in git.

Git is asked for bytes only, with the revision checked beforehand and never taken for an option;
its hooks, filters and remotes stay out of it.
"""

from __future__ import annotations

import os
import posixpath
import subprocess
import tarfile
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, cast

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.knowledge.io.sources import CATALOGUE, MAX_BYTES, SUFFIXES, unpacked_suffix

if TYPE_CHECKING:
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["read_side"]

ENVIRONMENT = {"GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
TIMEOUT = 60.0  # seconds
NO_REPOSITORY = ("this folder is in no git repository", "go to the folder of the ontology")


def read_side(side: str | Path, base: str = "") -> KnowledgeGraph:
    """File, folder, archive, saved run or `REVISION:path` of git -> a graph.

    Args:
        side: a file, folder or archive as for `read_ontology`; the folder of a saved run; or
            `REVISION:path`, with the path from the root of the git repository around the current
            folder, as in `HEAD~1:ontology/`, or from that folder, as in `HEAD~1:./cells.ttl`.
        base: as for `read_ontology`.

    Raises:
        OntologyError: it cannot be read, or there is no such revision or path in it.
    """
    path = Path(side)
    if path.exists():
        is_run = (path / "result.json").is_file() and (path / "ontology.ttl").is_file()
        return read_ontology(path / "ontology.ttl" if is_run else path, base=base)
    revision, colon, inner = str(side).partition(":")
    if not colon:
        raise OntologyError(
            "no such file or folder", file=side, cure="check the path, or write REVISION:path"
        )
    if inner.startswith("//"):
        raise OntologyError(
            "nothing is fetched from the network", file=side, cure="download it and name the file"
        )
    return _read_revision(revision, inner.strip("/"), base)


def _read_revision(revision: str, inner: str, base: str) -> KnowledgeGraph:
    commit = _commit(revision)
    inner = _from_root(inner)
    kind = _git("cat-file", "-t", f"{commit}:{inner}", otherwise=(
        f"{revision} holds no {inner!r}",
        "give the path from the root of the repository, or from this folder as ./path",
    ))  # fmt: skip
    # A file is read beside its neighbours, where its imports are looked for.
    folder = inner if kind == "tree" else str(PurePosixPath(inner).parent).removeprefix(".")
    with TemporaryDirectory() as temporary:
        name = "" if kind == "tree" else PurePosixPath(inner).name
        _unpack(f"{commit}:{folder}", Path(temporary), name)
        try:
            return read_ontology(Path(temporary) / name, base=base)
        except OntologyError as error:
            inside = f"{revision}:{folder}/" if folder else f"{revision}:"
            file = error.file.replace(f"{temporary}/", inside, 1).replace(temporary, inside, 1)
            raise OntologyError(
                error.reason, file=file, line=error.line, column=error.column, cure=error.cure
            ) from None


def _from_root(inner: str) -> str:
    """Path in a repository -> the path from its root; `./` and `../` start at this folder."""
    if inner.split("/")[0] not in (".", ".."):
        return inner
    prefix = _git("rev-parse", "--show-prefix", otherwise=NO_REPOSITORY)
    path = posixpath.normpath(prefix + inner)
    return "" if path == "." else path


def _commit(revision: str) -> str:
    """Revision -> the full name of its commit, which is safe to hand on."""
    cure = "name a commit, branch or tag: git log --oneline"
    if revision.startswith("-") or not revision:
        raise OntologyError(f"{revision!r} is no revision", cure=cure)
    missing = (f"no revision {revision!r} in the git repository of this folder", cure)
    return _git(
        *("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"),
        otherwise=missing,
    )


def _git(*arguments: str, otherwise: tuple[str, str]) -> str:
    """Arguments -> what git answers; where it fails, the message and cure given as an error."""
    try:
        done = subprocess.run(
            ["git", *arguments],
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
            env={**os.environ, **ENVIRONMENT},
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise OntologyError(f"git cannot be run ({error})", cure="install git") from None
    if done.returncode:
        raise OntologyError(otherwise[0], cure=otherwise[1])
    return done.stdout.strip()


def _unpack(tree: str, target: Path, name: str) -> None:
    """Write the ontology files of a git tree, and the file `name`, under `target`."""
    remaining = MAX_BYTES
    # From a folder inside the repository, git would look for that folder inside the tree.
    root = _git("rev-parse", "--show-cdup", otherwise=NO_REPOSITORY) or "."
    process = subprocess.Popen(
        ["git", "-C", root, "archive", "--format=tar", tree],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **ENVIRONMENT},
    )
    stream = cast(IO[bytes], process.stdout)
    with process, tarfile.open(fileobj=stream, mode="r|") as archive:
        for member in archive:
            if not member.isreg() or not (member.name == name or _is_ontology(member.name)):
                continue
            remaining -= member.size
            if remaining < 0:
                process.kill()
                raise OntologyError(f"larger than {MAX_BYTES / 2**20:.0f} MiB", file=tree)
            archive.extract(member, target, filter="data")


def _is_ontology(name: str) -> bool:
    path = Path(name)
    return unpacked_suffix(path) in (*SUFFIXES, ".tar") or path.name == CATALOGUE
