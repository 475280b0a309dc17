"""Folder and name of a domain -> a small, commented, working start of it."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kgtransfer.errors import ConfigError, DataError
from kgtransfer.runs.output import Output
from kgtransfer.utils.resources import expanded, resource
from kgtransfer.utils.terminal import printable

__all__ = ["write_template"]

LONGEST = 100
"""Characters of a name."""
IRI = "http://example.org/"
FILES = {  # file of the start, {} the domain's short name -> its template
    "{}.ttl": "domain.ttl.jinja",
    "{}.toml": "domain.toml.jinja",
    "my_measures.py": "my_measures.py.jinja",
    "shapes/{}.ttl": "shapes.ttl.jinja",
    "README.md": "README.md.jinja",
}
SHAPES = "ontology/shapes/kgt.ttl"  # ours, copied: they hold in any domain


def write_template(folder: Path, name: str) -> Output:
    """Write the start; no file that is there is replaced.

    Args:
        folder: new or old; its own name, in small letters, digits and lines, names the files.
        name: of the domain, for people; that of the folder where it is empty.

    Raises:
        ConfigError: the name is too long, or holds a line break or something that is not seen.
        DataError: a file of the start is there already, or the folder is none.
    """
    folder = expanded(folder)
    short = _short(folder.resolve().name)
    contents = _contents(short, _checked(name or folder.resolve().name))
    present = [path for path in contents if os.path.lexists(folder / path)]
    if present or (folder.exists() and not folder.is_dir()):
        raise DataError(
            f"{folder / present[0] if present else folder} is there already, and stays as it is",
            cure="name a new folder",
        )
    for path, content in contents.items():
        (folder / path).parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        _write(folder / path, content)
    files = [str(folder / path) for path in contents]
    return Output(
        {"folder": str(folder), "files": files},
        (
            *files,
            f"next: put images into {folder / 'images'}, a folder for each class",
            f"then: the commands in {folder / 'README.md'}",
        ),
    )


def _write(path: Path, content: str) -> None:
    """Make a file that others may not write: code in it is to run as the user's own."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(content)


def _contents(short: str, name: str) -> dict[str, str]:
    values = {"name": name, "slug": short, "iri": IRI + short}
    files = {
        path.format(short): _environment().get_template(template).render(values)
        for path, template in FILES.items()
    }
    return files | {"shapes/kgt.ttl": resource(SHAPES).read_text(encoding="utf-8")}


def _short(name: str) -> str:
    """Any name -> one for files and IRIs: small ASCII letters, digits and lines, a letter first."""
    ascii_ = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    short = re.sub(r"[^a-z0-9]+", "_", ascii_.lower()).strip("_")[:40].strip("_")
    if short == "kgt":  # the name of the shapes that hold in any domain
        return "domain_kgt"
    return short if short[:1].isalpha() else f"domain_{short}".strip("_")


def _checked(name: str) -> str:
    """A name for people: one line without anything invisible."""
    text = name.strip()
    if not text or len(text) > LONGEST or not text.isprintable() or printable(text) != text:
        raise ConfigError(
            f"{name[:LONGEST]!r} is no name of a domain",
            cure=f"give --name a line of 1 to {LONGEST} characters, nothing invisible in it",
        )
    return text


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "files"),
        autoescape=False,  # Turtle, TOML and Python: what comes from the user is `quoted`
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters.update(quoted=_quoted, markdown=_markdown)
    return environment


def _quoted(text: str) -> str:
    """A checked name -> a literal: the same in Turtle, TOML, JSON and Python."""
    return json.dumps(text, ensure_ascii=False)


def _markdown(text: str) -> str:
    """A checked name -> the same in Markdown, no part of it taken for markup."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)
