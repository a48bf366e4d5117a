"""Labelled reviews: a CSV or TSV file, plain or gzipped, or the folders of aclImdb."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from explorer.corpora import Corpus, Texts
from explorer.corpora._cleaning import clean
from explorer.corpora._delimited import Delimited, decode, open_delimited, read_bytes, rows, sniff
from explorer.corpora._folders import read_folder, training_folder
from explorer.corpora._labels import classes
from explorer.errors import InputError, ParameterError
from explorer.params import Params, param
from explorer.progress import Progress, Report, part, silent
from explorer.table import Note

# In the order of preference: a file may have several of them.
_TEXT_NAMES = (
    "review", "text", "sentence", "comment", "content", "document",
    "review_text", "reviewtext", "phrase", "tweet", "message", "body",
)  # fmt: skip
_LABEL_NAMES = ("sentiment", "label", "class", "polarity", "target", "category", "labels", "y")
_EVERY = 2000


@dataclass(frozen=True)
class ReviewsParams(Params):
    """What to read from a file with many columns; without meaning for a folder."""

    text_column: str = param(
        "", help="Column that holds the texts; empty: recognised by its name (review, text, ...)."
    )
    label_column: str = param(
        "",
        help="Column that holds the labels; empty: recognised by its name (sentiment, label, ...).",
    )


def recognises(path: Path) -> bool:
    """A folder with pos/ and neg/ (or train/ with them), or a text file with a header line."""
    if path.is_dir():
        return training_folder(path) is not None
    try:
        start = read_bytes(path, 4096)
    except InputError:
        return False
    return b"\0" not in start and len(sniff(decode(start)[0])[1]) > 1


def read(path: Path, params: ReviewsParams, report: Report = silent) -> Texts:
    """The labelled texts of a file or folder, cleaned; rows without text or label left out.

    Raises InputError: missing, empty, binary or damaged file; no such column; a row with too few
    or too many fields; one label only.
    """
    if not path.exists():
        raise InputError(path, "there is no such file or folder.", "Check the name.")
    if path.is_dir():
        texts, labels, notes = read_folder(path, part(report, 0, 0.8))
    else:
        file = open_delimited(path)
        texts, labels = _columns(file, params, part(report, 0, 0.8))
        notes = file.notes
    return _texts(path, texts, labels, notes, part(report, 0.8, 1))


def _columns(file: Delimited, params: ReviewsParams, report: Report) -> tuple[list[str], list[str]]:
    text, label = _places(file, params)
    texts, labels = [], []
    for _, fields in rows(file, report):
        texts.append(fields[text])
        labels.append(fields[label])
    return texts, labels


def _places(file: Delimited, params: ReviewsParams) -> tuple[int, int]:
    """Places of the text and the label column in the header."""
    text = _place(file, params.text_column, _TEXT_NAMES)
    label = _place(file, params.label_column, _LABEL_NAMES)
    if len(file.header) == 2:  # where one of two is known, so is the other
        text = 1 - label if text is None and label is not None else text
        label = 1 - text if label is None and text is not None else label
    if text is None or label is None:
        missing, flag = ("text", "--text-column") if text is None else ("label", "--label-column")
        raise InputError(
            file.path,
            f"no column was recognised as the {missing}; {_there(file)}.",
            f"Name the {missing} column ({flag}).",
            place="line 1",
        )
    if text == label:
        raise ParameterError(
            f"Column {file.header[text]!r} cannot be both the text and the label.",
            "Name another text column (--text-column) or label column (--label-column).",
        )
    return text, label


def _place(file: Delimited, wanted: str, known: Sequence[str]) -> int | None:
    """Place of the column that was asked for, else of the best known name; None where none is."""
    if wanted in file.header:
        return file.header.index(wanted)
    names = [name.casefold() for name in file.header]
    for name in [wanted.casefold()] if wanted else known:
        if name in names:
            return names.index(name)
    if wanted:
        raise InputError(
            file.path,
            f"there is no column {wanted!r}; {_there(file)}.",
            "Name one of them.",
            place="line 1",
        )
    return None


def _there(file: Delimited) -> str:
    return "the columns are " + ", ".join(file.header[:20])


def _texts(
    path: Path, texts: list[str], labels: list[str], notes: tuple[Note, ...], report: Report
) -> Texts:
    """Cleaned texts that have a label, with what was left out in the notes."""
    cleaned = []
    for place, text in enumerate(texts):
        if place % _EVERY == 0:
            report(Progress(place, len(texts), "Cleaning reviews"))
        cleaned.append(clean(text))
    unlabelled = sum(not label.strip() for label in labels)
    kept = [i for i, label in enumerate(labels) if cleaned[i] and label.strip()]
    empty = len(texts) - len(kept) - unlabelled
    found, names = _classes(path, [labels[i] for i in kept])
    kept_texts = [cleaned[i] for i in kept]
    notes += tuple(_notes(empty, unlabelled, len(kept) - len(set(kept_texts))))
    return Texts(kept_texts, found, names, path, notes)


def _classes(path: Path, labels: list[str]) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """The class of every label, where there are two at least."""
    if not labels:
        raise InputError(path, "there are no reviews in it.", "Give a file with labelled texts.")
    found, names = classes(labels)
    if found.min() == found.max():
        raise InputError(
            path,
            f"every review is labelled {names[found[0]]!r}.",
            "Two different labels are needed to learn from.",
        )
    return found, names


def _notes(empty: int, unlabelled: int, repeated: int) -> list[Note]:
    told = [
        (empty, "without text left out", "warning"),
        (unlabelled, "without a label left out", "warning"),
        (repeated, "stand in the corpus already; each is kept", "info"),
    ]
    return [
        Note(f"{count:,} {'review' if count == 1 else 'reviews'} {what}.", level)
        for count, what, level in told
        if count
    ]


CORPUS = Corpus(
    name="reviews",
    title="Labelled reviews (CSV, TSV or aclImdb folder)",
    params=ReviewsParams,
    recognises=recognises,
    read=read,
)
