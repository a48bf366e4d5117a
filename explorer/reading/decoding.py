"""Bytes to tokens: UTF-8, else cp1252, else the bytes made visible; and how often each was so."""

from __future__ import annotations

from explorer.table import Note

# Characters, or bytes where it is read as such: what is longer is no token but a broken file.
LONGEST_TOKEN = 65_536


class Decoder:
    """Decodes one text after another and remembers the rows that were not UTF-8.

    Real tables hold such tokens: fastText cuts words at a byte limit, and old corpora are cp1252
    (0x97 in gensim's pang_lee_polarity_fasttext.vec loses gensim the whole file).
    """

    def __init__(self) -> None:
        self._row = 0
        self._cp1252: list[int] = []
        self._broken: list[int] = []

    def header(self, raw: bytes) -> str:
        """A header's text, which is no row."""
        return raw.decode(errors="backslashreplace")

    def text(self, raw: bytes) -> str:
        """The next row's text.

        A character whose first two bytes or more are there was cut, and is not two of cp1252.
        """
        row, self._row = self._row, self._row + 1
        try:
            return raw.decode()
        except UnicodeDecodeError as error:
            cut = error.reason == "unexpected end of data" and error.start < len(raw) - 1
        try:
            text = raw.decode("ascii" if cut else "cp1252")
        except UnicodeDecodeError:
            self._broken.append(row)
            return raw.decode(errors="backslashreplace")
        self._cp1252.append(row)
        return text

    def notes(self) -> tuple[Note, ...]:
        """What the load report should say of it."""
        notes = []
        if rows := self._cp1252:
            notes.append(_note(rows, "not UTF-8; decoded as cp1252"))
        if rows := self._broken:
            notes.append(_note(rows, "not valid in UTF-8 or cp1252; shown with \\x escapes"))
        return tuple(notes)


def _note(rows: list[int], what: str) -> Note:
    count = "1 token is" if len(rows) == 1 else f"{len(rows):,} tokens are"
    return Note(f"{count} {what}.", "warning", tuple(rows[:20]), of_names=True)
