from __future__ import annotations

import os
import subprocess
import sys

LIMITED = """
from kgtransfer.store.embedded.confinement import limit_memory
limit_memory()
bytearray({size})
"""


def test_half_of_the_machines_memory_is_the_limit() -> None:
    half = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    for size, status in ((half // 100, 0), (half + 2**20, 1)):
        command = [sys.executable, "-c", LIMITED.format(size=size)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        assert ended.returncode == status
        assert ended.stderr.endswith("MemoryError\n") == bool(status)
