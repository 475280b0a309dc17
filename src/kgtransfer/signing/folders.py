"""Signs a folder as a whole, and makes sure that it is still what a key signed."""

from __future__ import annotations

from pathlib import Path

from kgtransfer.errors import SignatureError
from kgtransfer.signing.keys import fingerprint, read_private, read_public
from kgtransfer.signing.manifest import SIGNATURE, SUMS, differences, digests, read_sums, sums
from kgtransfer.utils.files import plain_bytes, write_atomically

__all__ = ["sign_folder", "verify_folder"]

_COMPLETE = ("result.json", "concepts.json")
"""What is written last into a run, and into saved concepts."""
_SHOWN = 5


def sign_folder(folder: str | Path, key: str | Path) -> str:
    """Write `SHA256SUMS`, the digests of all files, and `SHA256SUMS.sig`, its Ed25519 signature.

    Args:
        folder: of a run, or of saved concepts.
        key: file of the private key.

    Returns:
        The fingerprint of the key.

    Raises:
        SignatureError: the folder is neither of the two, or holds links.
        ConfigError: the key cannot be read.
    """
    folder, private = Path(folder), read_private(key)
    if not any((folder / name).is_file() for name in _COMPLETE):
        raise SignatureError(
            f"{folder} is neither a run nor saved concepts",
            cure="name the folder of a run that was made to its end, or of kgtransfer embed",
        )
    content = sums(digests(folder))
    (folder / SIGNATURE).unlink(missing_ok=True)  # of other content: never beside the new list
    write_atomically(folder / SUMS, content)
    write_atomically(folder / SIGNATURE, private.sign(content))
    return fingerprint(private.public_key())


def verify_folder(folder: str | Path, key: str | Path) -> str:
    """Make sure that a folder holds what a key signed: no file altered, missing or added.

    Args:
        folder: of a run, or of saved concepts.
        key: file of the public key.

    Returns:
        The fingerprint of the key.

    Raises:
        SignatureError: it is not signed, by another key, or not what was signed.
        ConfigError: the key cannot be read.
    """
    folder, public = Path(folder), read_public(key)
    from cryptography.exceptions import InvalidSignature

    content, signature = (_read(folder / name) for name in (SUMS, SIGNATURE))
    try:
        public.verify(signature, content)
    except InvalidSignature:
        raise SignatureError(
            f"{folder / SIGNATURE} is not by the key {key} ({fingerprint(public)})",
            cure="get the folder again, or the right key, from whom you trust; do not use this one",
        ) from None
    changes = differences(read_sums(content, folder / SUMS), digests(folder))
    if changes:
        ellipsis = [f"and {len(changes) - _SHOWN} more"] if len(changes) > _SHOWN else []
        lines = "\n".join(f"  {line}" for line in [*changes[:_SHOWN], *ellipsis])
        raise SignatureError(
            f"{folder} is not what was signed\n{lines}",
            cure="get the folder again; if the change is your own, sign it again",
        )
    return fingerprint(public)


def _read(path: Path) -> bytes:
    try:
        if path.is_symlink():
            raise SignatureError(f"{path} is a symbolic link")
        return plain_bytes(path)
    except OSError as error:
        raise SignatureError(
            f"{path.parent} is not signed: {path.name} cannot be read ({error.strerror})",
            cure="ask for a signed folder; kgtransfer sign RUN --key FILE makes one",
        ) from error
