"""A hook of MkDocs: files of the repository that a page links to come along with the site.

Pages link to ontologies, results and sources by relative paths, as they are read in the repository;
in the site each such file lies under `files/`, in the same folder as in the repository.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, InclusionLevel

LINK = re.compile(r"\]\(((?:\.\./)+[^)#\s]+)")


def on_files(files: Any, config: Any) -> Any:
    """Pages -> the same with the files outside of docs/ that they link to."""
    docs = Path(config.docs_dir)
    for page in list(files.documentation_pages()):
        folder = posixpath.dirname(page.src_uri)
        for link in LINK.findall(page.content_string):
            path = posixpath.normpath(posixpath.join(folder, link))
            is_new = path not in files.src_uris and not path.endswith(".md")
            if path.startswith("../") and (docs / path).is_file() and is_new:
                files.append(_carried(config, docs, path))
    return files


def _carried(config: Any, docs: Path, path: str) -> File:
    """A file of the repository, by its path from docs/, as one of the site's."""
    source = str((docs / path).resolve())
    file = File.generated(config, path, abs_src_path=source, inclusion=InclusionLevel.INCLUDED)
    file.dest_uri = f"files/{path.removeprefix('../')}"
    return file
