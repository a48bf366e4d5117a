"""tokenizer.json (Hugging Face `tokenizers`), taken in such a way that a bad file is a bad file.

The library is Rust: what it does not expect is a panic, which Python sees as an exception beside
`Exception`, and some panics end the process.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from explorer.errors import InputError

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

_LONGEST_REASON = 200


def parsed_tokenizer(path: Path | str, text: str) -> Tokenizer:
    """The tokenizer of a tokenizer.json, cutting and padding switched off.

    path: what the message names. Raises InputError where the library does not take it.
    """
    from tokenizers import Tokenizer

    with _library(path):
        _check_merges(json.loads(text))
        tokenizer = Tokenizer.from_str(text)
        tokenizer.no_truncation()
        tokenizer.no_padding()
    return tokenizer


def encoded(path: Path | str, tokenizer: Tokenizer, text: str) -> Encoding:
    """The text in pieces, no special ones added. Raises InputError where the library fails."""
    with _library(path):
        return tokenizer.encode(text, add_special_tokens=False)


@contextmanager
def _library(path: Path | str) -> Iterator[None]:
    try:
        yield
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # bare Exceptions, and PanicException
        reason = " ".join(str(error).split())[:_LONGEST_REASON]
        hint = "Look tokens up one by one, or mend tokenizer.json."
        raise InputError(path, f"the tokenizer cannot be read ({reason}).", hint) from error


def _check_merges(fields: Any) -> None:
    """Raises ValueError where the second half of a merge lacks the prefix of continued words.

    The library cuts as many bytes off unseen, and the process ends where that parts a character
    (tokenizers 0.23, models/bpe/model.rs).
    """
    model = fields.get("model") if isinstance(fields, dict) else None
    prefix = model.get("continuing_subword_prefix") if isinstance(model, dict) else None
    if not isinstance(model, dict) or not prefix:
        return
    for merge in model.get("merges") or ():
        halves = merge.split(" ") if isinstance(merge, str) else merge
        if len(halves) == 2 and not halves[1].startswith(prefix):
            raise ValueError(f"the merge {merge!r} lacks the prefix {prefix!r}")
