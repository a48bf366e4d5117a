"""What people type, and what they should not: words, markup, marks of direction, far too much."""

from __future__ import annotations

import random

from explorer.expressions import quoted
from explorer.table import Table

TEXTS = (
    *("not a bad film", "the", "zzzzqqq", "", "#12", '"good" - "bad"', "Ünïcödé", "1e5 007"),
    "<b>bold</b><img src=file:///etc/passwd>&amp;",
    "\u202eabc\u202c \u200b\u200d\ufeff\u0000\u0007",
    "👩‍👩‍👧‍👦🏳️‍🌈 नमस्ते שלום 中文",
    "a" * 20_000,
    "the " * 5_000,
    "%s %n {0} {{x}} \\x00 '; DROP TABLE--",
)
SEARCHES = ("a", "the", "film", "(", "ing", "é", ".*", "\\", "<b>", "zzzzqq", "")
PATTERNS = (
    *("^un.*ly$", "(a", "[z-a]", "(?i)THE", r"\d+", "a{1000}{1000}", "(a*)*b", "+", r"(?=a)", "|"),
    *("flim", "exellent", "grate", "\u0000", "a" * 300),
)
WRONG = (
    *(
        "@nothing",
        "#99999999",
        '"good" -',
        '"good" * "bad"',
        "unit(",
        '"good',
        "good good",
        "1 / 0",
    ),
    *("1", '"good" - "good"', "mean()", "((((" * 200, "1e999 * #0", "nan", "é@#"),
)
IDS = (
    *(
        "[[2,3],[1,0],[8,6]]",
        "1 2 3",
        "[]",
        "[[1],[2,3]]",
        "[-1]",
        "[99999999]",
        "[[[0]]]",
        "[1,",
        "x",
    ),
    *("0 0 0 7 7", "[1.5]", "1e3", "[" * 300, " ".join(map(str, range(400)))),
)


def token(chance: random.Random, table: Table | None) -> str:
    """One of the table's."""
    return table.tokens[chance.randrange(len(table))] if table is not None else "good"


def expression(chance: random.Random, table: Table | None) -> str:
    """What a query may be: a token, an expression, something with a selection, something wrong."""
    a, b, c = (quoted(token(chance, table)) for _ in range(3))
    right = (
        *(
            token(chance, table),
            a,
            f"{a} - {b} + {c}",
            f"mean({a}, {b})",
            f"unit({a}) * 2 - {b} / 3",
        ),
        *("@selection", f"@selection - {a}", f"#{chance.randrange(60)}", f"-{a}"),
    )
    return chance.choice(right if chance.random() < 0.7 else (*WRONG, *TEXTS))
