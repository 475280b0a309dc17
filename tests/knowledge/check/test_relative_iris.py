from __future__ import annotations

from pathlib import Path

from kgtransfer.knowledge.check.validate import check

OWL = "http://www.w3.org/2002/07/owl#"
TURTLE = f"<> a <{OWL}Ontology> . <#leaf> a <{OWL}Class> ."


def test_check_says_what_is_relative(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(f"{TURTLE} <Root> a <{OWL}Class> .", encoding="utf-8")
    findings = [f for f in check(tmp_path) if "relative" in f.message]
    assert [(f.severity, f.message) for f in findings] == [
        ("warning", "<Root> is relative to nothing but the file"),
        ("hint", "has relative IRIs, which are read as <file:///a.ttl...>"),
    ]
    assert findings[0].cure.startswith("if you mean a prefixed name, write :Root; else write @base")
    assert not [f for f in check(tmp_path, base="http://b/") if "relative" in f.message]
