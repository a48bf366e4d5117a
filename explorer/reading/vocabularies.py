"""The tokens of a Hugging Face model folder, from the first of its vocabulary files that is there.

tokenizer.json; vocab.json (with merges.txt); vocab.txt; tokenizer.model (SentencePiece, which
needs an optional library). Tokens stay as the file has them: byte-level marks, `##`, `▁`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from explorer.errors import InputError
from explorer.progress import Report
from explorer.reading.child import Result, in_child
from explorer.reading.decoding import Decoder
from explorer.reading.files import LARGEST_JSON, file_size, parsed_json, readable, small_text
from explorer.reading.naming import (
    Names,
    names_of_tokenizer,
    not_used,
    numbers_only,
    tokens_from,
)
from explorer.table import Note, numbered_tokens
from explorer.tokenizer_json import parsed_tokenizer
from explorer.tokens import WORD_STARTS

_FILES = ("tokenizer.json", "vocab.json", "vocab.txt", "tokenizer.model")
_UNKNOWN = "[UNK]"


def has_vocabulary(folder: Path) -> bool:
    """Whether the folder has a file that may name the rows; nothing is read."""
    return any((folder / name).is_file() for name in _FILES)


def vocabulary_names(folder: Path, rows: int, *, report: Report) -> Names:
    """A token for each of the `rows` rows; `<row N>` where the vocabulary has none.

    What could not be used is told in a note, never raised: the table opens without names.
    """
    readers: dict[str, Callable[[Path], Names]] = {
        "tokenizer.json": lambda path: names_of_tokenizer(path, rows),
        "vocab.json": lambda path: _of_ids(path, rows),
        "vocab.txt": lambda path: _of_lines(path, rows),
        "tokenizer.model": lambda path: _of_pieces(path, rows, report),
    }
    passed: list[Note] = []
    for name in _FILES:
        if not (folder / name).is_file():
            continue
        try:
            names = readers[name](folder / name)
        except InputError as error:
            passed.append(not_used(str(error)))
            continue
        return replace(names, notes=(*passed, *names.notes))
    return numbers_only(rows, passed)


def _named(path: Path, vocabulary: Mapping[int, str], rows: int, tokenizer: str = "") -> Names:
    """Names from token by id, with notes on what is beyond the one or the other."""
    if not vocabulary:
        raise InputError(path, "holds no token.")
    tokens = list(numbered_tokens(rows))
    for row, token in vocabulary.items():
        if 0 <= row < rows:
            tokens[row] = token
    notes = [tokens_from(path.name)]
    beyond = sum(not 0 <= row < rows for row in vocabulary)
    if beyond:
        text = f"{beyond:,} tokens of {path.name} have no row in the table."
        notes.append(Note(text, "warning", of_names=True))
    nameless = tuple(row for row in range(rows) if row not in vocabulary)
    if nameless:
        text = f"{len(nameless):,} rows have no token in {path.name}: named by number."
        notes.append(Note(text, "info", nameless[:20], of_names=True))
    return Names(tuple(tokens), {}, tuple(notes), tokenizer)


# vocab.json and merges.txt


def _of_ids(path: Path, rows: int) -> Names:
    ids = _ids(path)
    added = path.with_name("added_tokens.json")
    if added.is_file():
        ids |= _ids(added)
    tokenizer = _byte_level(path.with_name("merges.txt"), ids)
    return _named(path, {row: token for token, row in ids.items()}, rows, tokenizer)


def _ids(path: Path) -> dict[str, int]:
    ids = parsed_json(path, small_text(path))
    if not isinstance(ids, dict) or not all(type(row) is int for row in ids.values()):
        raise InputError(path, "is not a mapping from tokens to numbers.")
    return ids


def _byte_level(merges: Path, ids: Mapping[str, int]) -> str:
    """tokenizer.json of GPT-2's kind; "" where the marks of another kind, or no merges, are there.

    Written as JSON and not through tokenizers.models.BPE, which takes long to hand over.
    """
    if not merges.is_file() or not any(
        token.startswith(WORD_STARTS["byte-level"]) for token in ids
    ):
        return ""
    lines = small_text(merges).split("\n")
    pairs = [line.rstrip("\r") for line in lines if line and not line.startswith("#version")]
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True}
    return _checked(
        {
            "version": "1.0", "added_tokens": [], "normalizer": None,
            "pre_tokenizer": level, "post_processor": None, "decoder": level,
            "model": {"type": "BPE", "vocab": ids, "merges": [p for p in pairs if " " in p]},
        }
    )  # fmt: skip


def _checked(fields: dict[str, Any]) -> str:
    """The tokenizer as text; "" where the library does not take it."""
    text = json.dumps(fields, ensure_ascii=False)
    try:
        parsed_tokenizer("tokenizer", text)
    except InputError:
        return ""
    return text


# vocab.txt


def _of_lines(path: Path, rows: int) -> Names:
    """One token a line. Lines end at LF only: a token may be U+2028, where splitlines() splits."""
    if (size := file_size(path)) > LARGEST_JSON:
        raise InputError(path, f"is {size:,} bytes, too large for a list of tokens.")
    with readable(path):
        raw = path.read_bytes()
    lines = raw.removesuffix(b"\n").split(b"\n") if raw else []
    decoder = Decoder()
    tokens = [decoder.text(line.removesuffix(b"\r")) for line in lines]
    tokenizer = _word_piece(path, tokens)
    names = _named(path, dict(enumerate(tokens)), rows, tokenizer)
    return replace(names, notes=(*names.notes, *decoder.notes()))


def _word_piece(path: Path, tokens: list[str]) -> str:
    """tokenizer.json of BERT's kind, lower-casing as the folder says; "" for other vocabularies."""
    ids = {token: row for row, token in enumerate(tokens)}
    if _UNKNOWN not in ids or len(ids) < len(tokens):
        return ""
    lower = _lower_cases(path.with_name("tokenizer_config.json"))
    normaliser = {
        "type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
        "strip_accents": None, "lowercase": lower,
    }  # fmt: skip
    model = {
        "type": "WordPiece", "unk_token": _UNKNOWN, "continuing_subword_prefix": "##",
        "max_input_chars_per_word": 100, "vocab": ids,
    }  # fmt: skip
    return _checked(
        {
            "version": "1.0", "added_tokens": [], "normalizer": normaliser,
            "pre_tokenizer": {"type": "BertPreTokenizer"}, "post_processor": None,
            "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True}, "model": model,
        }
    )  # fmt: skip


