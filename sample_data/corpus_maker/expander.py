"""Reads the grammar files and expands their patterns into text.

A pattern is plain text with ``{name}`` for a bank or rule, ``{name:pl}`` for a changed
form of it, and ``[one|two|]`` for a choice made on the spot (an empty part makes it
optional).  A key such as ``craft-neg-angry`` adds its entries to the rule ``craft``
only while the tags ``neg`` and ``angry`` both hold.  In a file, ``[words]`` are drawn by
rank, the first most often; ``[even]`` words and ``[lines]`` are all as likely.
"""

import re
import tomllib
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random

from corpus_maker import inflect

# Rank r of a word bank is drawn with weight 1 / (r + ZIPF_SHIFT) ** ZIPF_POWER.
ZIPF_SHIFT = 3.0
ZIPF_POWER = 1.0
RETRIES = 6


@dataclass(frozen=True)
class Slot:
    """A reference to a rule, with the name of a change to make to what it gives."""

    name: str
    change: str


@dataclass(frozen=True)
class Choice:
    """Alternatives, one of which is taken at random."""

    options: tuple["Template", ...]


Template = tuple["str | Slot | Choice", ...]


@dataclass(frozen=True)
class Entry:
    """One line or word of a rule, with the tags under which it may be used."""

    number: int
    tags: frozenset[str]
    template: Template
    weight: float


@dataclass(frozen=True)
class Pool:
    """The entries of one rule that the present tags allow."""

    entries: list[Entry]
    cumulative: list[float]


def first_word_changer(change: Callable[[str], str]) -> Callable[[str], str]:
    """A change that touches the verb opening a phrase and leaves the rest alone."""

    def apply(phrase: str) -> str:
        verb, space, rest = phrase.partition(" ")
        return change(verb) + space + rest

    return apply


def their(phrase: str) -> str:
    """The phrase as said of several people."""
    return re.sub(r"\b(?:his|her)\b", "their", phrase)


CHANGES: dict[str, Callable[[str], str]] = {
    "": lambda text: text,
    "pl": inflect.plural,
    "3s": first_word_changer(inflect.third_person),
    "ing": first_word_changer(inflect.ing_form),
    "their": their,
    "cap": inflect.capital,
    "title": inflect.title_case,
    "up": str.upper,
}

_TOKEN = re.compile(r"\{(\w+)(?::(\w+))?\}|[\[\]|]|[^{}\[\]|]+")


@cache
def parse(text: str) -> Template:
    """The template a pattern stands for."""
    tokens = list(_TOKEN.finditer(text))
    if "".join(token[0] for token in tokens) != text:
        raise ValueError(f"cannot read the pattern: {text}")
    template, closer = _parse_sequence(iter(tokens))
    if closer:
        raise ValueError(f"a stray {closer} in the pattern: {text}")
    return template


def _parse_sequence(tokens: Iterator[re.Match[str]]) -> tuple[Template, str]:
    """Nodes up to a bar, a closing bracket or the end, and which of these it was."""
    nodes: list[str | Slot | Choice] = []
    for token in tokens:
        if token[1]:
            if (token[2] or "") not in CHANGES:
                raise ValueError(f"no such change: {token[0]}")
            nodes.append(Slot(token[1], token[2] or ""))
        elif token[0] == "[":
            nodes.append(_parse_choice(tokens))
        elif token[0] in "]|":
            return tuple(nodes), token[0]
        else:
            nodes.append(token[0])
    return tuple(nodes), ""


def _parse_choice(tokens: Iterator[re.Match[str]]) -> Choice:
    options, closer = [], "|"
    while closer == "|":
        option, closer = _parse_sequence(tokens)
        options.append(option)
    if closer != "]":
        raise ValueError("a choice is left open")
    return Choice(tuple(options))


