"""Invents the facts of one review: the film, its people and the reviewer's company."""

from random import Random

from corpus_maker.expander import Entry, Writer
from corpus_maker.inflect import fix_articles, title_case

# How many of its genre's things, people and places one film contains: a review that
# keeps coming back to the same lantern reads as if it were about one film.
FILM_INVENTORY = {"noun": 7, "person": 5, "spot": 4, "event": 3, "adj": 5, "vp": 6}
PRONOUNS = {"man": ("he", "him", "his"), "woman": ("she", "her", "her")}
COMPANIONS = {
    "man": ("husband", "brother", "boyfriend", "father", "flatmate", "son", "boss", "uncle"),
    "woman": ("wife", "sister", "girlfriend", "mother", "best friend", "daughter", "neighbour"),
}
KIDS = ("son", "daughter", "nephew", "niece", "grandson", "granddaughter", "five-year-old")
TITLE_STYLES = ('"{}"', "{}", "{}", "{}", "{}", "'{}'", "*{}*", "“{}”", "_{}_")
SHOUTED_TITLE_RATE = 0.08
FOREIGN_TITLE_RATE = 0.002
POINTS = {
    ("pos", "mild"): (6, 7), ("pos", "solid"): (7, 8), ("pos", "strong"): (9, 10),
    ("neg", "mild"): (4, 5), ("neg", "solid"): (3, 4), ("neg", "strong"): (1, 2),
}  # fmt: skip


def film_title(writer: Writer) -> str:
    """A title as printed on the poster."""
    foreign = writer.rng.random() < FOREIGN_TITLE_RATE
    title = writer.rule("foreigntitle" if foreign else "title")
    return title if foreign else title_case(fix_articles(title))


def title_style(rng: Random) -> str:
    """The way this reviewer sets off a title."""
    return rng.choice(TITLE_STYLES)


def _person(writer: Writer, prefix: str) -> dict[str, tuple[str, ...]]:
    """A character, with pronouns under names such as ``he2`` for the prefix ``2``."""
    role = writer.rule("person")
    gender = _gender_for(writer, role)
    he, him, his = PRONOUNS[gender]
    actor = _full_name(writer, gender)
    return {
        f"name{prefix}": (writer.rule(gender),),
        f"he{prefix}": (he,),
        f"him{prefix}": (him,),
        f"his{prefix}": (his,),
        f"actor{prefix}": actor,
        f"role{prefix}": (role,),
    }


def _gender_for(writer: Writer, role: str) -> str:
    for gender in ("man", "woman"):
        if role in [entry.template[0] for entry in writer.grammar.rules[f"only_{gender}"]]:
            return gender
    return writer.rng.choice(("man", "woman"))


def _full_name(writer: Writer, gender: str) -> tuple[str, str]:
    surname = writer.rule("surname")
    return f"{writer.rule(gender)} {surname}", surname


def _people(writer: Writer) -> dict[str, tuple[str, ...]]:
    facts = _person(writer, "") | _person(writer, "2")
    director_gender = writer.rng.choice(("man", "woman"))
    he, _, his = PRONOUNS[director_gender]
    return facts | {
        "hero": facts["name"],
        "second": facts["name2"],
        "coactor": facts["actor2"],
        "director": _full_name(writer, director_gender),
        "dhe": (he,),
        "dhis": (his,),
        "composer": _full_name(writer, "man"),
    }


def _company(rng: Random) -> dict[str, tuple[str, ...]]:
    gender = rng.choice(("man", "woman"))
    he, him, his = PRONOUNS[gender]
    word = rng.choice(COMPANIONS[gender])
    return {
        "companion": (f"my {word}",),
        "companion_word": (word,),
        "companion_he": (he,),
        "companion_him": (him,),
        "companion_his": (his,),
        "kid": (rng.choice([kid for kid in KIDS if kid != word]),),
    }


def _numbers(rng: Random) -> dict[str, tuple[str, ...]]:
    year = int(rng.triangular(1931, 2019, 1992))
    return {
        "year": (str(year),),
        "decade": (f"{year // 10 * 10}s",),
        "oldyear": (str(rng.randint(1650, 1899)),),
        "future": (str(rng.randint(2045, 2399)),),
        "minutes": (str(int(rng.triangular(71, 188, 98))),),
    }


def invent_film(writer: Writer, label: str, grade: str) -> None:
    """Fill the writer's facts and limit its genre words to what this film contains."""
    for name, size in FILM_INVENTORY.items():
        writer.inventory[name] = _sample(writer, name, size)
    rng = writer.rng
    style = title_style(rng)
    shout = rng.random() < SHOUTED_TITLE_RATE
    for name in ("title", "other", "other2"):
        title = film_title(writer)
        writer.facts[name] = (style.format(title.upper() if shout else title),)
    writer.facts |= _people(writer) | _company(rng) | _numbers(rng)
    writer.facts["city"] = (writer.rule("realcity"),)
    writer.facts["elder"] = (writer.rule("elder"),)
    writer.facts["points"] = (str(rng.choice(POINTS[label, grade])),)


def _sample(writer: Writer, name: str, size: int) -> list[Entry]:
    pool = writer.grammar.pool(name, writer.tags)
    chosen: list[Entry] = []
    while len(chosen) < min(size, len(pool.entries)):
        [entry] = writer.rng.choices(pool.entries, cum_weights=pool.cumulative)
        if entry not in chosen:
            chosen.append(entry)
    return chosen
