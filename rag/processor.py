"""What the processor of this machine can do; standard library only."""

from __future__ import annotations

import os
import platform
from pathlib import Path

_CPUINFO = Path("/proc/cpuinfo")


def usable_cores() -> int:
    """How many cores this process may run on, 1 or more."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def cpu_flags() -> tuple[str, ...]:
    """What the processor announces, sorted; only its name where the system has no list."""
    try:
        with _CPUINFO.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                name, _, value = line.partition(":")
                if name.strip() in {"flags", "Features"}:
                    return tuple(sorted(value.split()))
    except OSError:
        pass
    return (platform.processor() or platform.machine(),)


def multiplies_bfloat16() -> bool:
    """Whether products of 16-bit floats are instructions of the processor (x86 only)."""
    return not {"avx512_bf16", "amx_bf16"}.isdisjoint(cpu_flags())
