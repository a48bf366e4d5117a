import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from explorer import pipeline
from explorer.errors import InputError, NotFoundError, OutputError, ParameterError
from explorer.lookups import EXACT
from explorer.objectives import Summary
from explorer.progress import Cancelled, Progress
from explorer.sheets import membership
from explorer.table import Column, Source, Table
from explorer.training import Snapshot
from explorer.vectors import Vectors


@pytest.fixture
def saved(table: Table, tmp_path: Path) -> Path:
    return pipeline.save_table(table, tmp_path / "words.safetensors").source.path or tmp_path


@pytest.fixture
def reviews(tmp_path: Path) -> Path:
    """400 short reviews that one word decides."""
    random = np.random.default_rng(1)
    words = ["the", "film", "story", "scene", "music", "night", "town", "actor"]
    lines = ["review,sentiment"]
    for row in range(400):
        label, telling = ("positive", "superb") if row % 2 else ("negative", "dull")
        lines.append(f"{' '.join(random.choice(words, 8))} {telling},{label}")
    path = tmp_path / "reviews.csv"
    path.write_text("\n".join(lines))
    return path


FAST = {"epochs": 2, "dim": 4, "maxlen": 12, "threads": 1}


def test_a_saved_table_opens_as_it_was(table: Table, saved: Path):
    opened = pipeline.open_table(saved)
    assert opened.tokens == table.tokens
    assert np.array_equal(opened.vectors.to_numpy(), table.vectors.to_numpy())
    assert list(opened.columns) == list(table.columns)
    for name, column in table.columns.items():
        assert opened.columns[name].values.tolist() == column.values.tolist()


def test_a_saved_table_knows_where_it_lies(table: Table, tmp_path: Path):
    source = pipeline.save_table(table, str(tmp_path / "t.safetensors")).source
    assert source == pipeline.open_table(tmp_path / "t.safetensors").source


def test_probing_names_the_table_of_a_file(saved: Path):
    (found,) = pipeline.probe(str(saved))
    assert (found.name, found.rows, found.dim, found.dtype) == ("embedding.weight", 60, 8, "f32")


def test_a_tensor_that_is_not_there_is_not_found(saved: Path):
    with pytest.raises(NotFoundError, match=r"wte\.weight"):
        pipeline.open_table(saved, "wte.weight")


def test_saving_into_a_missing_folder_is_refused(table: Table, tmp_path: Path):
    with pytest.raises(OutputError, match="no such file or directory"):
        pipeline.save_table(table, tmp_path / "missing" / "t.safetensors")


def test_neighbours_are_asked_for_by_token_row_or_vector(table: Table):
    row = table.row_of("a,b")
    by_token = pipeline.neighbors(table, "a,b", 3)
    by_row = pipeline.neighbors(table, row, 3)
    by_vector = pipeline.neighbors(table, table.vectors.rows(row), 4)
    assert by_token.rows.tolist() == by_row.rows.tolist() == by_vector.rows.tolist()[1:]
    assert by_vector.rows[0] == row


def test_neighbours_of_an_unknown_token_are_not_found(table: Table):
    with pytest.raises(NotFoundError, match=r"'Word20' is not in the table.*Did you mean 'word20'"):
        pipeline.neighbors(table, "Word20")


def test_looking_up_says_how(table: Table):
    (piece,) = pipeline.lookup(table, "new\nline").pieces
    assert (piece.row, piece.how) == (4, EXACT)


def test_axes_choose_the_components_that_are_drawn(table: Table):
    whole = pipeline.project(table)
    turned = pipeline.project(table, axes=[3, 1])
    assert np.array_equal(turned.coordinates, whole.scores[:, [2, 0]])


@pytest.mark.parametrize(
    ("wishes", "message"),
    [
        ({"method": "umapp"}, "There is no method 'umapp'. There are: pca, tsne"),
        ({"dims": 4}, "cannot have 4 dimensions"),
        ({"dims": 3, "axes": [1, 2]}, "2 axes do not make a 3-dimensional map"),
        ({"axes": [0, 1]}, "Choose axes between 1 and"),
        ({"axes": [1, 99]}, "Choose axes between 1 and"),
        ({"perplexity": 30}, "no parameter 'perplexity'"),
        ({"method": "tsne", "perplexity": "30"}, "Perplexity cannot be '30'"),
        ({"method": "tsne", "perplexity": 0.1}, "between 1 and 500"),
        ({"seed": -1}, "The seed cannot be -1"),
        ({"method": "tsne", "seed": 2**32}, "The seed cannot be 4294967296"),
    ],
)
def test_a_map_that_makes_no_sense_is_refused(table: Table, wishes: dict, message: str):
    with pytest.raises(ParameterError, match=message):
        pipeline.project(table, **wishes)


