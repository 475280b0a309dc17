"""Signatures of folders: who wrote a run, where digests only say that it is whole."""

from __future__ import annotations

from kgtransfer.signing.folders import sign_folder, verify_folder
from kgtransfer.signing.keys import new_key

__all__ = ["new_key", "sign_folder", "verify_folder"]
