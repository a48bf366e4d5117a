"""A fastText word vector: the mean of the word's own row and the rows of its character n-grams.

Bojanowski et al. 2017, "Enriching Word Vectors with Subword Information"; the hash and its ranges
are those of facebookresearch/fastText, src/dictionary.cc (`computeSubwords`, `hash`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from explorer.progress import Progress, Report
from explorer.reading.fasttext_model import Arguments
from explorer.vectors import F32

_U32 = npt.NDArray[np.uint32]
_I64 = npt.NDArray[np.int64]
_BATCH_BYTES = 128 * 2**20
_END_OF_SENTENCE = b"</s>"
_BASIS, _PRIME = np.uint32(2166136261), np.uint32(16777619)  # FNV-1a


def word_vectors(words: Sequence[bytes], rows: F32, args: Arguments, *, report: Report) -> F32:
    """float32 (words, dim) of raw words; rows: the whole input matrix, words first, then buckets.

    A few thousand words at a time beside the result.
    """
    from scipy.sparse import csr_matrix

    wide = np.empty((len(words), args.dim), np.float32)
    for start, stop in _batches(words, args):
        report(Progress(start, len(words), "Adding up the n-grams"))
        some = words[start:stop]
        owner, buckets = ngrams(some, args)
        own = np.arange(len(some))
        of = np.concatenate([own, owner])
        at = np.concatenate([own + start, buckets + len(words)])
        share = (1 / np.bincount(of, minlength=len(some))).astype(np.float32)[of]
        # Only the rows asked for are handed over, and a mapped matrix stays in the file.
        needed, place = np.unique(at, return_inverse=True)
        weights = csr_matrix((share, (of, place)), shape=(len(some), len(needed)))
        with np.errstate(all="ignore"):  # rows that are not finite are told by the table itself
            wide[start:stop] = weights @ rows[needed]
    return wide


def _batches(words: Sequence[bytes], args: Arguments) -> Iterator[tuple[int, int]]:
    """start..stop of words whose n-grams' rows take _BATCH_BYTES at most; one word at least."""
    lengths = 1 + max(0, args.maxn - max(1, args.minn) + 1)
    each = np.array([(len(word) + 2) * lengths * 4 * args.dim for word in words], np.int64)
    ends = np.cumsum(each)
    start = 0
    while start < len(words):
        before = int(ends[start - 1]) if start else 0
        stop = int(np.searchsorted(ends, before + _BATCH_BYTES, side="right"))
        yield start, (stop := max(stop, start + 1))
        start = stop


def ngrams(words: Sequence[bytes], args: Arguments) -> tuple[_I64, _I64]:
    """(place of the word, bucket) of every n-gram of the words, as often as it is there.

    All words are hashed side by side, one more character at each step.
    """
    # Models from before 2017 have n-grams for the end of a sentence, later ones do not.
    bare = None if args.dated else _END_OF_SENTENCE
    framed = [b"" if word == bare else b"<" + word + b">" for word in words]
    raw = np.frombuffer(b"".join(framed), np.uint8)
    stops = np.cumsum([len(word) for word in framed], dtype=np.int64)
    # A character starts at every byte that does not continue one (UTF-8: 10xxxxxx).
    starts = np.flatnonzero((raw & 0xC0) != 0x80).astype(np.int64)
    owner = np.searchsorted(stops, starts, side="right")
    found = list(_grown(raw, starts, owner, stops, args))
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    return np.concatenate([o for o, _ in found]), np.concatenate([b for _, b in found])


def _grown(
    raw: npt.NDArray[np.uint8], starts: _I64, owner: _I64, stops: _I64, args: Arguments
) -> Iterator[tuple[_I64, _I64]]:
    ends = np.append(starts[1:], len(raw))
    first = np.zeros(len(starts), bool)
    first[np.unique(owner, return_index=True)[1]] = True
    hashes = np.full(len(starts), _BASIS)
    begun = np.arange(len(starts))
    for length in range(1, args.maxn + 1):
        last = begun + length - 1
        whole = last < len(starts)
        whole[whole] = owner[last[whole]] == owner[begun[whole]]
        begun, hashes, last = begun[whole], hashes[whole], last[whole]
        if not len(begun):
            return
        hashes = _hashed(hashes, raw, starts[last], ends[last])
        if length < args.minn:
            continue
        # A single `<` or `>` is no n-gram.
        kept = np.ones(len(begun), bool)
        if length == 1:
            kept = ~first[begun] & (ends[last] != stops[owner[begun]])
        yield owner[begun[kept]], (hashes[kept] % np.uint32(args.buckets)).astype(np.int64)


def _hashed(hashes: _U32, raw: npt.NDArray[np.uint8], start: _I64, stop: _I64) -> _U32:
    """The hashes with the bytes start..stop of one more character each."""
    hashes = hashes.copy()
    at = start.copy()
    left = np.flatnonzero(at < stop)
    while len(left):
        # fastText takes a byte as a signed number before it widens it.
        signed = raw[at[left]].view(np.int8).astype(np.int32).view(np.uint32)
        hashes[left] = (hashes[left] ^ signed) * _PRIME
        at[left] += 1
        left = left[at[left] < stop[left]]
    return hashes
