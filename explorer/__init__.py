"""Open or train an embedding table, look tokens up, see where they lie.

    import explorer

    table = explorer.open_table("vectors.safetensors")
    explorer.search(table, "film", "prefix").rows
    explorer.lookup(table, "not a bad film")
    explorer.look_into(table, [[2, 3], [1, 0]]).result
    explorer.neighbors(table, "film", k=5, space="centre")
    explorer.analogy(table, "man", "woman", "king")
    made = explorer.project(table, "tsne", perplexity=20)
    explorer.measure(made).verdict()
    explorer.export(made, "map.csv")
    explorer.draw(made, "map.svg")
    explorer.replay("map.csv").verdict

These are the functions that the command line and the window call (explorer.pipeline), loaded when
first used, so that `import explorer` costs nothing. Here they look at what they are given, too:
what is no table, text or number where one belongs is a ParameterError.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from explorer.version import __version__

__all__ = [
    "EmbeddingLayer",
    "ExplorerError",
    "__version__",
    "all_nearest",
    "analogy",
    "cluster",
    "compare_spaces",
    "draw",
    "embedding_lookup",
    "embedding_lookup_sparse",
    "evaluate",
    "export",
    "hubs",
    "look_into",
    "lookup",
    "mean_random_cosine",
    "measure",
    "mutual_neighbors",
    "near_duplicates",
    "neighbor_graph",
    "neighbors",
    "odd_one_out",
    "one_hot_lookup",
    "open_table",
    "place_vectors",
    "probe",
    "project",
    "query",
    "replay",
    "reverse_neighbors",
    "save_table",
    "search",
    "similarity",
    "similarity_matrix",
    "train",
    "training_step",
]

if TYPE_CHECKING:
    from explorer.errors import ExplorerError
    from explorer.pipeline import (
        EmbeddingLayer,
        all_nearest,
        analogy,
        cluster,
        compare_spaces,
        draw,
        embedding_lookup,
        embedding_lookup_sparse,
        evaluate,
        export,
        hubs,
        look_into,
        lookup,
        mean_random_cosine,
        measure,
        mutual_neighbors,
        near_duplicates,
        neighbor_graph,
        neighbors,
        odd_one_out,
        one_hot_lookup,
        open_table,
        place_vectors,
        probe,
        project,
        query,
        replay,
        reverse_neighbors,
        save_table,
        search,
        similarity,
        similarity_matrix,
        train,
        training_step,
    )


def __getattr__(name: str) -> Any:
    if name == "ExplorerError":
        from explorer.errors import ExplorerError

        return ExplorerError
    if name in __all__:
        from explorer import pipeline
        from explorer.signatures import checked

        found = getattr(pipeline, name)
        return found if isinstance(found, type) else checked(found)
    raise AttributeError(f"module 'explorer' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
