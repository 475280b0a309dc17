"""Code of users: read as one unit, hashed, run from the hashed bytes, where it is trusted."""

from __future__ import annotations

from kgtransfer.trust.gate import NamedBy, require_trust
from kgtransfer.trust.installed import InstalledCode
from kgtransfer.trust.store import Trusted, TrustStore
from kgtransfer.trust.unit import CodeUnit, Origin

__all__ = [
    "CodeUnit",
    "InstalledCode",
    "NamedBy",
    "Origin",
    "TrustStore",
    "Trusted",
    "require_trust",
]
