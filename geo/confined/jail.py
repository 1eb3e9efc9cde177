"""What a process gives up before it opens a file: network, writing, other files, memory, time.

Everything here is asked of the kernel with the standard library alone. What a kernel does
not know is left out; `Jail` says what was reached, so that an administrator can be told.
"""

import ctypes
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_NO_NEW_PRIVILEGES = 38  # of prctl
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # of unshare
# Landlock's system calls have the same numbers on every kind of machine.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION, _PATH_BENEATH = 1, 1
_EXECUTE, _READ_FILE, _READ_DIR = 1, 1 << 2, 1 << 3
# What each version of Landlock can forbid in the file system, and from which one on TCP too.
_FILE_BITS = {1: 13, 2: 14, 3: 15, 4: 15}
_ALL_FILE_BITS, _NETWORK_SINCE, _NETWORK_BITS = 16, 4, 0b11


@dataclass(frozen=True, slots=True)
class Jail:
    """What was reached: no network of its own, files closed by Landlock, limits of the kernel."""

    network_apart: bool
    files_closed: bool
    limits: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """What the process may use at most: bytes of memory and seconds of processor time."""

    memory_bytes: int
    processor_seconds: int


def enter(readable: Sequence[str], limits: Limits) -> Jail:
    """Give up everything but reading under `readable`; call before anything starts a thread."""
    limited = _limit(limits)
    try:
        libc = ctypes.CDLL(None, use_errno=True)
    except (OSError, TypeError):
        return Jail(network_apart=False, files_closed=False, limits=limited)
    try:
        libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        apart = libc.unshare(_NEW_USER | _NEW_NETWORK) == 0
        closed = _close_files(libc, readable)
    except AttributeError:  # no Linux
        return Jail(network_apart=False, files_closed=False, limits=limited)
    return Jail(network_apart=apart, files_closed=closed, limits=limited)


def _limit(limits: Limits) -> bool:
    try:
        import resource  # noqa: PLC0415 - Unix only
    except ImportError:
        return False
    wanted = (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.processor_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    )
    for kind, most in wanted:
        # A limit that was stricter already stays as it was.
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))
    return True


class _RulesetAttributes(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("directory", ctypes.c_int32))


def _close_files(libc: ctypes.CDLL, readable: Sequence[str]) -> bool:
    """Forbid every file but reading under `readable`, and TCP where the kernel can."""
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_ASK_VERSION))
    if version < 1:
        return False
    bits = _FILE_BITS.get(version, _ALL_FILE_BITS)
    network = _NETWORK_BITS if version >= _NETWORK_SINCE else 0
    attributes = _RulesetAttributes((1 << bits) - 1, network)
    size = ctypes.sizeof(attributes) if network else 8
    ruleset = libc.syscall(
        _CREATE_RULESET, ctypes.byref(attributes), ctypes.c_size_t(size), ctypes.c_uint32(0)
    )
    if ruleset < 0:
        return False
    try:
        for each in readable:
            _allow(libc, ruleset, each)
        return bool(libc.syscall(_RESTRICT_SELF, ruleset, ctypes.c_uint32(0)) == 0)
    finally:
        os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: str) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # not on this machine
        return
    try:
        allowed = _READ_FILE | _EXECUTE | (_READ_DIR if Path(path).is_dir() else 0)
        rule = _PathBeneath(allowed, opened)
        libc.syscall(
            _ADD_RULE, ruleset, ctypes.c_int(_PATH_BENEATH), ctypes.byref(rule), ctypes.c_uint32(0)
        )
    finally:
        os.close(opened)
