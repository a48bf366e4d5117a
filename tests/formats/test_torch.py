from __future__ import annotations

import argparse
import io
import pickle
import zipfile
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest
import torch

from explorer.errors import InputError
from explorer.formats import sniff
from explorer.reading.memory import allowing

TABLE = torch.arange(12, dtype=torch.float32).reshape(4, 3)


class Canary:
    def __reduce__(self):
        return (Path.mkdir, (Path("EMBEDDING_CANARY"),))


@pytest.fixture
def save(tmp_path, monkeypatch):
    """Saves an object by torch and gives its path; runs in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def saved(held: object, **options: object) -> Path:
        torch.save(held, tmp_path / "t.pt", **options)
        return tmp_path / "t.pt"

    return saved


WRAPPED = [
    TABLE,
    {"embedding.weight": TABLE},
    OrderedDict(embedding=torch.nn.Parameter(TABLE)),
    {"epoch": 3, "state_dict": {"module._orig_mod.encoder.weight": TABLE}},
    {"embedding.weight": TABLE.t().contiguous().t()},
]


@pytest.mark.parametrize("held", WRAPPED)
def test_a_table_is_found_however_it_is_wrapped(held, save, opened):
    table = opened(save(held))
    np.testing.assert_array_equal(table.vectors.to_numpy(), TABLE.numpy())
    assert table.vectors.mapped


# torch reads a legacy file that names more than tensors, such as a dtype, in a child process, which
# has to import it: several tables are put in one.
def test_a_legacy_file_of_more_than_tensors_gives_its_tables_and_vocabulary(save, opened):
    held = {"net": dict(enumerate(WRAPPED)), "itos": {0: "a", 1: "b", 2: "c", 3: "d"}}
    held["half"] = {"wte": TABLE.bfloat16(), "dtype": torch.bfloat16}
    path = save(held, _use_new_zipfile_serialization=False)
    table = opened(path, "half.wte")
    assert table.vectors.dtype == "bf16"
    np.testing.assert_array_equal(table.vectors.to_numpy(), TABLE.numpy())
    assert tuple(table.tokens) == tuple("abcd")
    names = {candidate.name for candidate in sniff(path).probe(path)}
    assert {"net.0", "net.1.embedding.weight", "net.2.embedding"} <= names


def test_a_legacy_file_that_torch_must_read_whole_keeps_to_the_budget(save, opened):
    path = save({"w": TABLE, "dtype": torch.float32}, _use_new_zipfile_serialization=False)
    with allowing(10), pytest.raises(InputError, match="10 bytes are allowed"):
        opened(path)


def test_a_damaged_legacy_file_is_refused(save, opened):
    path = save(TABLE, _use_new_zipfile_serialization=False)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputError, match="is not a PyTorch checkpoint that can be read"):
        opened(path)


@pytest.mark.parametrize(
    ("dtype", "name"),
    [
        (torch.float64, "f64"),
        (torch.float16, "f16"),
        (torch.bfloat16, "bf16"),
        (torch.float8_e4m3fn, "f8_e4m3"),
        (torch.float8_e5m2, "f8_e5m2"),
    ],
)
def test_every_float_dtype_is_kept(dtype, name, save, opened):
    table = opened(save({"wte.weight": TABLE.to(dtype)}))
    assert table.vectors.dtype == name
    np.testing.assert_array_equal(table.vectors.to_numpy(), TABLE.to(dtype).float().numpy())


def test_the_token_table_is_chosen_among_traps_and_optimiser_state(save):
    held = {
        "model_state_dict": {
            "module.tok_emb.weight": TABLE,
            "module.pos_emb.weight": torch.ones(9, 3),
            "module.lm_head.weight": TABLE,
        },
        "optimizer_state_dict": {"state": {0: {"exp_avg": torch.ones(20, 3)}}},
    }
    path = save(held)
    assert sniff(path).probe(path)[0].name == "model_state_dict.module.tok_emb.weight"


@pytest.mark.parametrize(
    ("key", "vocabulary"),
    [
        ("vocab", ["a", "b", "c", "d"]),
        ("itos", {0: "a", 1: "b", 2: "c", 3: "d"}),
        ("stoi", {"d": 3, "a": 0, "b": 1, "c": 2}),
    ],
)
def test_tokens_come_from_a_vocabulary_in_the_checkpoint(key, vocabulary, save, opened):
    assert opened(save({"weight": TABLE, "meta": {key: vocabulary}})).tokens == tuple("abcd")


def test_ids_without_a_word_are_named_by_number(save, opened):
    held = {"weight": TABLE, "word_index": {"a": 1, "b": 2, "c": 3}}
    assert opened(save(held)).tokens == ("<row 0>", "a", "b", "c")


@pytest.mark.parametrize("vocabulary", [["a"], ["a", "b", "c", 4], {"a": 9, "b": 1}, {"a": "b"}])
def test_a_vocabulary_that_does_not_fit_is_passed_over_with_a_warning(vocabulary, save, opened):
    table = opened(save({"weight": TABLE, "vocab": vocabulary}))
    assert not table.named
    assert "warning" in [note.level for note in table.report]


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (torch.nn.Embedding(4, 3), r"torch\.nn\.modules\.sparse\.Embedding"),
        ({"weight": TABLE, "args": argparse.Namespace(a=1)}, r"argparse\.Namespace"),
        ({"weight": TABLE, "canary": Canary()}, "mkdir|pathlib"),
    ],
)
def test_what_asks_to_run_code_is_refused_and_named(held, said, save, opened, tmp_path):
    path = save(held)
    with pytest.raises(InputError, match=said) as refused:
        opened(path)
    assert "weights_only" not in str(refused.value)
    assert not (tmp_path / "EMBEDDING_CANARY").exists()


def test_a_legacy_file_that_asks_to_run_code_is_refused_and_named(save, opened, tmp_path):
    held = {"weight": TABLE, "canary": Canary(), "args": argparse.Namespace(a=1)}
    with pytest.raises(InputError, match=r"argparse\.Namespace"):
        opened(save(held, _use_new_zipfile_serialization=False))
    assert not (tmp_path / "EMBEDDING_CANARY").exists()


def test_a_bare_pickle_is_refused_and_named(tmp_path, monkeypatch, opened):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.pt").write_bytes(pickle.dumps({"weight": Canary()}))
    with pytest.raises(InputError, match="can run code when it is loaded"):
        opened(tmp_path / "t.pt")
    assert not (tmp_path / "EMBEDDING_CANARY").exists()


@pytest.mark.parametrize(
    ("tensor", "said"),
    [
        (torch.ones(1).expand(1000, 4096), "more numbers than its storage"),
        (torch.ones(4, 3, device="meta"), "device meta"),
        (TABLE.to_sparse(), "sparse"),
        (TABLE.to(torch.int8), "scales"),
        (TABLE.to(torch.complex64), "no two-dimensional tensor"),
        (TABLE.long(), "i?nt64 4x3"),
        (torch.ones(4), "f32 4"),
        (torch.ones(0, 3), "no rows"),
    ],
)
def test_a_tensor_that_is_no_plain_matrix_is_refused(tensor, said, save, opened):
    with pytest.raises(InputError, match=said):
        opened(save({"embedding": tensor}))


def test_a_faulty_tensor_does_not_hide_a_sound_one(save, opened):
    held = {"mask": torch.ones(1).expand(100, 100), "embedding": TABLE}
    path = save(held)
    assert opened(path).source.tensor == "embedding"
    with pytest.raises(InputError, match="'mask' claims more numbers"):
        opened(path, "mask")


def test_compressed_members_are_refused(save, opened):
    path = save({"embedding": TABLE})
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    path.write_bytes(packed.getvalue())
    with pytest.raises(InputError, match="members are compressed"):
        opened(path)


def test_a_program_is_refused(tmp_path, opened):
    with zipfile.ZipFile(tmp_path / "t.pt", "w") as archive:
        archive.writestr("t/data.pkl", b"\x80\x02}.")
        archive.writestr("t/constants.pkl", b"\x80\x02}.")
    with pytest.raises(InputError, match="TorchScript"):
        opened(tmp_path / "t.pt")


def test_an_older_torch_is_not_trusted(save, opened, monkeypatch):
    path = save({"embedding": TABLE})
    monkeypatch.setattr(torch, "__version__", torch.torch_version.TorchVersion("2.9.1"))
    with pytest.raises(InputError, match="Install torch"):
        opened(path)
