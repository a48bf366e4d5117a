from __future__ import annotations

import numpy as np
import pytest

from explorer.errors import InputError
from explorer.formats import delimited, formats, sniff


@pytest.fixture
def written(tmp_path, opened):
    """Opens a text as a file."""

    def write(text: str | bytes, name: str = "a.csv"):
        raw = text if isinstance(text, bytes) else text.encode()
        (tmp_path / name).write_bytes(raw)
        return opened(tmp_path / name)

    return write


def test_tokens_stay_the_text_they_are(written):
    tokens = ["007", "1e5", "", "NA", "null", " x ", "TRUE"]
    table = written("token,d0,d1\n" + "".join(f"{token},0.5,2\n" for token in tokens))
    assert table.tokens == tuple(tokens)


@pytest.mark.parametrize("token", ["a,b", 'say "hi"', "two\nlines", "two\r\nlines", "\u2028x\x85"])
def test_quoted_tokens_are_given_back_exactly(token, written):
    quoted = token.replace('"', '""')
    assert written(f'token,d0,d1\n"{quoted}",1,2\nb,3,4\n').tokens == (token, "b")


@pytest.mark.parametrize(
    "cell",
    [
        '"[0.1, -2e3]"', "[0.1 -2e3]", '"[ 0.1\n -2e3]"', "0.1;-2e3", "0.1|-2e3", '"(0.1, -2e3)"',
        '"np.array([0.1, -2e3])"', '"array([0.1, -2e3], dtype=float32)"', '"tensor([0.1, -2e3])"',
        '"0.1, -2e3"', '"[0.1, -2e3,]"',
    ],
)  # fmt: skip
def test_every_usual_spelling_of_a_vector_is_read(cell, written):
    table = written(f"word,vector,kind\na,{cell},x\nb,{cell},y\n")
    np.testing.assert_array_equal(table.vectors.to_numpy(), np.float32([[0.1, -2e3]] * 2))
    assert table.tokens == ("a", "b")
    assert table.columns["kind"].values.tolist() == ["x", "y"]


@pytest.mark.parametrize("cell", ["[0.1 0.2 ... 0.9]", '"array([0.1, ..., 0.9])"'])
def test_a_vector_printed_with_an_ellipsis_is_refused(cell, written):
    with pytest.raises(InputError, match="shortened"):
        written(f"word,vector\na,{cell}\nb,{cell}\n")


def test_one_shortened_vector_among_whole_ones_is_refused_by_its_line(written):
    with pytest.raises(InputError, match="line 3: the vector was shortened"):
        written("word,vector\na,[1 2]\nb,[1 ... 2]\nc,[1 2]\n")


def test_a_cell_is_never_evaluated(written):
    table = written("w,vector\na,[1 2]\nb,\"[__import__('os') 2]\"\nc,[3 4]\n")
    assert table.tokens == ("a", "c")
    assert any("line 3" in note.message for note in table.report)


@pytest.mark.parametrize("cell", ["1_0", "0x1", "NA", "", "one"])
def test_a_row_with_something_else_than_a_number_is_skipped_by_its_line(cell, written):
    table = written(f"w,d0,d1\na,1,2\nb,{cell},2\nc,3,4\n")
    assert table.tokens == ("a", "c")
    assert any("line 3" in note.message for note in table.report)


def test_a_row_of_another_width_is_skipped_by_its_line(written):
    table = written("w,d0,d1\na,1,2\nb,1,2,3\nc,3,4\n")
    assert table.tokens == ("a", "c")
    assert any("line 3: 4 cells, 3 expected" in note.message for note in table.report)


def test_a_file_without_a_header_loses_no_row(written):
    assert written("a,1,2\nb,3,4\n").tokens == ("a", "b")


def test_semicolons_and_decimal_commas_are_read_and_told(written):
    table = written("w;d0;d1\na;0,5;1,25\nb;1;2\n")
    np.testing.assert_array_equal(table.vectors.to_numpy(), [[0.5, 1.25], [1, 2]])
    assert any("decimal commas" in note.message for note in table.report)


def test_numbers_beside_the_vector_become_columns(written):
    table = written("count,w,d0,d1,d2,note\n7,a,1,2,3,x\n8,b,4,5,6,y\n")
    assert table.dim == 3
    assert table.columns["count"].values.tolist() == [7, 8]
    assert table.columns["note"].values.tolist() == ["x", "y"]


