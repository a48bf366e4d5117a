from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, pre_tokenizers

from explorer.errors import InputError, NotFoundError
from explorer.formats import sniff
from explorer.lookups import lookup
from explorer.reading.vocabularies import sentence_pieces

TABLE = np.random.default_rng(5).normal(size=(6, 4)).astype(np.float32)
MODEL = {
    "model.embed_tokens.weight": TABLE,
    "model.position_embeddings.weight": np.ones((64, 4), np.float32),
    "model.layers.0.mlp.up_proj.weight": np.ones((99, 4), np.float32),
    "lm_head.weight": np.ones((6, 4), np.float32),
}
WORDS = ["[UNK]", "play", "##ing", "the", "[unused0]", "New York"]


@pytest.fixture
def folder(tmp_path) -> Path:
    made = tmp_path / "model"
    made.mkdir()
    return made


@pytest.fixture
def model(folder):
    """A model folder with its weights in one file, in safetensors shards, or in torch shards."""

    def made(kind: str = "one", **config: object) -> Path:
        write_json(folder / "config.json", {"model_type": "llama", "vocab_size": 6, **config})
        if kind == "one":
            save_file(MODEL, folder / "model.safetensors")
        elif kind == "torch":
            torch.save({k: torch.tensor(v) for k, v in MODEL.items()}, folder / "pytorch_model.bin")
        else:
            shards(folder, kind)
        return folder

    return made


def shards(folder: Path, kind: str) -> None:
    """The embedding in shard 1, the rest in shard 2, and the index."""
    stem, suffix = kind.rsplit(".", 1)
    weight_map = {}
    for place, names in enumerate([list(MODEL)[:1], list(MODEL)[1:]], start=1):
        name = f"{stem}-0000{place}-of-00002.{suffix}"
        held = {tensor: MODEL[tensor] for tensor in names}
        if suffix == "safetensors":
            save_file(held, folder / name)
        else:
            torch.save({k: torch.tensor(v) for k, v in held.items()}, folder / name)
        weight_map |= dict.fromkeys(names, name)
    write_json(folder / f"{kind}.index.json", {"metadata": {}, "weight_map": weight_map})


def write_json(path: Path, held: object) -> None:
    path.write_text(json.dumps(held), encoding="utf-8")


def write_tokenizer(folder: Path, tokens: list[str]) -> None:
    made = Tokenizer(models.WordLevel({t: i for i, t in enumerate(tokens)}, unk_token=tokens[0]))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.save(str(folder / "tokenizer.json"))


@pytest.mark.parametrize("kind", ["one", "torch", "model.safetensors", "pytorch_model.bin"])
def test_the_token_table_is_read_however_the_weights_are_stored(kind, model, opened):
    table = opened(model(kind))
    np.testing.assert_array_equal(table.vectors.to_numpy(), TABLE)
    assert table.vectors.mapped
    assert table.source.tensor == "model.embed_tokens.weight"
    assert table.source.format == "huggingface"


@pytest.mark.parametrize("kind", ["one", "model.safetensors"])
def test_any_file_of_the_folder_opens_the_model(kind, model, opened):
    folder = model(kind)
    write_tokenizer(folder, WORDS)
    (folder / "merges.txt").write_text("#version: 0.2\n")
    for path in sorted(folder.iterdir()):
        assert opened(path).source.tensor == "model.embed_tokens.weight", path
        assert opened(path).tokens[3] == "the"


def test_a_file_that_the_index_does_not_name_is_opened_by_itself(model, opened):
    folder = model("model.safetensors")
    save_file({"embedding": np.ones((3, 2), np.float32)}, folder / "other-1-of-1.safetensors")
    assert opened(folder / "other-1-of-1.safetensors").vectors.shape == (3, 2)


def test_a_shard_without_the_table_may_be_missing_or_broken(model, opened):
    folder = model("model.safetensors")
    other = folder / "model-00002-of-00002.safetensors"
    for content in (b"version https://git-lfs.github.com/spec/v1\n", b"", None):
        other.write_bytes(content) if content is not None else other.unlink()
        np.testing.assert_array_equal(opened(folder).vectors.to_numpy(), TABLE)


