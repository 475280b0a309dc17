"""Settings of runs: TOML read into frozen models, and what the settings of all kinds share."""

from __future__ import annotations

from kgtransfer.config.reading import read_config, read_settings, write_config

__all__ = ["read_config", "read_settings", "write_config"]