def test_columns_numbered_out_of_order_are_put_in_order(written):
    table = written("w,d1,d0,d10,d2,d3,d4,d5,d6,d7,d8,d9\na,1,0,10,2,3,4,5,6,7,8,9\n")
    np.testing.assert_array_equal(table.vectors.to_numpy(), [np.arange(11)])


def test_a_header_of_numbers_is_a_header(written):
    table = written(",0,1,2\na,0.5,1.5,2.5\nb,1.5,2,3\n")
    assert table.tokens == ("a", "b")


def test_two_columns_of_vectors_are_two_tables(tmp_path, opened):
    path = tmp_path / "a.csv"
    path.write_text('w,other,embedding\na,"[1, 2]","[3, 4, 5]"\nb,"[1, 2]","[3, 4, 5]"\n')
    found = formats()["delimited"].probe(path)
    assert [one.name for one in found] == ["embedding", "other"]
    assert opened(path, "other").dim == 2
    assert opened(path).dim == 3


def test_tabs_with_a_header_and_other_columns_are_read_by_column(written):
    table = written('w\tkind\td0\td1\n"\tx\t1\t2\nb\ty\t3\t4\n', "a.tsv")
    assert table.tokens == ('"', "b")
    assert table.columns["kind"].values.tolist() == ["x", "y"]


@pytest.mark.parametrize(
    "text",
    [
        "a\t1\t2\nb\t3\t4\n",
        ", 1 2\n. 3 4\n",
        "2 2\n, 1 2\n; 3 4\n",
        "a,b 0.5 0.5\nc,d 0.25 1\n",
        "a 0,5 0,5\nb 0,5 0,5\n",
    ],
)
def test_word2vec_text_is_left_to_its_own_reader(text, tmp_path):
    (tmp_path / "a.txt").write_text(text)
    assert sniff(tmp_path / "a.txt").name == "word2vec"


@pytest.mark.parametrize(
    "text",
    [
        "userId,movieId,rating,timestamp\n1,31,2.5,1260759144\n1,1029,3.0,1260759179\n",
        "id,label,rating,review\n0,1,8,good\n1,0,2,bad\n",
        "a,b\nc,d\n",
        "word,count\nthe,7\n",
    ],
)
def test_a_table_of_something_else_is_no_table_of_vectors(text, tmp_path):
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(InputError, match="not an embedding table"):
        sniff(tmp_path / "a.csv")


def test_a_quotation_mark_never_closed_ends_in_a_sentence(written):
    with pytest.raises(InputError, match="line 102"):
        written("w,d0,d1\n" + "a,1,2\n" * 100 + '"b,3,4\n' + "c,5,6\n" * 3_000_000)


def test_bytes_that_are_not_utf8_are_decoded_and_counted(written):
    table = written(b"w,d0,d1\ncaf\xe9,1,2\nb,3,4\n")
    assert table.tokens == ("café", "b")
    assert any("cp1252" in note.message for note in table.report)


def test_numbers_without_tokens_are_named_by_row(written):
    table = written("d0,d1\n1.5,2\n3,4\n")
    assert not table.named
    assert table.tokens[0] == "<row 0>"


def test_a_compressed_file_opens(tmp_path, opened):
    import gzip

    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"w,d0,d1\na,1,2\nb,3,4\n"))
    assert opened(tmp_path / "a.csv.gz").tokens == ("a", "b")


@pytest.mark.parametrize(
    "odd", ["0.5", "nan", "-inf", "1e400", "0x1", "1_0", "1 2", "", "x", "1,2"]
)
@pytest.mark.parametrize("spelt", [True, False])
def test_the_fast_way_and_the_careful_way_read_the_same(odd, spelt, written, monkeypatch):
    chance = np.random.default_rng(0)
    rows = [[repr(number) for number in row] for row in chance.normal(size=(50, 3)).tolist()]
    rows[20][1] = odd
    lines = ['"[' + ", ".join(row) + ']"' if spelt else ",".join(row) for row in rows]
    text = ("w,v\n" if spelt else "w,d0,d1,d2\n") + "".join(f"a,{line}\n" for line in lines)
    monkeypatch.setattr(delimited, "_LEAST_FOR_ARROW", 0)
    fast = written(text)
    monkeypatch.setattr(delimited, "_clean_numbers", lambda chunk, layout: None)
    careful = written(text)
    np.testing.assert_array_equal(fast.vectors.to_numpy(), careful.vectors.to_numpy())
    assert fast.report == careful.report