def _lower_cases(config: Path) -> bool:
    try:
        fields = parsed_json(config, small_text(config))
    except InputError:
        return True
    return fields.get("do_lower_case", True) is not False if isinstance(fields, dict) else True


# tokenizer.model


def _of_pieces(path: Path, rows: int, report: Report) -> Names:
    found = in_child(sentence_pieces, path, report=report)
    text = "A typed text is parted at blanks: SentencePiece's own parting is not followed."
    names = _named(path, dict(enumerate(found.facts["pieces"])), rows)
    return replace(names, notes=(*names.notes, Note(text, of_names=True)))


def sentence_pieces(path: Path) -> Result:
    """The pieces of a SentencePiece model, in the order of their ids. Runs in the child."""
    try:
        import sentencepiece
    except ImportError as error:
        hint = 'Install it: pip install "embedding-explorer[more]".'
        raise InputError(path, "needs the library sentencepiece.", hint) from error
    processor = sentencepiece.SentencePieceProcessor()
    try:
        processor.LoadFromSerializedProto(path.read_bytes())
    except Exception as error:  # the library raises several kinds
        raise InputError(path, "is not a SentencePiece model that can be read.") from error
    pieces = [processor.IdToPiece(row) for row in range(processor.GetPieceSize())]
    return Result(facts={"pieces": pieces})
