"""sign, verify, and --verify-with, as a user meets them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from kgtransfer.embedding import ConceptEmbeddings

Said = tuple[int, str, str]


@pytest.fixture
def vectors(tmp_path: Path) -> Path:
    """Saved concepts, as `kgtransfer embed` leaves them."""
    folder = tmp_path / "vectors"
    ConceptEmbeddings(("urn:a", "urn:b"), torch.eye(2), {"text": (0, 2)}).save(folder)
    return folder


def test_sign_and_verify_with_a_key_made_for_it(
    here: Callable[..., Said], tmp_path: Path, vectors: Path
) -> None:
    key, public = tmp_path / "key", tmp_path / "key.pub"
    status, told, _ = here("sign", "--new-key", key)
    assert (status, told) == (
        0,
        f"private key: {key} (keep it)\npublic key:  {public} (give it away)\n",
    )
    assert here("sign", vectors, "--key", key)[1].startswith(f"signed: {vectors} by SHA256:")
    assert here("verify", vectors, "--key", public)[1].startswith(f"verified: {vectors} by SHA256:")


def test_vectors_with_digests_made_anew_are_told_by_the_signature_alone(
    here: Callable[..., Said], tmp_path: Path, vectors: Path
) -> None:
    here("sign", "--new-key", tmp_path / "key")
    here("sign", vectors, "--key", tmp_path / "key")
    ConceptEmbeddings(("urn:a", "urn:b"), -torch.eye(2), {"text": (0, 2)}).save(vectors)
    assert ConceptEmbeddings.load(vectors)["urn:a"].tolist() == [-1.0, 0.0]
    public = tmp_path / "key.pub"
    for arguments in (
        ("verify", vectors, "--key", public),
        ("embed", "none.ttl", "--out", tmp_path / "o", "--from", vectors, "--verify-with", public),
    ):
        status, told, error = here(*arguments)
        assert (status, told) == (2, "")
        assert f"{vectors} is not what was signed" in error
        assert "altered: concepts.json" in error


@pytest.mark.parametrize("verb", ["predict", "explain", "retrain", "promote"])
def test_every_verb_that_loads_a_run_refuses_one_that_the_key_did_not_sign(
    here: Callable[..., Said], tmp_path: Path, verb: str
) -> None:
    here("sign", "--new-key", tmp_path / "key")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "result.json").write_text("{}")
    more = ["text"] if verb == "predict" else []
    status, _, error = here(verb, tmp_path / "run", *more, "--verify-with", tmp_path / "key.pub")
    assert (status, "run is not signed" in error) == (2, True)


@pytest.mark.parametrize("arguments", [[], ["run"], ["run", "--new-key", "k"], ["--key", "k"],
                                       ["run", "--key", "k", "--new-key", "k"]])  # fmt: skip
def test_sign_says_what_it_needs(here: Callable[..., Said], arguments: list[str]) -> None:
    status, _, error = here("sign", *arguments)
    assert (status, "give RUN --key FILE, or --new-key FILE" in error) == (2, True)


def test_a_key_for_what_is_not_read_is_refused(here: Callable[..., Said], tmp_path: Path) -> None:
    status, _, error = here("embed", "x.ttl", "--out", tmp_path / "o", "--verify-with", "key.pub")
    assert (status, "--verify-with goes with --from" in error) == (2, True)
