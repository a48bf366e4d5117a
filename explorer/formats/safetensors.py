"""safetensors, any model's and our own.

The format: https://github.com/huggingface/safetensors (README, "Format"): an 8-byte little-endian
header length, the header in JSON, then the tensors without holes. The data is memory-mapped by
NumPy here, so that bfloat16 and float8 open too and torch need not be imported.

Our own layout is a safetensors file that carries its tokens and columns inside; see
`explorer.reading.own_layout`.
"""

from __future__ import annotations

from pathlib import Path

from explorer.formats import Candidate, Format
from explorer.progress import Progress, Report
from explorer.reading.choosing import Tensor, pick, rank
from explorer.reading.matrices import mapped_matrix
from explorer.reading.naming import Names, has_names, name_rows
from explorer.reading.own_layout import has_tokens, own_names, write_layout
from explorer.reading.safetensors_header import Header, read_header
from explorer.table import Source, Table

_PRIVATE = "explorer."


def _recognises(path: Path, head: bytes) -> bool:
    if path.is_dir():
        return _only_file(path) is not None
    if path.suffix == ".safetensors":  # one whose length lies is told so
        return head[8:9] == b"{"
    # A header is at most 100 MB long, so the upper bytes of its length are zero; a raw matrix may
    # begin alike, but hardly with a JSON object of two bytes and more.
    long_enough = head[4:8] == bytes(4) and int.from_bytes(head[:4], "little") >= 2
    return long_enough and head[8:9] == b"{" and head[9:10] in (b'"', b"}", b" ", b"\n", b"\t", b"")


def _only_file(folder: Path) -> Path | None:
    """The one safetensors file of a folder, if there is just one."""
    files = [path for path in folder.glob("*.safetensors") if path.is_file()]
    return files[0] if len(files) == 1 else None


def _file(path: Path) -> Path:
    return (_only_file(path) or path) if path.is_dir() else path


def _probe(path: Path) -> list[Candidate]:
    path = _file(path)
    return _candidates(path, read_header(path))


def _candidates(path: Path, header: Header) -> list[Candidate]:
    tensors = [
        Tensor(name, entry.shape, entry.dtype, entry.stop - entry.start)
        for name, entry in header.tensors.items()
        if not name.startswith(_PRIVATE)
    ]
    return rank(path, tensors, named=has_tokens(header) or has_names(path))


def _read(path: Path, tensor: str, *, report: Report) -> Table:
    path = _file(path)
    header = read_header(path)
    chosen = pick(path, _candidates(path, header), tensor)
    report(Progress(0, 1, f"Mapping {path.name}"))
    entry = header.tensors[chosen.name]
    offset = header.data_at + entry.start
    vectors = mapped_matrix(path, chosen.dtype, offset, (chosen.rows, chosen.dim))
    names = _names(path, header, chosen.rows)
    return names.table(vectors, Source(path, FORMAT.name, chosen.name))


def _names(path: Path, header: Header, rows: int) -> Names:
    return own_names(path, header, rows) or name_rows(path, rows)


FORMAT = Format(
    name="safetensors",
    title="safetensors",
    suffixes=(".safetensors",),
    recognises=_recognises,
    probe=_probe,
    read=_read,
    write=write_layout,
    writes=(".safetensors",),
    order=10,
)
