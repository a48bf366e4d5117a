"""What keyboards and web forms do to a clean text: breaks, capitals, slips and odd characters."""

import re
from dataclasses import dataclass
from random import Random

BREAK = "<br /><br />"
BREAK_RATE = 0.43
AMERICAN_RATE = 0.45
CURLY_RATE = 0.12
ENTITY_RATE = 0.03
C1_RATE = 0.006
LOWER_CASE_RATE = 0.015
SPOILER_RATE = 0.014
DOUBLE_SPACE_RATE = 0.07

AMERICAN = {
    "colour": "color", "colours": "colors", "humour": "humor", "grey": "gray",
    "theatre": "theater", "neighbour": "neighbor", "neighbours": "neighbors",
    "harbour": "harbor", "centre": "center", "mum": "mom", "skilfully": "skillfully",
    "masterly": "masterful", "armoured": "armored", "jewellery": "jewelry",
    "moustache": "mustache", "woollen": "woolen", "cosy": "cozy", "marvellous": "marvelous",
    "colourful": "colorful", "humourless": "humorless", "honour": "honor",
    "honours": "honors", "advert": "commercial", "rumour": "rumor", "traveller": "traveler",
    "doughnut": "donut", "doughnuts": "donuts", "lorry": "truck", "programme": "program",
    "spanner": "wrench", "crisps": "chips", "apologise": "apologize", "recognised": "recognized",
    "pyjama": "pajama", "whisky": "whiskey", "anticlimactic": "anti-climactic",
}  # fmt: skip

CONTRACTIONS = (
    (re.compile(r"(?i)\b(it|that|what|there|who|he|she) is (?=[a-z])"), r"\1's "),
    (re.compile(r"(?i)\b(is|do|does|did|was|would|could|should|has|are) not\b"), r"\1n't"),
    (re.compile(r"\b([Cc])an ?not\b"), r"\1an't"),
    (re.compile(r"\b([Ww])ill not\b"), r"\1on't"),
    (re.compile(r"\bI am (?=[a-z])"), "I'm "),
    (re.compile(r"\bI have (?=(?:seen|been|sat|run|thought|heard|never|had)\b)"), "I've "),
    (re.compile(r"\b(I|[Yy]ou|[Ii]t|[Tt]hey) will (?!not\b)"), r"\1'll "),
    (re.compile(r"\bI would (?!not\b)"), "I'd "),
)  # fmt: skip

MISSPELLINGS = {
    "definitely": "definately", "received": "recieved", "weird": "wierd",
    "ridiculous": "rediculous", "believe": "beleive", "beginning": "begining",
    "embarrassing": "embarassing", "different": "diffrent", "really": "realy",
    "until": "untill", "too": "to", "their": "thier", "friend": "freind", "which": "wich",
    "because": "becuase", "terrible": "terrable", "dialogue": "dialouge",
    "genuinely": "genuinly", "scene": "sceen", "performance": "preformance",
    "character": "charactor", "it's": "its", "don't": "dont", "didn't": "didnt",
    "wouldn't": "wouldnt", "can't": "cant",
}  # fmt: skip

SPOILERS = (
    "SPOILERS AHEAD!",
    "*** SPOILERS ***",
    "(May contain spoilers.)",
    "Warning: mild spoilers.",
)
DASHES = (" -- ", " - ", " — ", "—", " – ", "--")


@dataclass(frozen=True)
class Manners:
    """How one kind of reviewer types; each number is a rate between 0 and 1."""

    exclaim: float
    ellipsis: float
    shout: float
    typo: float
    contract: float


def exclaim(rng: Random, manners: Manners, sentence: str) -> str:
    """The sentence, at times ending in one or more exclamation marks."""
    if sentence.endswith(".") and not sentence.endswith("..") and rng.random() < manners.exclaim:
        return sentence[:-1] + rng.choice(("!", "!", "!", "!", "!", "!!", "!!!"))
    return sentence


