"""Pickles run code when they are loaded, so they are read as a list of instructions, never run."""

from __future__ import annotations

import io
import pickletools
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from explorer.errors import InputError

# The first pickle of torch.save's legacy form is the number 0x1950a86a20f9469cfc6c
# (torch/serialization.py, MAGIC_NUMBER).
TORCH_LEGACY = b"\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
_SCANNED = 2**20
_PICKLES = 5
_PERHAPS = re.compile(r"(torch|collections|builtins|__builtin__|_codecs|copy_?reg|numpy)\.")
_HARMLESS = re.compile(r"torch\.\w+|torch\._utils\.\w+|collections\.OrderedDict")


def is_pickle(head: bytes) -> bool:
    """A pickle of protocol 2 or later that is not a PyTorch checkpoint of the legacy form."""
    return head[:1] == b"\x80" and head[1:2] in {b"\2", b"\3", b"\4", b"\5"} and not is_legacy(head)


def is_legacy(head: bytes) -> bool:
    """Whether a file starts as torch.save wrote it before version 1.6."""
    return head[:1] == b"\x80" and head[2 : 2 + len(TORCH_LEGACY)] == TORCH_LEGACY


def refuse_pickle(path: Path) -> NoReturn:
    """Raises InputError that names what the pickle asks for."""
    with path.open("rb") as file:
        wanted = asked_for(file.read(_SCANNED))
    raise InputError(path, pickle_problem("a pickle", wanted), PICKLE_HINT)


PICKLE_HINT = (
    "Save the weights alone: torch.save(model.state_dict(), ...), safetensors, .npy or word2vec "
    "text."
)


def pickle_problem(what: str, wanted: list[str]) -> str:
    """The sentence that refuses `what`, naming up to five of the things it asks for."""
    asks = f" (it asks for {', '.join(wanted[:5])})" if wanted else ""
    return f"is {what} that can run code when it is loaded{asks}; it was not loaded."


def foreign_to_torch(pickled: bytes) -> list[str]:
    """What a legacy checkpoint asks for that torch's restricted loader is sure to refuse, since it
    is of no module that a checkpoint needs."""
    return [name for name in asked_for(pickled, _PICKLES) if not _PERHAPS.match(name)]


def asked_for(pickled: bytes, pickles: int = 1_000_000) -> list[str]:
    """Dotted names of what the pickles in `pickled` would import, without those of plain tensors.

    pickles: how many are looked at; torch's legacy form is five in a row, and then numbers. Reads
    as far as the instructions can be followed; a broken pickle gives what came before.
    """
    names: dict[str, None] = {}
    stream = io.BytesIO(pickled)
    # Whatever a hostile pickle provokes, the list so far stands.
    with suppress(Exception):
        for _ in range(pickles):
            for name in _imports(stream):
                names[name] = None
    return [name for name in names if not _HARMLESS.fullmatch(name)]


def _imports(stream: io.BytesIO) -> Iterator[str]:
    texts: list[str] = []
    for opcode, argument, _ in pickletools.genops(stream):
        if opcode.name == "GLOBAL":
            yield str(argument).replace(" ", ".")
        elif opcode.name == "STACK_GLOBAL" and len(texts) > 1:
            yield f"{texts[-2]}.{texts[-1]}"
        elif isinstance(argument, str):
            texts.append(argument)
