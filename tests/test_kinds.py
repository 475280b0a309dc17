"""A run that somebody else trained, or tampered with: what digests tell, and what a signature."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

import kgtransfer as kgt
from kgtransfer.errors import RunError, SignatureError
from kgtransfer.experiments.results import read_result, signed
from kgtransfer.signing import new_key, sign_folder
from kgtransfer.utils.files import json_bytes


def _swap_model(run: Path, *, anew: bool) -> None:
    """Put another model in the place of the first, and make the digests anew if wanted."""
    first, other = (run / "models" / name for name in ("3-0.safetensors", "3-1.safetensors"))
    shutil.copy(other, first)
    if anew:
        told = {k: v for k, v in read_result(run).items() if k != "sha256"}
        name = first.relative_to(run).as_posix()
        told["files"][name] = hashlib.sha256(first.read_bytes()).hexdigest()
        (run / "result.json").write_bytes(json_bytes(signed(told)))


@pytest.mark.slow
@pytest.mark.timeout(600)  # a whole run, also on a busy machine
def test_a_swapped_model_whose_digest_was_made_anew_is_told_by_the_signature_alone(
    cell_run: Path, tmp_path: Path
) -> None:
    run, (private, public) = tmp_path / "wbc", new_key(tmp_path / "key")
    shutil.copytree(cell_run, run)
    sign_folder(run, private)
    assert kgt.load(run, verify_with=public).result.pipeline == "wbc"
    _swap_model(run, anew=False)
    with pytest.raises(RunError, match="damaged, or not the file that the run wrote"):
        kgt.load(run)
    _swap_model(run, anew=True)
    assert kgt.load(run).result.pipeline == "wbc"  # digests cannot tell
    for read in (kgt.load, kgt.retrain):
        with pytest.raises(SignatureError, match="altered: models/3-0") as refused:
            read(run, verify_with=public)
        assert "altered: result.json" in refused.value.message
    assert json.loads((run / "result.json").read_text())["pipeline"] == "wbc"
