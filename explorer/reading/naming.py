"""Where the rows of a bare matrix get their names: a tokenizer or a label file beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from explorer.errors import InputError
from explorer.reading.files import small_text
from explorer.reading.labels import labels_for
from explorer.table import Column, Note, Source, Table, numbered_tokens
from explorer.tokenizer_json import parsed_tokenizer
from explorer.vectors import Vectors

# `{stem}` is the matrix file's name without its suffix. What is named after the file comes first,
# and is worth a warning when it does not fit; a folder's common names are taken only if they fit.
_OWN_LABELS = (
    "{stem}.tokens.txt", "{stem}.tokens.tsv", "{stem}.vocab.txt", "{stem}.metadata.tsv",
    "{stem}_tokens.txt", "{stem}_labels.tsv", "{stem}_metadata.tsv", "{stem}.tsv", "{stem}.txt",
)  # fmt: skip
_COMMON_LABELS = ("vocab.txt", "tokens.txt", "labels.tsv", "metadata.tsv", "labels.txt")


@dataclass(frozen=True, eq=False)
class Names:
    """Names for the rows of a matrix, and what the load report says of them.

    tokenizer: the text of the tokenizer.json that named them, or "". named: False where the rows
    are only numbered.
    """

    tokens: Sequence[str]
    columns: dict[str, Column] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    tokenizer: str = ""
    named: bool = True

    def table(self, vectors: Vectors, source: Source) -> Table:
        """The table of these names and vectors, (rows, dim) with one row a name."""
        return Table(
            tokens=self.tokens,
            vectors=vectors,
            columns=self.columns,
            source=source,
            report=self.notes,
            tokenizer=self.tokenizer,
            named=self.named,
        )


def tokens_from(source: str) -> Note:
    """The note on where the tokens come from."""
    return Note(f"Tokens are from {source}.", of_names=True)


def nameless(why: str = "No tokens were found") -> Note:
    """The note on rows that are only numbered."""
    return Note(f"{why}: the rows are named by their numbers.", of_names=True)


def not_used(why: str, level: str = "warning") -> Note:
    """The note on what might have named the rows and was passed over."""
    return Note(f"Not used for tokens: {why}", level, of_names=True)


def numbers_only(rows: int, passed: Sequence[Note] = ()) -> Names:
    """The numbers of the rows as their names. passed: notes on what could not be used."""
    return Names(numbered_tokens(rows), {}, (*passed, nameless()), named=False)


def tokenizer_beside(path: Path) -> Path:
    """Where the tokenizer of a table file stands: `<stem>.tokenizer.json` in the same folder."""
    return path.with_name(f"{path.stem}.tokenizer.json")


def has_names(path: Path) -> bool:
    """Whether something beside `path` may name its rows; nothing is read."""
    return next(_beside(path), None) is not None


def name_rows(path: Path, rows: int) -> Names:
    """Names for the `rows` rows of the matrix in `path`, from the first file beside it that fits.

    The order: its own tokenizer, its own label file, the folder's tokenizer.json, the folder's
    label file. Whatever is used, and whatever is passed over, is named in a note.
    """
    passed: list[Note] = []
    for companion in _beside(path):
        try:
            if companion.name.endswith("tokenizer.json"):
                names = names_of_tokenizer(companion, rows)
            else:
                names = _names_of_labels(companion, path, rows)
        except InputError as error:
            level = "warning" if companion.name.startswith(path.stem) else "info"
            passed.append(not_used(error.message, level))
            continue
        return replace(names, notes=(*passed, *names.notes))
    return numbers_only(rows, passed)


def names_of_tokenizer(companion: Path, rows: int) -> Names:
    """Token of each id below `rows`; ids without one are named `<row N>`.

    Raises InputError where the file is no tokenizer, or its size is far from the table's.
    """
    text = small_text(companion)
    vocabulary = _vocabulary(companion, text)
    size = max(vocabulary.values(), default=-1) + 1
    if not _plausible(rows, size):
        raise InputError(companion, f"has {size:,} tokens and the table {rows:,} rows.")
    names = list(numbered_tokens(rows))
    for token, row in vocabulary.items():
        if 0 <= row < rows:
            names[row] = token
    notes = (tokens_from(companion.name), *_length_notes(rows, size))
    return Names(tuple(names), {}, notes, text)


def _plausible(rows: int, size: int) -> bool:
    """Tables are padded to a round number (50,257 to 50,304); a tokenizer may know a few more."""
    return size > 0 and abs(rows - size) <= max(8, rows // 10)


def _vocabulary(companion: Path, text: str) -> dict[str, int]:
    vocabulary: dict[str, int] = parsed_tokenizer(companion, text).get_vocab(with_added_tokens=True)
    return vocabulary


def _length_notes(rows: int, size: int) -> Iterator[Note]:
    if rows > size:
        extra = tuple(range(size, rows))
        text = f"{rows - size:,} rows lie beyond the tokenizer's {size:,} tokens: named by number."
        yield Note(text, "info", extra[:20], of_names=True)
    if size > rows:
        text = f"{size - rows:,} tokens of the tokenizer have no row in the table."
        yield Note(text, "warning", of_names=True)


def _names_of_labels(companion: Path, path: Path, rows: int) -> Names:
    labels = labels_for(companion, path, rows)
    return Names(labels.tokens, labels.columns, (tokens_from(companion.name), *labels.notes))


def _beside(path: Path) -> Iterator[Path]:
    folder = path.parent
    yield from _files([tokenizer_beside(path)])
    yield from _files([folder / name.format(stem=path.stem) for name in _OWN_LABELS], path)
    yield from _files([folder / "tokenizer.json"])
    yield from _files([folder / name for name in _COMMON_LABELS], path)


def _files(paths: list[Path], other_than: Path | None = None) -> Iterator[Path]:
    return (path for path in paths if path != other_than and path.is_file())
