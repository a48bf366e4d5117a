"""The words and signs of an expression, and names as one writes them there.

token      text in double or single quotes, with \\" \\' \\\\ \\n \\t \\uXXXX, or a bare word
row        "#" digits
selection  "@" and a bare word or a text in double quotes
sign       + - * / ( ) , and for - * / the signs of print as well: − × ÷
"""

from __future__ import annotations

import re
from typing import NamedTuple

from explorer.errors import ParameterError

_LEXEMES = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
      | (?P<token>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | (?P<row>\#[0-9]+)
      | (?P<selection>@(?:\w+|"(?:[^"\\]|\\.)*"))
      | (?P<word>[^\W\d]\w*)
      | (?P<sign>[-+*/(),−×÷])""",
    re.VERBOSE | re.DOTALL,
)
_PRINTED = str.maketrans("−×÷", "-*/")
_PLAIN_NAME = re.compile(r"\w+")
_HINTS = {
    "#": "After it goes the number of a row, such as #12.",
    "@": "After it goes the name of a selection, such as @selection.",
    **dict.fromkeys("“”„«»‘’‚", 'Write straight quotes, such as "good".'),
}
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


class ExpressionError(ParameterError):
    """An expression that cannot be read or worked out.

    position: of the character, from 0. reason: the message without it, for where it is shown.
    """

    def __init__(self, text: str, position: int, message: str, hint: str = "") -> None:
        self.reason = message
        self.position = min(position, len(text))
        super().__init__(f"{message} (character {self.position + 1} of {short(text)})", hint)


class Lexeme(NamedTuple):
    kind: str
    text: str
    position: int


def lexemes(text: str) -> list[Lexeme]:
    """What a text is made of, without the blanks. Raises ExpressionError for what is no lexeme."""
    found, position = [], 0
    while position < len(text):
        match = _LEXEMES.match(text, position)
        if match is None:
            raise _astray(text, position)
        kind = str(match.lastgroup)
        if kind != "space":
            told = match[0].translate(_PRINTED) if kind == "sign" else match[0]
            found.append(Lexeme(kind, told, position))
        position = match.end()
    return found


def _astray(text: str, position: int) -> ExpressionError:
    """Of a character that begins no lexeme."""
    char = text[position]
    quote = char in "\"'"
    message = "This quote is not closed." if quote else f"{char!r} means nothing here."
    return ExpressionError(text, position, message, _HINTS.get(char, "Tokens go between quotes."))


def selection_name(lexeme: Lexeme) -> str:
    """Of a lexeme of that kind, without quotes."""
    name = lexeme.text[1:]
    return unquoted(name) if name.startswith('"') else name


def unquoted(text: str) -> str:
    """The token that a text between quotes stands for."""
    return _ESCAPE.sub(_unescaped, text[1:-1])


def quoted(token: str) -> str:
    """The token as an expression names it: between double quotes, what is not visible escaped."""
    return '"' + "".join(map(_escaped, token)) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    if char.isprintable() or ord(char) > 0xFFFF:
        return char
    named = {character: name for name, character in _ESCAPES.items()}
    return f"\\{named[char]}" if char in named else f"\\u{ord(char):04x}"


def _unescaped(found: re.Match[str]) -> str:
    code = found[1]
    if len(code) == 5:
        return chr(int(code[1:], 16))
    return _ESCAPES.get(code, code)


def short(text: str) -> str:
    """A text in quotes, as far as a message has room for it."""
    return repr(text if len(text) <= 60 else text[:57] + "...")


def selections_in(text: str) -> tuple[str, ...]:
    """Names of the selections that an expression speaks of, in order; each once.

    Raises ExpressionError for what is no lexeme.
    """
    found = (selection_name(one) for one in lexemes(text) if one.kind == "selection")
    return tuple(dict.fromkeys(found))


def selection_text(name: str) -> str:
    """A selection's name as an expression spells it: `@animals`, `@"my words"`."""
    if _PLAIN_NAME.fullmatch(name):
        return f"@{name}"
    return f"@{quoted(name)}"