def test_a_table_too_small_for_a_map_is_refused_in_words():
    one = Table(("a",), Vectors(np.ones((1, 3), np.float32)))
    with pytest.raises(ParameterError, match="row"):
        pipeline.project(one, "tsne")


def test_exporting_writes_the_map_and_what_made_it(table: Table, tmp_path: Path):
    csv_path, manifest_path = pipeline.export(pipeline.project(table), str(tmp_path / "m.csv"))
    assert csv_path.read_bytes().startswith(b"row,token,x,y,count,lean,kind\r\n0,,")
    assert json.loads(manifest_path.read_text())["projection"]["method"] == "pca"


def test_exporting_into_a_missing_folder_is_refused(table: Table, tmp_path: Path):
    with pytest.raises(OutputError, match="no such file or directory"):
        pipeline.export(pipeline.project(table), tmp_path / "missing" / "m.csv")


def test_a_picture_is_coloured_by_the_column_that_is_named(table: Table, tmp_path: Path):
    made = pipeline.project(table)
    by_first = pipeline.draw(made, tmp_path / "first.png").read_bytes()
    by_lean = pipeline.draw(made, tmp_path / "lean.png", colour_by="lean").read_bytes()
    by_kind = pipeline.draw(made, tmp_path / "kind.png", colour_by="kind").read_bytes()
    assert by_first == by_lean != by_kind


def test_a_picture_is_coloured_by_a_column_that_was_computed(table: Table, tmp_path: Path):
    made = pipeline.project(table)
    column = Column.from_text(
        "side", ["left" if x < 0 else "right" for x in made.coordinates[:, 0]]
    )
    drawn = pipeline.draw(made, tmp_path / "m.svg", colour_by=column).read_text(encoding="utf-8")
    assert ">side<" in drawn
    assert ">left<" in drawn


def test_the_columns_of_an_export_are_chosen(table: Table, tmp_path: Path):
    chosen = membership("selected", np.array([3, 1, 3]), len(table))
    path, manifest = pipeline.export(
        pipeline.project(table), tmp_path / "m.csv", columns=["kind"], computed=[chosen]
    )
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    assert header == ["row", "token", "x", "y", "kind", "selected"]
    assert [int(row[0]) for row in rows if row[-1] == "1"] == [1, 3]
    told = json.loads(manifest.read_text())["csv"]["computed_columns"]
    assert told == {"selected": "1 for the 2 rows of it, 0 for the others"}


def test_a_picture_by_a_column_that_is_not_there_is_refused(table: Table, tmp_path: Path):
    with pytest.raises(NotFoundError, match=r"'mood'. There are: count, lean, kind"):
        pipeline.draw(pipeline.project(table), tmp_path / "m.png", colour_by="mood")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.csv", None, "there is no such file"),
        ("empty.csv", b"", "the file is empty"),
        ("binary.csv", b"\0\1\2" * 99, "not a corpus we can read. We read: Labelled reviews"),
        (
            "one.csv",
            b"review,sentiment\ngood,pos\nfine,pos\n",
            "every review is labelled 'positive'",
        ),
        ("other.csv", b"a,b,c\n1,2,3\n", "no column was recognised"),
    ],
)
def test_a_corpus_that_cannot_be_read_is_refused_by_name(
    tmp_path: Path, name: str, content: bytes | None, message: str
):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=rf"{name}.*{message}"):
        pipeline.read_corpus(tmp_path / name)


def test_a_folder_that_is_no_corpus_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match="not a corpus"):
        pipeline.read_corpus(tmp_path)


def test_a_parameter_of_the_corpus_reader_is_handed_down(reviews: Path):
    with pytest.raises(InputError, match="no column 'text'"):
        pipeline.read_corpus(reviews, {"text_column": "text"})
    assert len(pipeline.read_corpus(reviews, {"text_column": "review"}).texts) == 400


def test_training_gives_a_table_with_a_tokenizer(reviews: Path):
    trained = pipeline.train(reviews, seed=3, **FAST)
    assert trained.table.tokens[:2] == ("<pad>", "<unk>")
    assert {"superb", "dull"} <= set(trained.table.tokens)
    assert pipeline.lookup(trained.table, "Superb!").pieces[0].token == "superb"