@pytest.mark.parametrize("kind", ["model.safetensors", "pytorch_model.bin"])
def test_a_missing_shard_is_named(kind, model, opened):
    folder = model(kind)
    stem, suffix = kind.rsplit(".", 1)
    (folder / f"{stem}-00001-of-00002.{suffix}").unlink()
    with pytest.raises(InputError, match=r"00001-of-00002.*is missing.*embed_tokens"):
        opened(folder)


def test_another_tensor_may_be_named(model, opened):
    folder = model("model.safetensors")
    assert opened(folder, "lm_head.weight").vectors.shape == (6, 4)
    with pytest.raises(NotFoundError, match=r"embed_tokens"):
        opened(folder, "no.such.tensor")


def test_every_table_is_a_candidate_and_the_traps_come_last(model):
    found = sniff(model("model.safetensors")).probe(model("model.safetensors"))
    assert found[0].name == "model.embed_tokens.weight"
    assert "each of the 6 tokens" in found[0].reason
    assert {c.name for c in found} == set(MODEL)
    assert found[0].score - found[1].score > 1


def test_a_tied_output_table_is_hidden_and_told(model, opened):
    folder = model(tie_word_embeddings=True)
    assert "lm_head.weight" not in {c.name for c in sniff(folder).probe(folder)}
    assert any("tie_word_embeddings" in note.message for note in opened(folder).report)


def test_the_config_of_a_model_of_several_senses_is_read(model):
    folder = model(vocab_size=None, text_config={"vocab_size": 6})
    write_json(folder / "config.json", {"model_type": "x", "text_config": {"vocab_size": 6}})
    assert "each of the 6 tokens" in sniff(folder).probe(folder)[0].reason


