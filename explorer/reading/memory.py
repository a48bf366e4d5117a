"""How much memory a table may take that cannot be mapped: a share of the machine's.

A file is read into memory only after its need was told here; what lies beyond is refused with both
numbers, before anything is allocated. The budget is handed to `pipeline.open_table`, and holds from
there to the reader, in that thread alone, also in a child process.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from explorer.errors import InputError, ParameterError

VARIABLE = "EMBEDDING_EXPLORER_MEMORY"
DEFAULT_SHARE = 0.5  # as Settings().memory_share
_UNKNOWN = 8 * 2**30  # where the system does not tell its memory
_AMOUNT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(%|[KMGT]?i?B?)", re.IGNORECASE)
_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
_budget: ContextVar[int | None] = ContextVar("memory budget", default=None)


def memory_budget(share: float = DEFAULT_SHARE) -> int:
    """Bytes that one table may take: `share` of the machine's memory, or, before that, what the
    environment variable EMBEDDING_EXPLORER_MEMORY says ("4G", "500MB", "25%").
    Raises ParameterError."""
    told = os.environ.get(VARIABLE, "").strip()
    if not told:
        return int(machine_memory() * share)
    amount = _AMOUNT.fullmatch(told)
    if amount is None or not float(amount[1]):
        raise ParameterError(
            f"{VARIABLE} is {told!r}, which is no amount of memory.", "Write it as 4G or as 50%."
        )
    if amount[2] == "%":
        return int(machine_memory() * float(amount[1]) / 100)
    return int(float(amount[1]) * _UNITS[amount[2].upper().rstrip("B").rstrip("I")])


@contextmanager
def allowing(budget: int | None) -> Iterator[None]:
    """Within the block, and this thread, a table may take `budget` bytes; None changes nothing."""
    before = _budget.set(_budget.get() if budget is None else budget)
    try:
        yield
    finally:
        _budget.reset(before)


def allowed() -> int:
    """Bytes that a table may take here. Raises ParameterError (see `memory_budget`)."""
    budget = _budget.get()
    return memory_budget() if budget is None else budget


def ensure_fits(path: Path, needed: int) -> None:
    """Raises InputError where `needed` bytes are more than the budget."""
    budget = allowed()
    if needed > budget:
        raise InputError(
            path,
            f"would need {in_words(needed)} of memory, and {in_words(budget)} are allowed.",
            f"Allow more in the preferences or by the environment variable {VARIABLE} (such as "
            "8G), or save the table as safetensors or .npy, which open without being read.",
        )


def machine_memory() -> int:
    """Bytes of memory this process may have: the machine's, or its control group's if less."""
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # no such call on Windows
        total = _UNKNOWN
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii").strip()
    except OSError:
        return total
    return min(total, int(limit)) if limit.isdigit() else total


def in_words(size: int) -> str:
    """Bytes as a person reads them: "3.2 GB"."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= factor:
            return f"{size / factor:,.1f} {unit}"
    return f"{size:,} bytes"