def join(rng: Random, paragraphs: list[list[str]]) -> str:
    """All sentences in one text, with line breaks as a web form stores them in some reviews."""
    texts = [" ".join(sentences) for sentences in paragraphs if sentences]
    breaks = rng.random() < BREAK_RATE
    must_break = rng.randrange(1, max(2, len(texts)))
    result = texts[0]
    for number, text in enumerate(texts[1:], start=1):
        wants_break = breaks and (number == must_break or rng.random() < 0.3)
        result += (BREAK if wants_break else " ") + text
    return result


def dirty(rng: Random, manners: Manners, text: str) -> str:
    """The text as this reviewer would have typed and stored it."""
    if rng.random() < manners.contract:
        for pattern, short in CONTRACTIONS:
            text = pattern.sub(short, text)
    if rng.random() < AMERICAN_RATE:
        text = re.sub(r"[a-z]+", lambda word: AMERICAN.get(word[0], word[0]), text)
    text = _dash(rng, text)
    if rng.random() < manners.ellipsis:
        text = _replace_one(rng, text, r"(?<=[a-z])\. |, (?=and|but)", "... ")
    if rng.random() < manners.shout:
        text = _shout(rng, text)
    if rng.random() < manners.typo:
        text = _slip(rng, text)
    return _characters(rng, _habits(rng, text))


def _replace_one(rng: Random, text: str, pattern: str, new: str) -> str:
    places = list(re.finditer(pattern, text))
    if not places:
        return text
    place = rng.choice(places)
    return text[: place.start()] + new + text[place.end() :]


def _dash(rng: Random, text: str) -> str:
    if rng.random() < 0.35:
        text = text.replace("; ", rng.choice(DASHES), 1)
    if rng.random() < 0.15:
        text = _replace_one(rng, text, r", (?=and|but|with|the kind)", rng.choice(DASHES))
    return text


def _shout(rng: Random, text: str) -> str:
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        words = list(re.finditer(r"(?<= )[a-z]{4,12}\b", text))
        if words:
            word = rng.choice(words)
            text = text[: word.start()] + word[0].upper() + text[word.end() :]
    return text


def _slip(rng: Random, text: str) -> str:
    """One to three slips of the finger, or the misspellings everybody makes."""
    words = re.split(r"(\s+)", text)
    for _ in range(rng.choice((1, 1, 1, 2))):
        known = [i for i, word in enumerate(words) if word in MISSPELLINGS]
        plain = [i for i, word in enumerate(words) if re.fullmatch(r"[a-z]{5,}", word)]
        if known and rng.random() < 0.6:
            place = rng.choice(known)
            words[place] = MISSPELLINGS[words[place]]
        elif plain:
            place = rng.choice(plain)
            words[place] = _mistype(rng, words[place])
    return "".join(words)


def _mistype(rng: Random, word: str) -> str:
    at = rng.randrange(1, len(word) - 1)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return rng.choice((swapped, word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:]))


def _habits(rng: Random, text: str) -> str:
    if rng.random() < LOWER_CASE_RATE:
        text = text.lower()
    if rng.random() < SPOILER_RATE:
        text = f"{rng.choice(SPOILERS)} {text}"
    if rng.random() < DOUBLE_SPACE_RATE:
        text = re.sub(r"(?<=[.!?]) (?=[A-Z])", "  ", text)
    return text


def _characters(rng: Random, text: str) -> str:
    if rng.random() < CURLY_RATE:
        text = text.replace("'", "’")
    if rng.random() < ENTITY_RATE:
        text = text.replace(" and ", " &amp; ", 1)
        text = text.replace('"', "&quot;") if rng.random() < 0.3 else text
    if rng.random() < C1_RATE:
        # Windows-1252 bytes read as Latin-1: its ellipsis and dash became control characters.
        old, new = rng.choice(((". ", "\x85 "), (", ", " \x96 ")))
        text = text.replace(old, new, 1)
    return text
