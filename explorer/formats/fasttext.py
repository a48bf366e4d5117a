"""fastText .bin models, unsupervised and not quantised: the word vectors, as fastText prints them.

A model holds a row for each word and rows that character n-grams share; a word's vector is the mean
of its own row and those of its n-grams. The bare rows of the words can be asked for too.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from explorer.formats import Candidate, Format
from explorer.progress import Report, part
from explorer.reading.choosing import pick
from explorer.reading.decoding import Decoder
from explorer.reading.fasttext_model import (
    MAGIC,
    Arguments,
    Words,
    looks_dated,
    read_arguments,
    read_words,
)
from explorer.reading.files import mapped
from explorer.reading.matrices import mapped_matrix
from explorer.reading.memory import ensure_fits
from explorer.reading.subwords import word_vectors
from explorer.table import Column, Note, Source, Table
from explorer.vectors import Vectors

_VECTORS, _ROWS = "vectors", "word rows"


def _recognises(path: Path, head: bytes) -> bool:
    return head.startswith(MAGIC) or looks_dated(head)


def _probe(path: Path) -> list[Candidate]:
    with mapped(path) as held:
        return _candidates(read_arguments(path, held))


def _candidates(args: Arguments) -> list[Candidate]:
    nbytes = 4 * args.rows * args.dim
    reason = "the mean of a word's own row and its n-grams', as fastText prints it"
    whole = Candidate(_VECTORS, args.rows, args.dim, "f32", nbytes, True, 3.0, reason)
    if not args.ngrams:
        return [whole]
    reason = "the words' own rows, without their n-grams"
    bare = Candidate(_ROWS, args.rows, args.dim, "f32", nbytes, True, 1.0, reason)
    return [whole, bare]


def _read(path: Path, tensor: str, *, report: Report) -> Table:
    with mapped(path) as held:
        args = read_arguments(path, held)
        chosen = pick(path, _candidates(args), tensor)
        words = read_words(path, held, args, report=part(report, 0.0, 0.3))
    whole = chosen.name == _VECTORS and args.ngrams
    if whole:
        ensure_fits(path, chosen.nbytes)
    rows = args.rows + args.buckets if whole else args.rows
    vectors = mapped_matrix(path, "f32", words.matrix_at, (rows, args.dim))
    if whole:
        stored = vectors.to_numpy()
        vectors = Vectors(word_vectors(words.words, stored, args, report=part(report, 0.3, 1.0)))
    decoder = Decoder()
    tokens = tuple(map(decoder.text, words.words))
    notes = (*_notes(args, chosen), *decoder.notes())
    source = Source(path, FORMAT.name, chosen.name)
    return Table(tokens, vectors, {"count": _counts(words)}, source, notes)


def _counts(words: Words) -> Column:
    return Column("count", np.array(words.counts, np.int64), "how often the word was met")


def _notes(args: Arguments, chosen: Candidate) -> list[Note]:
    if not args.ngrams:
        return [Note("The output matrix is left out.")]
    if chosen.name == _ROWS:
        text = "These are the words' own rows: fastText adds the rows of their n-grams to them."
        return [Note(text, "warning")]
    text = "Each vector is the mean of the word's row and its n-grams', as fastText prints it. "
    left = f"The {args.buckets:,} rows of n-grams themselves and the output matrix are left out: "
    return [Note(text + left + "a word that is not in the list has no vector here.")]


FORMAT = Format(
    name="fasttext",
    title="fastText model",
    suffixes=(".bin",),
    recognises=_recognises,
    probe=_probe,
    read=_read,
    order=45,
)
