"""A hook of MkDocs: `reference/commands.md` ends with every verb of the command line.

Made from the verbs themselves, as `--help` shows them: what each does, its arguments and options.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from kgtransfer import cli

PAGE = "reference/commands.md"


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """The page's text -> the same with a section for each verb, where it is that page."""
    return f"{markdown}\n{described()}" if page.file.src_uri == PAGE else markdown


def described() -> str:
    """Every verb in Markdown, in the order of `--help`."""
    return "\n".join(line for verb in _verbs() for line in _section(*verb))


def _verbs() -> Iterator[tuple[str, Any]]:
    """Words of each verb -> its command; `new images` is one."""
    group: Any = typer.main.get_command(cli.app)
    for name, command in group.commands.items():
        below = getattr(command, "commands", None) or {}
        yield from ((f"{name} {inner}", each) for inner, each in below.items())
        if not below:
            yield name, command


def _section(name: str, command: Any) -> Iterator[str]:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option" and p.name != "help"]
    usage = " ".join([name, *map(_argument, arguments), *(["[OPTIONS]"] if options else [])])
    yield from (f"## {name}", "", _plain(command.help), "", f"    kgtransfer {usage}", "")
    rows = [(p.name.upper(), p) for p in arguments]
    rows += [(", ".join([*p.opts, *p.secondary_opts]), p) for p in options]
    if rows:
        yield from ("| | |", "|---|---|")
        yield from (f"| `{names}` | {_cell(parameter)} |" for names, parameter in rows)
    if command.epilog:
        yield from ("", command.epilog)
    yield ""


def _argument(parameter: Any) -> str:
    name = parameter.name.upper() + ("..." if parameter.nargs == -1 or parameter.multiple else "")
    return name if parameter.required else f"[{name}]"


def _cell(parameter: Any) -> str:
    """What a parameter is, and what it is by default."""
    default = parameter.default
    has_default = isinstance(default, str | int | float) and not isinstance(default, bool)
    end = f" Default: `{default}`." if has_default and str(default) else ""
    return _plain(parameter.help or "").replace("|", "\\|") + end


def _plain(text: str) -> str:
    return " ".join(text.split())
