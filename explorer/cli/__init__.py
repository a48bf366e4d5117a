"""The command line: one verb per use case; progress on stderr, data on stdout.

Exit status: 0; 1 with one clear line for an error of input; 2 for wrong usage; 130 when stopped.
"""

VERBS = (
    *("info", "search", "lookup", "layer", "neighbors", "analogy", "similarity", "evaluate"),
    *("project", "quality", "map", "replay"),
    *("hubs", "duplicates"),
    *("convert", "train", "tour", "demo"),
)
