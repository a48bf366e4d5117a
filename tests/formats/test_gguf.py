from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from gguf import GGMLQuantizationType, GGUFWriter
from gguf.quants import quantize

from explorer.errors import InputError
from explorer.formats import sniff

WORDS = [b"a", b"\xc4\xa0b", b"c\xff", b"d"]
WIDE = np.random.default_rng(1).normal(size=(4, 256)).astype(np.float32)


@pytest.fixture
def write(tmp_path):
    """Writes tensors and tokens by the gguf library; gives the path."""

    def written(tensors: dict, tokens: list[bytes] | None = WORDS) -> Path:
        writer = GGUFWriter(tmp_path / "m.gguf", "llama")
        if tokens is not None:
            writer.add_token_list(tokens)
        writer.add_token_scores([0.0] * 4)
        writer.add_array("tokenizer.ggml.merges", ["a b", "c d"])
        for name, (array, kind) in tensors.items():
            packed = quantize(array, kind) if kind is not None else array
            writer.add_tensor(name, packed, raw_dtype=kind)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        return tmp_path / "m.gguf"

    return written


def packed_header(*, keys: bytes = b"", n_keys: int = 0, tensors: bytes = b"", n: int = 0) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", 3, n, n_keys) + keys + tensors + bytes(64)


def text(raw: bytes) -> bytes:
    return struct.pack("<Q", len(raw)) + raw


def tensor(name: bytes, shape: tuple[int, ...], kind: int = 0, offset: int = 0) -> bytes:
    sizes = struct.pack(f"<{len(shape)}Q", *shape)
    return text(name) + struct.pack("<I", len(shape)) + sizes + struct.pack("<IQ", kind, offset)


@pytest.mark.parametrize(
    ("kind", "dtype", "tolerance"),
    [("F16", "f16", 2e-3), ("BF16", "bf16", 2e-2), ("Q8_0", "f32", 2e-2), ("Q4_0", "f32", 0.5)],
)
def test_every_kind_of_number_is_read(kind, dtype, tolerance, write, opened):
    path = write({"token_embd.weight": (WIDE, GGMLQuantizationType[kind])})
    table = opened(path)
    assert table.vectors.dtype == dtype
    assert table.vectors.mapped is (dtype != "f32")
    np.testing.assert_allclose(table.vectors.to_numpy(), WIDE, atol=tolerance)


@pytest.mark.parametrize(("kind", "nbytes"), [("Q2_K", 84), ("Q4_K", 144), ("Q6_K", 210)])
def test_blocks_of_k_quants_are_widened_as_the_library_does(kind, nbytes, tmp_path, opened):
    from gguf.quants import dequantize

    blocks = np.random.default_rng(2).integers(0, 50, (4, nbytes), dtype=np.uint8)
    entry = tensor(b"token_embd.weight", (256, 4), GGMLQuantizationType[kind].value)
    header = b"GGUF" + struct.pack("<IQQ", 3, 1, 0) + entry
    header += bytes(-len(header) % 32)
    (tmp_path / "k.gguf").write_bytes(header + blocks.tobytes())
    table = opened(tmp_path / "k.gguf")
    np.testing.assert_array_equal(
        table.vectors.to_numpy(), dequantize(blocks, GGMLQuantizationType[kind])
    )
    assert f"Quantised: {kind}" in table.report[0].message
    assert not table.named


def test_tokens_stay_as_stored_and_broken_ones_are_told(write, opened):
    table = opened(write({"token_embd.weight": (WIDE, None)}))
    assert table.tokens == ("a", "Ġb", "c\\xff", "d")
    assert [(note.rows, note.level) for note in table.report] == [((2,), "warning")]


@pytest.mark.parametrize(
    ("tokens", "names", "said"),
    [
        ([b"a", b"b"], ("a", "b", "<row 2>", "<row 3>"), "2 rows lie beyond the 2 tokens"),
        ([b"a", b"b", b"c", b"d", b"e"], ("a", "b", "c", "d"), "1 tokens have no row"),
    ],
)
def test_a_vocabulary_of_another_length_is_told(tokens, names, said, write, opened):
    table = opened(write({"token_embd.weight": (WIDE, None)}, tokens))
    assert tuple(table.tokens) == names
    assert said in table.report[0].message


def test_the_token_table_wins_over_traps(write):
    held = {
        "position_embd.weight": (np.ones((512, 8), np.float32), None),
        "token_types.weight": (np.ones((2, 8), np.float32), None),
        "blk.0.ffn_up.weight": (np.ones((900, 8), np.float32), None),
        "output.weight": (np.ones((4, 8), np.float32), None),
        "token_embd.weight": (np.ones((4, 8), np.float32), None),
    }
    best = sniff(write(held)).probe(write(held))[0]
    assert best.name == "token_embd.weight"
    assert "a row for each of the 4 tokens" in best.reason