class Grammar:
    """All rules, looked up by name and tags."""

    def __init__(self, folder: Path) -> None:
        self.rules: dict[str, list[Entry]] = {}
        self._tags_of_rule: dict[str, frozenset[str]] = {}
        self._pools: dict[tuple[str, frozenset[str]], Pool] = {}
        self._count = 0
        for path in sorted(folder.rglob("*.toml")):
            # A file in a sub-folder speaks of one genre or craft: its name is a tag.
            own_tags = frozenset([path.stem] if path.parent != folder else [])
            self._read(tomllib.loads(path.read_text(encoding="utf-8")), own_tags)
        for name, entries in self.rules.items():
            self._tags_of_rule[name] = frozenset(tag for entry in entries for tag in entry.tags)

    def _read(self, content: dict[str, dict[str, str]], own_tags: frozenset[str]) -> None:
        for table, zipf in (("words", True), ("even", False)):
            for key, text in content.get(table, {}).items():
                words = [word.strip() for word in text.replace("\n", " ").split(",")]
                self._add(key, own_tags, [word for word in words if word], zipf)
        for key, text in content.get("lines", {}).items():
            lines = [line.strip() for line in text.splitlines()]
            self._add(key, own_tags, [line for line in lines if line], False)

    def _add(self, key: str, own_tags: frozenset[str], texts: list[str], zipf: bool) -> None:
        name, *tags = key.split("-")
        rule = self.rules.setdefault(name, [])
        for rank, text in enumerate(texts, start=1):
            weight = (rank + ZIPF_SHIFT) ** -ZIPF_POWER if zipf else 1.0
            rule.append(Entry(self._count, own_tags.union(tags), parse(text), weight))
            self._count += 1

    def pool(self, name: str, tags: frozenset[str]) -> Pool:
        """The entries of a rule whose tags all hold."""
        if name not in self.rules:
            raise KeyError(f"no rule is called {name}")
        key = (name, tags & self._tags_of_rule[name])
        if key not in self._pools:
            entries = [entry for entry in self.rules[name] if entry.tags <= tags]
            if not entries:
                raise KeyError(f"rule {name} has nothing for {sorted(tags)}")
            self._pools[key] = Pool(entries, list(accumulate(entry.weight for entry in entries)))
        return self._pools[key]

    def slots(self) -> Iterator[str]:
        """Every name that some pattern refers to."""
        for entries in self.rules.values():
            for entry in entries:
                yield from _slot_names(entry.template)


def _slot_names(template: Template) -> Iterator[str]:
    for node in template:
        if isinstance(node, Slot):
            yield node.name
        elif isinstance(node, Choice):
            for option in node.options:
                yield from _slot_names(option)


@dataclass
class Writer:
    """Expands rules for one review, remembering what the review has already used."""

    grammar: Grammar
    rng: Random
    tags: frozenset[str]
    # A fact with two forms gives the first once ("Inge Marovec"), then the second ("Marovec").
    facts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    mentioned: set[str] = field(default_factory=set)
    # The few entries of a rule that this review's film is limited to.
    inventory: dict[str, list[Entry]] = field(default_factory=dict)
    recent: deque[int] = field(default_factory=lambda: deque(maxlen=8))

    def rule(self, name: str, *extra_tags: str) -> str:
        """A random expansion of a rule, entries not yet used in this review first."""
        held = self.tags
        self.tags = held.union(extra_tags)
        try:
            return self._template(self._pick(name).template)
        finally:
            self.tags = held

    def _pick(self, name: str) -> Entry:
        if name in self.inventory:
            return self._pick_from_film(self.inventory[name])
        pool = self.grammar.pool(name, self.tags)
        for _ in range(RETRIES):
            [entry] = self.rng.choices(pool.entries, cum_weights=pool.cumulative)
            if entry.number not in self.used:
                break
        self.used.add(entry.number)
        return entry

    def _pick_from_film(self, entries: list[Entry]) -> Entry:
        """One of the film's own entries, not one of the last few drawn."""
        rested = [entry for entry in entries if entry.number not in self.recent]
        entry = self.rng.choice(rested or entries)
        self.recent.append(entry.number)
        return entry

    def _template(self, template: Template) -> str:
        return "".join(self._node(node) for node in template)

    def _node(self, node: str | Slot | Choice) -> str:
        if isinstance(node, str):
            return node
        if isinstance(node, Choice):
            return self._template(self.rng.choice(node.options))
        text = self._fact(node.name) if node.name in self.facts else self.rule(node.name)
        return CHANGES[node.change](text)

    def _fact(self, name: str) -> str:
        forms = self.facts[name]
        form = forms[-1] if name in self.mentioned else forms[0]
        self.mentioned.add(name)
        return form
