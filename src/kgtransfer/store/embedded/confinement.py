"""The engine's process confined to one folder and its own code, without network.

A second wall behind the read gate, by Linux's Landlock (kernel 5.13; TCP from 6.7, abstract
sockets from 6.12): kglite reads local files by LOAD CSV and has no switch for that. Where the
kernel has no Landlock nothing is shut, and the gate stands alone.
https://docs.kernel.org/userspace-api/landlock.html
"""

from __future__ import annotations

import ctypes
import os
import resource
import stat
import sys
from collections.abc import Iterable
from pathlib import Path

__all__ = ["confine", "landlock_version", "limit_memory"]

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # system calls, on every architecture
_ASK_VERSION, _PATH_BENEATH = 1, 1
_NO_NEW_PRIVILEGES = 38  # of prctl

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR, _TRUNCATE = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 14
_READ = _EXECUTE | _READ_FILE | _READ_DIR
_ON_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
# Version of Landlock -> rights on files that it knows: the first so many bits.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15}
_TCP = 0b11  # bind and connect, from version 4
_ABSTRACT_SOCKETS = 0b1  # connecting to those of others, from version 6

# What Python and kglite read of the system; neither holds anything of a user's.
_SYSTEM = (
    *("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/dev/null", "/dev/urandom"),
    *("/proc/self", "/proc/meminfo", "/proc/cpuinfo", "/sys/fs/cgroup", "/sys/devices/system/cpu"),
)


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def landlock_version() -> int:
    """Which version of Landlock the kernel has; 0 for none."""
    return max(0, _system_call(_CREATE_RULESET, None, 0, _ASK_VERSION))


def confine(*folders: Path, readable: Path) -> bool:
    """Take from this process all files but those of some folders (and code), and all TCP.

    Threads that run already are not shut in: call it first.

    Args:
        folders: what lies below them can be read and written.
        readable: what lies below it can be read.

    Returns:
        Whether it was done: the kernel has Landlock.
    """
    version = landlock_version()
    if not version:
        return False
    rights = (1 << _FILE_RIGHTS[min(version, max(_FILE_RIGHTS))]) - 1
    scoped = _ABSTRACT_SOCKETS if version >= 6 else 0
    ruleset = _Ruleset(rights, _TCP if version >= 4 else 0, scoped)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    rules = _system_call(_CREATE_RULESET, ctypes.byref(ruleset), size, 0)
    if rules < 0:
        return False
    try:
        _allow(rules, folders, rights)
        code = [sys.prefix, sys.base_prefix, *filter(None, sys.path)]
        _allow(rules, [readable, *map(Path, (*_SYSTEM, *code))], _READ & rights)
        _allow(rules, [Path(os.devnull)], (_READ_FILE | _WRITE_FILE) & rights)
        ctypes.CDLL(None).prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        return _system_call(_RESTRICT_SELF, rules, 0) == 0
    finally:
        os.close(rules)


def limit_memory() -> None:
    """Let this process take half of the machine's memory: more ends it, and nothing else.

    Expressions of a query can double a text or list again and again, out of reach of a time-out.
    """
    half = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = half if hard == resource.RLIM_INFINITY else min(half, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def _allow(rules: int, paths: Iterable[Path], rights: int) -> None:
    """Allow what lies below the paths that there are."""
    for path in paths:
        try:
            handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue
        try:
            is_folder = stat.S_ISDIR(os.fstat(handle).st_mode)
            allowed = _Beneath(rights if is_folder else rights & _ON_FILES, handle)
            _system_call(_ADD_RULE, rules, _PATH_BENEATH, ctypes.byref(allowed), 0)
        finally:
            os.close(handle)


def _system_call(number: int, *args: object) -> int:
    call = ctypes.CDLL(None).syscall
    call.restype = ctypes.c_long
    return int(call(ctypes.c_long(number), *args))
