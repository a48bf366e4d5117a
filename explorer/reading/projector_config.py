"""The TensorBoard projector's config: JSON or protobuf text, naming tables and their files.

Fields: EmbeddingInfo in tensorboard/plugins/projector/projector_config.proto.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from explorer.errors import InputError
from explorer.reading.files import parsed_json, small_text

_LARGEST = 16 * 2**20
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|([A-Za-z_]\w*)\s*(?=[:{])|(-?\d+)|([{}:,\[\]])|(\S)')

_PBTXT = re.compile(rb"(?:(?:#|model_checkpoint_path)[^\n]*\s+)*embeddings\s*:?\s*\{")


@dataclass(frozen=True, slots=True)
class Entry:
    """One table of a config: its name, its files as written there, and its shape or None."""

    name: str
    tensor_path: str
    metadata_path: str = ""
    shape: tuple[int, int] | None = None


def looks_like_config(head: bytes) -> bool:
    """Whether the first bytes are a projector's config."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"{"):
        return b'"embeddings"' in head
    return _PBTXT.match(start) is not None


def read_config(path: Path) -> list[Entry]:
    """The tables a config names, in its order. Raises InputError."""
    text = small_text(path, _LARGEST)
    if text.lstrip().startswith("{"):
        fields = parsed_json(path, text)
        listed = fields.get("embeddings") if isinstance(fields, dict) else None
    else:
        listed = list(_messages(path, text))
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise InputError(path, "is no projector config: it has no list of embeddings.")
    return [_entry(path, place, one) for place, one in enumerate(listed)]


def _entry(path: Path, place: int, fields: dict[str, Any]) -> Entry:
    def text(camel: str, snake: str) -> str:
        value = fields.get(camel, fields.get(snake, ""))
        return value if isinstance(value, str) else ""

    shape = fields.get("tensorShape", fields.get("tensor_shape"))
    name = text("tensorName", "tensor_name") or f"embedding {place}"
    where = text("tensorPath", "tensor_path")
    return Entry(name, where, text("metadataPath", "metadata_path"), _shape(path, name, shape))


def _shape(path: Path, name: str, shape: Any) -> tuple[int, int] | None:
    if shape is None:
        return None
    if not isinstance(shape, list) or len(shape) != 2:
        raise InputError(path, f"the shape of {name!r} is not rows and columns.")
    if not all(type(n) is int and n > 0 for n in shape):
        raise InputError(path, f"the shape of {name!r} is not two whole numbers above zero.")
    return shape[0], shape[1]


def _messages(path: Path, text: str) -> Iterator[dict[str, Any]]:
    """The `embeddings { ... }` blocks of a protobuf text, without what is nested in them."""
    depth, key, fields = 0, "", dict[str, Any]()
    for match in _TOKEN.finditer(re.sub(r"(?m)^\s*#.*$", "", text)):
        quoted, name, number, mark, other = match.groups()
        if other is not None:
            raise InputError(path, f"is no projector config: unexpected {other!r}.")
        if name is not None:
            key = name
        elif mark == "{":
            depth += 1
            fields = {} if depth == 1 else fields
        elif mark == "}":
            depth -= 1
            if depth == 0:
                yield fields
        elif depth == 1 and quoted is not None:
            fields[key] = quoted
        elif depth == 1 and number is not None:
            fields.setdefault(key, []).append(int(number[:20]))
