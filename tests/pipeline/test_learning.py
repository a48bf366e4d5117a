"""Training on a corpus."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from explorer import pipeline
from explorer.errors import InputError, ParameterError
from explorer.objectives import Summary
from explorer.progress import Cancelled, Progress
from explorer.table import Table
from explorer.training import Snapshot
from explorer.vectors import Vectors

FAST = {"epochs": 2, "dim": 4, "maxlen": 12, "threads": 1}


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
