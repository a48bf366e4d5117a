"""English word forms: plurals, verb endings and the choice between "a" and "an"."""

import re

IRREGULAR_PLURALS = {
    "child": "children", "person": "people", "foot": "feet", "tooth": "teeth",
    "goose": "geese", "mouse": "mice", "sheep": "sheep", "deer": "deer", "ox": "oxen",
    "aircraft": "aircraft", "spacecraft": "spacecraft", "hovercraft": "hovercraft",
    "series": "series", "wife": "wives", "midwife": "midwives", "knife": "knives",
    "thief": "thieves", "wolf": "wolves", "werewolf": "werewolves", "life": "lives",
    "half": "halves", "leaf": "leaves", "loaf": "loaves", "shelf": "shelves",
    "scarf": "scarves", "elf": "elves", "dwarf": "dwarves", "hoof": "hooves",
    "calf": "calves", "hero": "heroes", "potato": "potatoes", "tomato": "tomatoes",
    "torpedo": "torpedoes", "echo": "echoes", "volcano": "volcanoes",
    "tornado": "tornadoes", "salmon": "salmon", "trout": "trout", "runner-up": "runners-up",
    "passer-by": "passers-by", "mother-in-law": "mothers-in-law",
    "brother-in-law": "brothers-in-law", "sister-in-law": "sisters-in-law",
    "crisis": "crises", "human": "humans", "shaman": "shamans", "talisman": "talismans",
    "quiz": "quizzes",
}  # fmt: skip

# The form after he or she, and the participle.
IRREGULAR_VERBS = {
    "be": ("is", "being"), "have": ("has", "having"), "die": ("dies", "dying"),
    "lie": ("lies", "lying"), "tie": ("ties", "tying"), "quit": ("quits", "quitting"),
    "forget": ("forgets", "forgetting"), "begin": ("begins", "beginning"),
    "outrun": ("outruns", "outrunning"), "admit": ("admits", "admitting"),
    "kidnap": ("kidnaps", "kidnapping"), "outwit": ("outwits", "outwitting"),
    "fulfil": ("fulfils", "fulfilling"),
}  # fmt: skip

_DOUBLES = re.compile(r"[^aeiou]*[aeiou][bdglmnprt]")
_PHRASE_TAIL = re.compile(r"^(\S+)( (?:of|in|at|on|with|from|for|to)\b.*)$")
_ARTICLE = re.compile(r"\b([Aa])n? (?=[\"'(*“‘]?([^\W_][\w'’-]*))")
_SOUNDS_AN = re.compile(
    r"(?i)(?:[aeiou]|hour|honest|heir|honou?r)|8|11\b|18\b|(?-i:[FLMNSX](?:\b|[A-Z]{1,2}\b))"
)
_SOUNDS_A = re.compile(r"(?i)(?:uni(?!n)|use|usu|eu|one\b|once\b|one-|ukulele|utop|ewe\b|uten)")


def _is_consonant_y(word: str) -> bool:
    return len(word) > 1 and word.endswith("y") and word[-2] not in "aeiou"


def _add_s(word: str) -> str:
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    return word[:-1] + "ies" if _is_consonant_y(word) else word + "s"


def plural(phrase: str) -> str:
    """The plural of a noun phrase: "pane of glass" -> "panes of glass"."""
    tail = _PHRASE_TAIL.match(phrase)
    if tail:
        return plural(tail[1]) + tail[2]
    lead, space, noun = phrase.rpartition(" ")
    if noun in IRREGULAR_PLURALS:
        return lead + space + IRREGULAR_PLURALS[noun]
    if noun.endswith("man"):
        return lead + space + noun[:-2] + "en"
    return lead + space + _add_s(noun)


def third_person(verb: str) -> str:
    """The form after he or she: "carry" -> "carries"."""
    if verb in IRREGULAR_VERBS:
        return IRREGULAR_VERBS[verb][0]
    return verb + "es" if verb.endswith("o") else _add_s(verb)


def ing_form(verb: str) -> str:
    """The present participle: "carry" -> "carrying"."""
    if verb in IRREGULAR_VERBS:
        return IRREGULAR_VERBS[verb][1]
    if verb.endswith("e") and not verb.endswith(("ee", "ye", "oe")):
        return verb[:-1] + "ing"
    return verb + (verb[-1] if _DOUBLES.fullmatch(verb) else "") + "ing"


def fix_articles(text: str) -> str:
    """Every "a" or "an" made to agree with the sound of the word after it."""

    def agree(match: re.Match[str]) -> str:
        word = match[2]
        wants_an = _SOUNDS_AN.match(word) and not _SOUNDS_A.match(word)
        return match[1] + ("n " if wants_an else " ")

    return _ARTICLE.sub(agree, text)


def capital(text: str) -> str:
    """The text with its first letter made a capital, past any opening quote."""
    return re.sub(r"[^\W\d_]|\d", lambda first: first[0].upper(), text, count=1)


def title_case(text: str) -> str:
    """Capitals as on a poster: the small words inside stay small."""
    small = {"a", "an", "the", "of", "in", "on", "at", "to", "and", "for", "with", "by", "from"}
    words = text.split(" ")
    return " ".join(
        word if number and word in small else capital(word) for number, word in enumerate(words)
    )
