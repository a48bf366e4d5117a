"""Examples of every verb, below its help."""

from __future__ import annotations

from collections.abc import Sequence

PROGRAM = "embedding-explorer"

EXAMPLES = {
    "info": ("info checkpoint.pt", "info model.safetensors --json"),
    "search": (
        "search glove.txt film",
        'search glove.txt "^un.*ed$" --mode regex',
        "search glove.txt moive --mode fuzzy --json",
    ),
    "lookup": ('lookup glove.txt "Not a BAD film, zzyzx!"',),
    "layer": (
        'layer glove.txt "a good film"',
        'layer glove.txt --ids "[[2,3],[1,0]]" --shards 3',
        'layer glove.txt --ids "[[2,3],[],[1]]" --combiner mean',
        'layer glove.txt "a good film" --step --code',
    ),
    "neighbors": (
        "neighbors glove.txt film",
        'neighbors glove.txt "#45" -k 5 --metric euclidean --json',
        'neighbors glove.txt \'"good" - "bad"\' --space centre',
        "neighbors glove.txt film --compare-spaces",
        "neighbors glove.txt film --reverse",
    ),
    "analogy": (
        "analogy glove.txt he she husband",
        "analogy glove.txt he she husband --method mul -k 3",
    ),
    "similarity": (
        "similarity glove.txt good bad",
        "similarity glove.txt monday friday brother --odd-one-out",
        "similarity glove.txt good bad great -o cosines.csv",
    ),
    "evaluate": (
        "evaluate glove.txt wordsim353.tsv questions-words.txt",
        "evaluate glove.txt wordsim353.tsv --misses misses.csv",
    ),
    "project": (
        "project glove.txt -o map.csv",
        "project glove.txt --method tsne --quality -o map.csv",
        "project glove.txt --dims 3 --cluster k-means -o map.csv",
        (
            'project glove.txt --method axes --x \'"good" - "bad"\' \\\n'
            '    --y \'"he" - "she"\' -o axes.csv'
        ),
    ),
    "quality": (
        "quality map.csv glove.txt",
        "quality map.csv glove.txt -k 10 --rows 20",
    ),
    "map": (
        "map glove.txt -o map.svg",
        "map glove.txt --method tsne --quality --dark -o map.png",
        "map glove.txt --from map.csv --select film -o map.pdf",
    ),
    "replay": ("replay map.csv", "replay map.csv --table moved/glove.txt"),
    "hubs": ("hubs glove.txt", "hubs glove.txt -k 10 --top 5 --never"),
    "duplicates": (
        "duplicates glove.txt",
        "duplicates glove.txt --least 0.7 --kind punctuation",
    ),
    "convert": (
        "convert model.gguf table.safetensors",
        "convert vectors.npy words.vec --labels words.txt",
    ),
    "train": (
        "train reviews.csv -o reviews.safetensors",
        "train reviews.csv --objective skipgram -o sg.safetensors",
    ),
    "tour": ("tour -o tour",),
    "demo": ("demo",),
}


def epilog(examples: Sequence[str]) -> str:
    """What stands below a help; click breaks no lines after its mark."""
    lines = "\n".join(f"  {PROGRAM} {example}" for example in examples)
    return f"\b\nExamples:\n{lines}"