@pytest.mark.parametrize(
    ("wishes", "message"),
    [
        ({"objective": "skipgramm"}, "no objective 'skipgramm'. There are: sentiment"),
        ({"epochs": 0}, "Epochs cannot be 0"),
        ({"epoch": 3}, "no parameter 'epoch'"),
        ({"seed": -1}, "The seed cannot be -1"),
    ],
)
def test_a_wrong_training_is_refused_before_anything_is_read(wishes: dict, message: str):
    told: list[Progress] = []
    with pytest.raises(ParameterError, match=message):
        pipeline.train("missing.csv", report=told.append, **wishes)
    assert told == []


def test_training_tells_how_far_it_is_in_one_rising_line(reviews: Path):
    told: list[Progress] = []
    pipeline.train(reviews, report=told.append, **FAST)
    fractions = [progress.fraction for progress in told]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1.0)


def test_a_wish_to_stop_goes_through_training_and_projecting(reviews: Path, table: Table):
    def stop(progress: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        pipeline.train(reviews, report=stop, **FAST)
    with pytest.raises(Cancelled):
        pipeline.project(table, "tsne", report=stop)


def test_snapshots_of_a_training_come_with_their_maps(reviews: Path):
    frames: list[pipeline.TrainingFrame] = []

    def keep(progress: Progress) -> None:
        assert not isinstance(progress.partial, Snapshot)
        if isinstance(progress.partial, pipeline.TrainingFrame):
            frames.append(progress.partial)

    pipeline.train(reviews, report=pipeline.with_map(keep), **FAST)
    assert len(frames) >= 2
    assert all(frame.projection.table is frame.snapshot.table for frame in frames)


def test_the_map_of_a_training_does_not_flip_from_one_moment_to_the_next(table: Table):
    flipped = replace(table, vectors=Vectors(-table.vectors.to_numpy()))
    told: list[Progress] = []
    report = pipeline.with_map(told.append)
    for moment in (table, flipped):
        losses = np.empty(0, np.float32)
        report(Progress(0, 1, "", Snapshot(1, 0, 1, 1, (), losses, moment, Summary(()))))
    before, after = (progress.partial.projection.scores for progress in told)
    assert np.allclose(before, after, atol=1e-5)
    raw = pipeline.project(flipped).scores
    assert not np.allclose(before, raw, atol=1e-5)


def test_a_checkpoint_is_not_written_over_by_the_table_it_holds(tmp_path):
    from safetensors.numpy import save_file

    path = tmp_path / "model.safetensors"
    matrix = np.random.default_rng(0).normal(size=(30, 4)).astype(np.float32)
    save_file({"wte.weight": matrix, "wpe.weight": matrix[:8]}, path)
    before = path.read_bytes()
    with pytest.raises(OutputError, match="came from"):
        pipeline.convert(pipeline.open_table(path), path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["table.npy", "table.csv"])
def test_no_table_is_written_over_its_own_file_of_another_format(tmp_path, name):
    matrix = np.random.default_rng(0).normal(size=(30, 4)).astype(np.float32)
    np.save(tmp_path / "first.npy", matrix)
    path = tmp_path / name
    pipeline.convert(pipeline.open_table(tmp_path / "first.npy"), path)
    with pytest.raises(OutputError, match="came from"):
        pipeline.convert(pipeline.open_table(path), path)


def test_no_table_is_written_over_a_file_of_the_folder_that_it_came_from(tmp_path):
    (tmp_path / "vocab").mkdir()
    for name in ("vocab/vectors", "vocab/key2row.tsv"):
        (tmp_path / name).write_bytes(b"numbers")
    table = replace(pipeline.open_table(), source=Source(tmp_path, "spacy"))
    for name in ("vocab/vectors", "vocab/key2row.tsv"):
        with pytest.raises(OutputError, match="this is a file of"):
            pipeline.save_table(table, tmp_path / name)
        assert (tmp_path / name).read_bytes() == b"numbers"
    for _ in range(2):
        pipeline.save_table(table, tmp_path / "mine.safetensors")


def test_a_file_of_ours_may_be_saved_again(tmp_path):
    path = tmp_path / "mine.safetensors"
    saved = pipeline.save_table(pipeline.open_table(), path)
    again = pipeline.save_table(saved, path)
    assert pipeline.open_table(path).tokens[5] == again.tokens[5]
