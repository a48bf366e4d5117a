from __future__ import annotations

import pytest

from explorer.errors import InputError
from explorer.formats import sniff


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "the file is empty"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 9\n", "git lfs pull"),
        (b"\n <!DOCTYPE html><html><body>404", "saved web page"),
        ("2 2\na 1 2\n".encode("utf-16"), "UTF-16"),
        (b"\x80\x04\x95\x00\x00\x00\x00\x00\x00\x00\x00N.", "pickle"),
        (b"PK\x03\x04nothing", "zip archive that is empty or broken"),
        (b"\x1f\x8b\x08\x00", "gzip archive"),
        (b"hello world\n", "not an embedding table"),
        (b"[[[[[[[[[[", "not an embedding table"),
        (b"\x00" * 5000, "not an embedding table"),
    ],
)
def test_what_is_no_table_is_named_with_the_way_out(raw, said, tmp_path):
    path = tmp_path / "some.file"
    path.write_bytes(raw)
    with pytest.raises(InputError, match=said) as refused:
        sniff(path)
    assert refused.value.hint


def test_a_suffix_that_promises_another_format_is_named(tmp_path):
    (tmp_path / "t.pt").write_bytes(b"hello world\n")
    with pytest.raises(InputError, match="is not a PyTorch checkpoint, though its name ends so"):
        sniff(tmp_path / "t.pt")


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        sniff(tmp_path / "none.vec")


def test_a_folder_without_a_table_is_refused(tmp_path):
    with pytest.raises(InputError, match="no embedding table was found in this folder"):
        sniff(tmp_path)


def test_a_folder_of_all_kinds_of_files_is_told_what_was_looked_for_and_what_is_there(tmp_path):
    for number in range(9):
        (tmp_path / f"file{number}.vec").write_text("2 2\na 1 2\nb 3 4\n")
    (tmp_path / "zz.bytes").write_bytes(bytes(13))
    (tmp_path / "zz_tensors.tsv").write_text("1\t2\n3\t4\n")
    with pytest.raises(InputError) as refused:
        sniff(tmp_path)
    said = str(refused.value)
    assert said.startswith(f"{tmp_path}: no embedding table was found in this folder.")
    assert "projector_config" in said
    assert "'file0.vec', 'file1.vec'" in said
    assert "and 3 more" in said
    assert "zz" not in said


@pytest.mark.parametrize("name", ["safetensors", "npy", "torch", "word2vec"])
def test_content_decides_whatever_the_suffix(name, sample, tmp_path):
    path = sample(name).rename(tmp_path / "renamed.docx")
    assert sniff(path).name == name
