"""The legacy form, followed without torch; what torch makes of the same file is the measure."""

from __future__ import annotations

import io
import pickle
import random
import struct
import subprocess
import sys
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest
import torch

from explorer.progress import Cancelled, Progress
from explorer.reading import torch_legacy
from explorer.reading.checkpoint import flattened
from explorer.reading.torch_legacy import Unfollowed, read_legacy

WIDE = torch.arange(40, dtype=torch.float32).reshape(8, 5)


@pytest.fixture
def save(tmp_path):
    def saved(held: object) -> Path:
        torch.save(held, tmp_path / "t.pt", _use_new_zipfile_serialization=False)
        return tmp_path / "t.pt"

    return saved


class _Module(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embedding = torch.nn.Embedding(6, 4)
        self.dense = torch.nn.Linear(4, 2)


HELD = {
    "bare": WIDE,
    "state dict with its metadata": _Module().state_dict(),
    "parameters": OrderedDict(w=torch.nn.Parameter(WIDE)),
    "views of one storage": {
        "all": WIDE,
        "rows": WIDE[2:5],
        "columns": WIDE[:, 1:3],
        "t": WIDE.t(),
    },
    "nested": {"epoch": 3, "loss": 0.5, "net": {"ema": {"wte": WIDE}}, "done": True, "x": None},
    "other dtypes": {
        str(dtype): WIDE.to(dtype)
        for dtype in (
            *(torch.float64, torch.float16, torch.bfloat16),
            *(torch.int8, torch.uint8, torch.int16, torch.int32, torch.int64, torch.bool),
        )
    },
    "vocabularies": {"w": WIDE, "vocab": ["a", "é", "数"], "stoi": {"a": 0, "b": 300_000}},
    "shapes": {"none": torch.zeros(0, 4), "one": torch.tensor(1.0), "long": torch.zeros(3, 1, 2)},
    "adam": {
        "state": {0: {"step": 4, "exp_avg": WIDE}},
        "param_groups": [{"params": [0], "lr": 1}],
    },
    "python 2": OrderedDict([["w", WIDE]]),
}


@pytest.mark.parametrize("what", HELD)
def test_it_is_read_as_torch_reads_it(what, save):
    path = save(HELD[what])
    ours, theirs = read_legacy(path), flattened(torch.load(path, weights_only=True))
    assert dict(ours.described) == dict(theirs.described)
    assert ours.vocabularies == theirs.vocabularies
    assert ours.faults == theirs.faults == {}
    for name, array in ours.tensors.items():
        expected = theirs.tensors[name].detach()
        if expected.dtype == torch.bfloat16:
            expected = expected.view(torch.uint16)
        np.testing.assert_array_equal(array, expected.numpy())
    assert set(ours.tensors) == {n for n, one in theirs.tensors.items() if one.dim() == 2}


def test_torch_is_not_imported_and_the_numbers_stay_in_the_file(save):
    path = save({"w": WIDE})
    assert isinstance(read_legacy(path).tensors["w"].base, np.memmap)
    code = (
        "import sys; from pathlib import Path; from explorer.formats import sniff\n"
        f"path = Path({str(path)!r}); table = sniff(path).read(path, '', report=lambda p: None)\n"
        "print(table.vectors.mapped, 'torch' in sys.modules, 'subprocess' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split()[:2] == ["True", "False"]


def test_a_matrix_that_repeats_its_numbers_is_a_fault(save):
    path = save({"w": torch.ones(1).expand(1000, 4096), "fine": WIDE})
    held = read_legacy(path)
    assert held.faults == {"w": "claims more numbers than its storage holds"}
    assert set(held.tensors) == {"fine"}


def test_a_mapping_that_holds_itself_is_walked_once(save):
    held: dict[str, object] = {"w": WIDE}
    held.update({f"again{n}": held for n in range(200)})
    assert set(read_legacy(save(held)).tensors) == {"w"}


@pytest.mark.parametrize(
    "held",
    [
        {"dtype": torch.float32, "w": WIDE},
        {"w": WIDE.to_sparse()},
        {("a", "b"): WIDE},
        {"w": WIDE, "made": Path("a")},
        {"w": torch.zeros(2, 2, dtype=torch.complex64)},
    ],
)
def test_what_it_does_not_know_is_left_to_others(held, save):
    with pytest.raises(Unfollowed):
        read_legacy(save(held))


def _with_object(pickled: bytes) -> bytes:
    """A legacy file whose third pickle is whole and whose fourth is `pickled`."""
    head = [pickle.dumps(one, 2) for one in (torch_legacy._MAGIC, 1001, {"little_endian": True})]
    return b"".join([*head, pickled, pickle.dumps([], 2)])


@pytest.mark.parametrize(
    "pickled",
    [
        b"cos\nmkdir\n(X\x01\x00\x00\x00atR.",
        b"\x80\x02)R.",  # calls an empty tuple
        b"\x80\x02}K\x01\x85R.",  # calls a mapping
        b"\x80\x02(((.",
        b"\x80\x020.",
        b"\x80\x02r\xff\xff\xff\xff.",
        b"\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\x7fa.",  # a text of 2**63 bytes
        b"\x80\x02" + b")" + b"h\x00q\x00\x86" * 60 + b"}q\x01h\x00K\x01s.",
        b"\x80\x02ctorch._utils\n_rebuild_tensor\n(K\x01K\x01K\x01K\x01tR.",
        b"\x80\x02(X\x07\x00\x00\x00storageNX\x01\x00\x00\x000NK\x01NtQ.",
        b"N" * 100 + b".",
    ],
)
def test_a_hostile_pickle_does_nothing(pickled, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.pt").write_bytes(_with_object(pickled))
    with pytest.raises(Unfollowed):
        read_legacy(tmp_path / "t.pt")
    assert [one.name for one in tmp_path.iterdir()] == ["t.pt"]


def test_instructions_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(torch_legacy, "_MOST_INSTRUCTIONS", 1000)
    (tmp_path / "t.pt").write_bytes(_with_object(b"(" + b"N" * 2000 + b"t."))
    with pytest.raises(Unfollowed):
        read_legacy(tmp_path / "t.pt")


def test_it_stops_when_the_report_says_so(save):
    def stop(progress: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        read_legacy(save(WIDE), stop)


def test_a_size_that_lies_is_not_believed(save):
    path = save(WIDE)
    whole = path.read_bytes()
    for size in (39, 41, -1, 2**62):
        at = whole.rindex(struct.pack("<q", 40))
        path.write_bytes(whole[:at] + struct.pack("<q", size) + whole[at + 8 :])
        with pytest.raises(Unfollowed):
            read_legacy(path)
    path.write_bytes(whole[:-1])
    with pytest.raises(Unfollowed):
        read_legacy(path)


def test_damage_ends_in_a_checkpoint_or_is_left_to_others(save):
    path = save({"state": _Module().state_dict(), "vocab": ["a", "b"], "w": WIDE[1:, ::2]})
    whole, chance = path.read_bytes(), random.Random(0)
    outcomes = set()
    for _ in range(300):
        raw = bytearray(whole)
        for _ in range(chance.randrange(1, 4)):
            raw[chance.randrange(len(raw) if chance.random() < 0.3 else 900)] = chance.randrange(
                256
            )
        path.write_bytes(raw)
        try:
            found = read_legacy(path)
        except Unfollowed:
            outcomes.add("left")
        else:
            outcomes.add("read")
            assert all(np.asarray(one).sum() is not None for one in found.tensors.values())
    assert outcomes == {"left", "read"}


def test_big_endian_files_are_left_to_others(tmp_path):
    raw = io.BytesIO()
    for one in (torch_legacy._MAGIC, 1001, {"little_endian": False}, {}, []):
        pickle.dump(one, raw, 2)
    (tmp_path / "t.pt").write_bytes(raw.getvalue())
    with pytest.raises(Unfollowed):
        read_legacy(tmp_path / "t.pt")
