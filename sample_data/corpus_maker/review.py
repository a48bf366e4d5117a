"""Plans one review and writes it sentence by sentence."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from math import exp
from pathlib import Path
from random import Random
from typing import Any

from corpus_maker import dirt, inflect
from corpus_maker.expander import Grammar, Writer
from corpus_maker.film import invent_film

MIN_WORDS, MAX_WORDS = 20, 200
LENGTH_SPREAD = 0.46
VERDICT_WORDS = 18
# The chance that a judging sentence speaks against the verdict, per grade of the review.
FLIP_RATES = {"mild": 0.42, "solid": 0.30, "strong": 0.14}
GRADES = ("mild", "solid", "strong")
SCORE_RATE = 0.2
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
EXTRA_SECTIONS = ("craft", "aside", "scene", "feel", "craft", "cast", "compare", "audience", "note")


def words_of(text: str) -> list[str]:
    """The lower-cased words of a review, line breaks aside."""
    return WORD.findall(text.replace("<br />", " ").lower())


@dataclass
class Echoes:
    """Counts what earlier reviews said, so that no phrase is heard too often."""

    max_reviews: int
    run: int = 8
    runs: Counter[tuple[str, ...]] = field(default_factory=Counter)
    sentences: Counter[str] = field(default_factory=Counter)

    def _runs(self, text: str) -> list[tuple[str, ...]]:
        words = words_of(text)
        return [tuple(words[i : i + self.run]) for i in range(len(words) - self.run + 1)]

    def allows(self, sentence: str) -> bool:
        """Whether the sentence may be used once more."""
        return self.sentences[sentence] < self.max_reviews // 2 and all(
            self.runs[run] < self.max_reviews for run in self._runs(sentence)
        )

    def remember(self, sentences: list[str]) -> None:
        """Count the sentences of a finished review."""
        self.sentences.update(dict.fromkeys(sentences, 1))
        found = [run for sentence in sentences for run in self._runs(sentence)]
        self.runs.update(dict.fromkeys(found, 1))


@dataclass(frozen=True)
class Voice:
    """One kind of reviewer."""

    name: str
    share: int
    median_words: int
    grades: dict[str, int]
    flip: float
    manners: dirt.Manners


class Reviewers:
    """The kinds of reviewers and the orders in which they arrange a review."""

    def __init__(self, path: Path, grammar: Grammar) -> None:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        self.voices = [_voice(name, entry) for name, entry in content["voices"].items()]
        self.plans = {
            name: [line.split() for line in text.strip().splitlines()]
            for name, text in content["plans"].items()
        }
        skipped = {genre: names.split() for genre, names in content["skip_crafts"].items()}
        folder = path.parent
        self.genres = sorted(file.stem for file in (folder / "genres").glob("*.toml"))
        crafts = sorted(file.stem for file in (folder / "crafts").glob("*.toml"))
        self.crafts = {
            genre: [craft for craft in crafts if craft not in skipped.get(genre, [])]
            for genre in self.genres
        }
        self.grammar = grammar

    def plan(self, rng: Random, voice: str) -> list[str]:
        """Names of sections, in order."""
        own = self.plans.get(voice, [])
        use_own = own and (voice == "brief" or rng.random() < 0.5)
        return list(rng.choice(own if use_own else self.plans["any"]))


def _voice(name: str, entry: dict[str, Any]) -> Voice:
    manner_names = ("exclaim", "ellipsis", "shout", "typo", "contract")
    manners = dirt.Manners(**{key: entry[key] for key in manner_names})
    rest = {key: entry[key] for key in ("share", "median_words", "grades", "flip")}
    return Voice(name=name, manners=manners, **rest)


def tidy(text: str) -> str:
    """A sentence with its capitals, articles, spaces and full stop in order."""
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r" ([,.;:?!])", r"\1", text)
    text = inflect.fix_articles(text)
    if not text.endswith((".", "!", "?", ".)", '."', '!"', '?"', "?)", "!)")):
        text += "."
    text = re.sub(r"(?<=[A-Za-z0-9)\"'*_][.!?] )[a-z]", lambda first: first[0].upper(), text)
    return inflect.capital(text)


class ReviewWriter:
    """Writes one review; the label is "pos" or "neg"."""

    def __init__(self, reviewers: Reviewers, echoes: Echoes, rng: Random, label: str) -> None:
        self.echoes, self.rng, self.label = echoes, rng, label
        shares = [voice.share for voice in reviewers.voices]
        [self.voice] = rng.choices(reviewers.voices, weights=shares)
        grades = self.voice.grades
        [self.grade] = rng.choices(list(grades), weights=list(grades.values()))
        genre = rng.choice(reviewers.genres)
        self.crafts = rng.sample(reviewers.crafts[genre], len(reviewers.crafts[genre]))
        staged = {"documentary": "real", "animation": "drawn"}.get(genre, "staged")
        tags = frozenset([self.voice.name, genre, staged])
        self.writer = Writer(reviewers.grammar, rng, tags)
        self.plan = reviewers.plan(rng, self.voice.name)
        self.conceding = False
        invent_film(self.writer, label, self.grade)

    def write(self) -> tuple[list[str], str]:
        """The sentences as first written, and the review as typed."""
        target = self.voice.median_words * exp(self.rng.gauss(0, LENGTH_SPREAD))
        paragraphs = [self._opening()]
        self._body(paragraphs, min(max(target, MIN_WORDS + 4), MAX_WORDS - 22) - VERDICT_WORDS)
        paragraphs.append(self._verdict())
        sentences = [sentence for paragraph in paragraphs for sentence in paragraph]
        typed = [
            [dirt.exclaim(self.rng, self.voice.manners, sentence) for sentence in paragraph]
            for paragraph in paragraphs
        ]
        return sentences, dirt.dirty(self.rng, self.voice.manners, dirt.join(self.rng, typed))

    def _body(self, paragraphs: list[list[str]], room: float) -> None:
        extras = self.rng.sample(EXTRA_SECTIONS, len(EXTRA_SECTIONS))
        count = len(words_of(" ".join(paragraphs[0])))
        for section in self.plan + extras:
            if count >= room - 7:
                return
            sentences = getattr(self, f"_{section}")()
            while len(sentences) > 1 and count + len(words_of(" ".join(sentences))) > room + 12:
                sentences.pop()
            paragraphs.append(sentences)
            count += len(words_of(" ".join(sentences)))

    def _fresh(self, make: Callable[[], str]) -> str:
        """A sentence that has not been heard too often; the last try is kept as it is."""
        writer = self.writer
        for _ in range(14):
            used, mentioned, conceding = set(writer.used), set(writer.mentioned), self.conceding
            sentence = tidy(make())
            if self.echoes.allows(sentence):
                break
            writer.used, writer.mentioned, self.conceding = used, mentioned, conceding
        return sentence

    def _say(self, rule: str, *tags: str) -> str:
        return self._fresh(lambda: self.writer.rule(rule, *tags))

    def _near_grade(self) -> str:
        place = GRADES.index(self.grade) + self.rng.choice((0, 0, 0, 0, -1, 1))
        return GRADES[min(max(place, 0), len(GRADES) - 1)]

    def _judge(self, rule: str, *tags: str, may_flip: bool = True) -> str:
        return self._fresh(lambda: self._judgement(rule, tags, may_flip))

    def _judgement(self, rule: str, tags: tuple[str, ...], may_flip: bool) -> str:
        """A sentence for or, at times, against the film, with a word to mark the turn."""
        rate = FLIP_RATES[self.grade] * self.voice.flip
        if may_flip and self.rng.random() < rate:
            lead = "" if self.conceding else self.writer.rule("concede")
            self.conceding = True
            other = "neg" if self.label == "pos" else "pos"
            grade = self.rng.choice(("mild", "solid"))
            return f"{lead} {self.writer.rule(rule, *tags, other, grade)}"
        lead = self.writer.rule("resume") if self.conceding and self.rng.random() < 0.85 else ""
        main = () if lead else ("main",)
        self.conceding = False
        text = self.writer.rule(rule, *tags, *main, self.label, self._near_grade())
        return f"{lead} {text}"

    def _opening(self) -> list[str]:
        return [self._judge("opening", may_flip=False)]

    def _plot(self) -> list[str]:
        more = self.rng.choice((0, 0, 1, 1, 2))
        return [self._say("plot"), *[self._say("plot_more") for _ in range(more)]]

    def _cast(self) -> list[str]:
        if "real" in self.writer.tags:
            return self._note()
        return [self._judge("cast") for _ in range(self.rng.choice((1, 1, 2)))]

    def _craft(self) -> list[str]:
        craft = self.crafts.pop() if self.crafts else "script"
        return [self._judge("craft", craft) for _ in range(self.rng.choice((1, 1, 1, 2)))]

    def _scene(self) -> list[str]:
        sentences = [self._say("scene")]
        if self.rng.random() < 0.6:
            sentences.append(self._judge("scene_react", may_flip=False))
        return sentences

    def _note(self) -> list[str]:
        return [self._judge("note", may_flip=False)]

    def _concession(self) -> list[str]:
        other = "neg" if self.label == "pos" else "pos"
        lead = "" if self.conceding or self.rng.random() < 0.4 else "concede"

        def make() -> str:
            opener = self.writer.rule(lead) + " " if lead else ""
            return opener + self.writer.rule("concede_whole", other, "mild")

        sentence = self._fresh(make)
        self.conceding = True
        return [sentence]

    def _feel(self) -> list[str]:
        return [self._judge("feel", may_flip=False)]

    def _compare(self) -> list[str]:
        return [self._judge("compare", may_flip=False)]

    def _audience(self) -> list[str]:
        return [self._judge("audience", may_flip=False)]

    def _aside(self) -> list[str]:
        return [self._say("aside")]

    def _verdict(self) -> list[str]:
        sentences = [self._judge("verdict", may_flip=False)]
        if self.rng.random() < SCORE_RATE:
            sentences.append(self._judge("score", may_flip=False))
        return sentences
