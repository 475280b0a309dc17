"""What an app says of itself -> a page of HTML without scripts, that needs no network."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["page"]

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}"
    "code{background:#f2f2f2;padding:.1rem .3rem}input{font:inherit;width:30rem;max-width:100%}"
)


def page(openapi: Mapping[str, Any]) -> str:
    """OpenAPI -> each question with a form that asks it, and where the rest is described."""
    info = openapi["info"]
    forms = "\n".join(_forms(openapi["paths"]))
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{escape(info["title"])}</title>
<style>{STYLE}</style></head><body>
<h1>{escape(info["title"])} {escape(info["version"])}</h1>
<p>{escape(info["description"])}</p>
{forms}
<p>Questions may come as <code>POST</code> with a JSON body, too:
<a href="openapi.json">openapi.json</a> describes all of it.
Coding assistants ask at <code>/mcp</code>. Errors are
<code>{{"error", "cure"}}</code>.</p>
</body></html>
"""


def _forms(paths: Mapping[str, Any]) -> Iterator[str]:
    for path, operations in paths.items():
        operation = operations["get"]
        parameters = operation.get("parameters", [])
        fields = "".join(map(_field, parameters))
        asked = urlencode({p["name"]: _example(p) for p in parameters if p["required"]})
        shown = escape(f"{path}?{asked}" if asked else path)
        yield (
            f"<h2><code>{escape(path)}</code></h2><p>{escape(operation['summary'])}: "
            f"<code>GET {shown}</code></p>"
            f'<form action="{escape(path.lstrip("/"))}">{fields}<button>ask</button></form>'
        )


def _field(parameter: Mapping[str, Any]) -> str:
    name = escape(parameter["name"])
    says, value = escape(parameter.get("description", "")), escape(str(_example(parameter)))
    return f'<p><label>{name}: {says}<br><input name="{name}" value="{value}"></label></p>'


def _example(parameter: Mapping[str, Any]) -> object:
    schema = parameter["schema"]
    examples = parameter.get("examples") or schema.get("examples") or [schema.get("default", "")]
    return examples[0]