@pytest.mark.parametrize(
    "name",
    ["../model.safetensors", "/etc/hostname", "a/b.safetensors", "..", ".", "a\\b", "C:x", "", 7,
     None, "x\0y", "n" * 300],
)  # fmt: skip
def test_an_index_that_leads_out_of_the_folder_is_refused(name, folder, opened):
    index = folder / "model.safetensors.index.json"
    write_json(index, {"weight_map": {"model.embed_tokens.weight": name}})
    with pytest.raises(InputError, match=r"outside the folder|no name"):
        opened(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_a_link_that_leaves_the_folder_is_refused(model, opened, tmp_path):
    folder = model("model.safetensors")
    shard = folder / "model-00001-of-00002.safetensors"
    shard.rename(tmp_path / "elsewhere.safetensors")
    shard.symlink_to(tmp_path / "elsewhere.safetensors")
    with pytest.raises(InputError, match="outside the folder"):
        opened(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_the_links_of_the_model_cache_are_followed(model, opened, tmp_path):
    folder = model("model.safetensors")
    snapshot = tmp_path / "models--a--b" / "snapshots" / "0123"
    blobs = tmp_path / "models--a--b" / "blobs"
    snapshot.mkdir(parents=True)
    blobs.mkdir()
    for place, path in enumerate(sorted(folder.iterdir())):
        path.rename(blobs / str(place))
        (snapshot / path.name).symlink_to(f"../../blobs/{place}")
    np.testing.assert_array_equal(opened(snapshot).vectors.to_numpy(), TABLE)


@pytest.mark.parametrize(
    "index",
    [b"[]", b"{}", b'{"weight_map": []}', b'{"weight_map": {}}', b'{"weight_map"', b"[" * 9999],
)
def test_an_index_that_is_none_is_refused(index, folder, opened):
    (folder / "model.safetensors.index.json").write_bytes(index)
    with pytest.raises(InputError, match=r"names no tensors|JSON is"):
        opened(folder)


def test_weights_that_were_not_fetched_are_told(model, opened):
    folder = model()
    (folder / "model.safetensors").write_bytes(b"version https://git-lfs.github.com/spec/v1\n")
    with pytest.raises(InputError, match="git lfs pull"):
        opened(folder)


def test_a_broken_config_does_not_keep_shards_from_opening(model, opened):
    folder = model("model.safetensors")
    (folder / "config.json").write_text("{" * 5000)
    assert len(opened(folder)) == 6


# Vocabularies


def test_the_tokenizer_of_the_folder_names_and_looks_up(model, opened):
    folder = model()
    write_tokenizer(folder, WORDS)
    table = opened(folder)
    assert table.tokens == tuple(WORDS)
    assert lookup(table, "the play").rows == [3, 1]


def test_a_padded_table_numbers_its_last_rows(model, opened):
    folder = model()
    write_tokenizer(folder, WORDS[:4])
    table = opened(folder)
    assert table.tokens == (*WORDS[:4], "<row 4>", "<row 5>")
    assert any("2 rows lie beyond" in note.message for note in table.report)


def test_a_word_piece_vocabulary_parts_words_as_its_model_does(model, opened):
    folder = model()
    (folder / "vocab.txt").write_text("\n".join(WORDS) + "\n", encoding="utf-8")
    table = opened(folder)
    assert table.tokens == tuple(WORDS)
    assert lookup(table, "The PLAYING").rows == [3, 1, 2]
    write_json(folder / "tokenizer_config.json", {"do_lower_case": False})
    assert lookup(opened(folder), "The playing").rows == [0, 1, 2]


def test_lines_of_a_vocabulary_end_at_line_feeds_only(model, opened):
    folder = model()
    tokens = ["a", "\u2028", "\x85b", "", "a", "e"]
    (folder / "vocab.txt").write_bytes("\r\n".join(tokens).encode() + b"\r\n")
    assert opened(folder).tokens == tuple(tokens)


def test_byte_level_tokens_stay_as_stored_and_are_parted_by_merges(model, opened):
    folder = model()
    ids = {"t": 0, "h": 1, "e": 2, "th": 3, "Ġ": 4, "Ġth": 6}
    write_json(folder / "vocab.json", ids)
    write_json(folder / "added_tokens.json", {"<pad>": 5})
    (folder / "merges.txt").write_text("#version: 0.2\nt h\nĠ th\n", encoding="utf-8")
    table = opened(folder)
    assert table.tokens == ("t", "h", "e", "th", "Ġ", "<pad>")
    assert any("1 tokens of vocab.json have no row" in note.message for note in table.report)
    assert lookup(table, "the the").rows[:2] == [3, 2]


def test_a_vocabulary_without_merges_still_names_the_rows(model, opened):
    folder = model()
    write_json(folder / "vocab.json", {"a": 0, "b": 2})
    table = opened(folder)
    assert table.tokens == ("a", "<row 1>", "b", "<row 3>", "<row 4>", "<row 5>")
    assert not table.tokenizer


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tokenizer.json", b"{}"),
        ("vocab.json", b"[1]"),
        ("vocab.json", b'{"a": "b"}'),
        ("vocab.json", b"{}"),
        ("vocab.txt", b""),
        ("tokenizer.model", b"\xff\xfe nonsense"),
    ],
)
def test_a_vocabulary_that_cannot_be_used_is_told(name, content, model, opened):
    folder = model()
    (folder / name).write_bytes(content)
    table = opened(folder)
    assert not table.named
    assert table.report[0].level == "warning"
    assert name in table.report[0].message


def test_a_sentencepiece_model_names_the_rows(model, opened, tmp_path):
    sentencepiece = pytest.importorskip("sentencepiece")
    folder = model()
    text = tmp_path / "text.txt"
    text.write_text("ab ba ab ba\n" * 20)
    sentencepiece.SentencePieceTrainer.Train(
        input=str(text), model_prefix=str(folder / "tokenizer"), vocab_size=6, minloglevel=9
    )
    (folder / "tokenizer.vocab").unlink()
    table = opened(folder)
    assert table.tokens[:3] == ("<unk>", "<s>", "</s>")
    assert any(token.startswith("▁") for token in table.tokens)


def test_what_the_optional_library_is_called_is_told(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "sentencepiece", None)
    with pytest.raises(InputError, match=r'pip install "embedding-explorer\[more\]"'):
        sentence_pieces(tmp_path / "tokenizer.model")