def test_a_file_with_a_vocabulary_and_no_table_says_so(write, opened):
    with pytest.raises(InputError, match="a vocabulary of 4 tokens and no table"):
        opened(write({}))


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"GGUF\3\0\0\0", "cut short"),
        (b"GGUF" + struct.pack("<IQQ", 1, 0, 0), "version 1"),
        (b"GGUF" + struct.pack(">IQQ", 3, 0, 0), "big-endian"),
        (packed_header(n_keys=2**60), "keys, more than the rest of the file"),
        (packed_header(n=2**60), "tensors, more than the rest of the file"),
        (packed_header(keys=text(b"k") + struct.pack("<I", 77), n_keys=1), "unknown type 77"),
        (packed_header(keys=struct.pack("<Q", 2**63) + b"k", n_keys=1), "cut short"),
        (
            packed_header(keys=text(b"k") + struct.pack("<IIQ", 9, 8, 2**40), n_keys=1),
            "claims 1,099,511,627,776 values",
        ),
        (
            packed_header(keys=text(b"k") + struct.pack("<IIQ", 9, 4, 2**40), n_keys=1),
            "claims 1,099,511,627,776 values",
        ),
        (
            packed_header(
                keys=text(b"k") + struct.pack("<I", 9) + struct.pack("<IQ", 9, 1) * 9, n_keys=1
            ),
            "array of the unknown type 9",
        ),
        (packed_header(tensors=tensor(b"t", (8, 2**40)), n=1), "ends beyond the file"),
        (packed_header(tensors=tensor(b"t", (2**62, 2**62)), n=1), "ends beyond the file"),
        (packed_header(tensors=tensor(b"t", (2, 2), offset=2**50), n=1), "ends beyond the file"),
        (packed_header(tensors=tensor(b"t", (2, 2), kind=99), n=1), "unknown type 99"),
        (packed_header(tensors=tensor(b"t", (33, 1), kind=8), n=1), "whole blocks of 32"),
        (packed_header(tensors=tensor(b"t", (1,)) * 2, n=2), "names the tensor 't' twice"),
        (packed_header(tensors=tensor(b"t", (1,) * 9), n=1), "9 dimensions"),
        (
            packed_header(keys=text(b"general.alignment") + struct.pack("<II", 4, 33), n_keys=1),
            "alignment, 33",
        ),
        (packed_header(tensors=tensor(b"t", (4,)), n=1), "no two-dimensional tensor"),
        (packed_header(tensors=tensor(b"t", (0, 4)), n=1), "has no columns"),
        (packed_header(tensors=tensor(b"t", (4, 0)), n=1), "has no rows"),
    ],
)
def test_a_header_that_lies_is_refused_in_a_sentence(raw, said, tmp_path, opened):
    (tmp_path / "t.gguf").write_bytes(raw)
    with pytest.raises(InputError, match=said):
        opened(tmp_path / "t.gguf")


def test_quantised_tables_beyond_the_memory_allowed_are_refused(write, opened, monkeypatch):
    monkeypatch.setenv("EMBEDDING_EXPLORER_MEMORY", "1K")
    path = write({"token_embd.weight": (WIDE, GGMLQuantizationType.Q8_0)})
    with pytest.raises(InputError, match=r"would need 4\.1 kB of memory"):
        opened(path)


@pytest.mark.parametrize("small_first", [False, True])
def test_a_part_without_the_token_table_names_the_part_to_open(small_first, tmp_path, opened):
    writer = GGUFWriter(
        tmp_path / "m.gguf", "llama", split_max_tensors=1, small_first_shard=small_first
    )
    writer.add_token_list(WORDS)
    writer.add_tensor("token_embd.weight", WIDE)
    writer.add_tensor("blk.0.ffn_down.weight", WIDE)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    parts = sorted(tmp_path.glob("*.gguf"))
    with pytest.raises(InputError) as refused:
        opened(parts[-1])
    assert f"is part {len(parts)} of {len(parts)} of a model" in str(refused.value)
    assert f"Open '{parts[0].name}'" in str(refused.value)
    assert len(opened(parts[-1], "blk.0.ffn_down.weight")) == 4
    if small_first:
        with pytest.raises(InputError, match=f"Open '{parts[1].name}'"):
            opened(parts[0])
    assert len(opened(parts[small_first])) == 4
