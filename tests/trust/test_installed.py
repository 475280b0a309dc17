"""Entry points of installed packages, checked against RECORD."""

from __future__ import annotations

import base64
import hashlib
import os
import sys
from pathlib import Path

import pytest

from kgtransfer.errors import CodeError
from kgtransfer.trust import InstalledCode, TrustStore, require_trust

GROUP = "kgtransfer.measures"


def _install(folder: Path, source: str = "class Xray: pass\n", version: str = "1.0") -> None:
    """What pip leaves of a package with an entry point."""
    meta = folder / f"xraylib-{version}.dist-info"
    files = {
        f"{folder}/xraylib/__init__.py": source,
        f"{meta}/METADATA": f"Metadata-Version: 2.1\nName: xraylib\nVersion: {version}\n",
        f"{meta}/entry_points.txt": f"[{GROUP}]\nxray = xraylib:Xray\n",
    }
    lines = []
    for name, content in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        digest = base64.urlsafe_b64encode(hashlib.sha256(content.encode()).digest()).rstrip(b"=")
        lines.append(f"{path.relative_to(folder)},sha256={digest.decode()},{len(content)}")
    lines.append(f"{meta.name}/RECORD,,")
    (meta / "RECORD").write_text("\n".join(lines) + "\n")


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packages, with xraylib installed."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(sys, "modules", dict(sys.modules))
    folder = tmp_path / "site-packages"
    _install(folder)
    monkeypatch.syspath_prepend(folder)
    return folder


def _read(*folders: Path) -> InstalledCode:
    return InstalledCode.read(GROUP, "xray", [str(folder) for folder in folders])


def test_an_entry_point_counts_by_distribution_version_and_record(packages: Path) -> None:
    code = _read(packages)
    assert (code.label, code.distribution, code.version) == (
        "kgtransfer.measures:xray",
        "xraylib",
        "1.0",
    )
    record = (packages / "xraylib-1.0.dist-info" / "RECORD").read_bytes()
    assert code.record == hashlib.sha256(record).hexdigest()
    assert code.load().__name__ == "Xray"
    _install(packages, source="class Xray: changed = True\n")
    assert _read(packages).hash != code.hash


def test_a_run_that_names_it_needs_trust(packages: Path) -> None:
    code = _read(packages)
    assert require_trust(code, "command line") == "yours: installed by you"
    with pytest.raises(CodeError, match=r"kgtransfer trust kgtransfer\.measures:xray"):
        require_trust(code, "run")
    TrustStore().add(code)
    assert require_trust(code, "run").startswith("trusted since ")


@pytest.mark.parametrize("change", ["altered", "missing", "added", "added.so", "added.pyc"])
def test_files_that_are_not_those_of_record_are_refused(packages: Path, change: str) -> None:
    source = packages / "xraylib" / "__init__.py"
    if change == "altered":
        source.write_text("class Xray: evil = True\n")
    elif change == "missing":
        source.unlink()
    else:
        name = change if "." in change else "added.py"
        (packages / "xraylib" / name).write_bytes(b"")
    with pytest.raises(CodeError, match="RECORD"):
        _read(packages)


def test_an_editable_install_is_refused(packages: Path) -> None:
    meta = packages / "xraylib-1.0.dist-info"
    lines = (meta / "RECORD").read_text().splitlines(keepends=True)
    (meta / "RECORD").write_text("".join(line for line in lines if "__init__" not in line))
    with pytest.raises(CodeError, match="is not in RECORD, as of an editable install"):
        _read(packages)


def test_metadata_in_the_current_folder_is_no_installation(
    packages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(packages)
    with pytest.raises(CodeError, match="nothing offers it"):
        InstalledCode.read(GROUP, "xray")


def test_two_packages_with_one_name_are_refused(packages: Path, tmp_path: Path) -> None:
    _install(tmp_path / "more", version="2.0")
    with pytest.raises(CodeError, match="more than one package offers it: xraylib, xraylib"):
        _read(packages, tmp_path / "more")


def test_what_hides_an_installed_package_is_not_imported_for_it(
    packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = _read(packages)
    (tmp_path / "xraylib.py").write_text("raise SystemExit('planted')\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(CodeError, match=f"would be imported from {tmp_path}{os.sep}xraylib.py"):
        code.load()
