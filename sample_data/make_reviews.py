"""Write the sample corpus: invented film reviews, half of them positive, half negative.

The same seed and count give the same bytes on every machine.
"""

import argparse
import csv
from pathlib import Path
from random import Random

from corpus_maker.expander import Grammar
from corpus_maker.review import MAX_WORDS, MIN_WORDS, Echoes, Reviewers, ReviewWriter, words_of

HERE = Path(__file__).resolve().parent
SENTIMENTS = {"pos": "positive", "neg": "negative"}
# A run of eight words may be heard in one review out of this many.
REVIEWS_PER_ECHO = 260


def write_reviews(count: int, seed: int) -> list[tuple[str, str]]:
    """Rows of review and sentiment, balanced and shuffled."""
    rng = Random(seed)
    grammar = Grammar(HERE / "grammar")
    reviewers = Reviewers(HERE / "grammar" / "reviewers.toml", grammar)
    echoes = Echoes(max_reviews=max(2, count // REVIEWS_PER_ECHO))
    labels = ["pos", "neg"] * (count // 2) + ["pos"] * (count % 2)
    rng.shuffle(labels)
    seen: set[str] = set()
    rows = []
    for label in labels:
        text = _new_review(reviewers, echoes, rng, label, seen)
        seen.add(text)
        rows.append((text, SENTIMENTS[label]))
    return rows


def _new_review(
    reviewers: Reviewers, echoes: Echoes, rng: Random, label: str, seen: set[str]
) -> str:
    while True:
        sentences, text = ReviewWriter(reviewers, echoes, rng, label).write()
        if MIN_WORDS <= len(words_of(text)) <= MAX_WORDS and text not in seen:
            echoes.remember(sentences)
            return text


def save(rows: list[tuple[str, str]], path: Path) -> None:
    """Write the CSV beside its final place first, so that a broken run leaves nothing half done."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".part")
    with draft.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("review", "sentiment"))
        table.writerows(rows)
    draft.replace(path)


def main() -> None:
    """Read the command line and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reviews", type=int, default=6400, help="how many reviews to write")
    parser.add_argument("--seed", type=int, default=7, help="the seed of the random numbers")
    parser.add_argument("-o", "--output", type=Path, default=HERE / "reviews.csv")
    arguments = parser.parse_args()
    rows = write_reviews(arguments.reviews, arguments.seed)
    save(rows, arguments.output)
    print(f"{len(rows)} reviews written to {arguments.output}")


if __name__ == "__main__":
    main()
