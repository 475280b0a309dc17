"""Settings of runs: a module for each pipeline, and how TOML is read into them."""

from __future__ import annotations

from kgtransfer.config.code_search import CodeSearchConfig
from kgtransfer.config.reading import read_config, write_config
from kgtransfer.config.vision import VisionConfig

__all__ = ["CodeSearchConfig", "VisionConfig", "read_config", "write_config"]
