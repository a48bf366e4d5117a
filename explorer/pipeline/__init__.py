"""The use cases, one function per verb: what the command line, the window and Python all call."""

from explorer.embedding import (
    EmbeddingLayer,
    embedding_lookup,
    embedding_lookup_sparse,
    one_hot_lookup,
)
from explorer.pipeline.bags import BagRun, look_into_bags
from explorer.pipeline.believing import (
    agreement,
    agreement_column,
    believe,
    kept_column,
    measure,
    title_of,
)
from explorer.pipeline.comparing import alike, analogy, odd_one_out, similarity, similarity_matrix
from explorer.pipeline.evaluating import evaluate, write_misses
from explorer.pipeline.evenness import mean_random_cosine
from explorer.pipeline.finding import (
    Found,
    Standing,
    mean_text,
    nearest_spelling,
    offers,
    search,
    standing,
)
from explorer.pipeline.grouping import cluster
from explorer.pipeline.growing import grow
from explorer.pipeline.layers import LayerRun, look_into, training_step
from explorer.pipeline.learning import (
    SAMPLE_CORPUS,
    TrainingFrame,
    read_corpus,
    train,
    with_map,
)
from explorer.pipeline.maps import (
    colour_column,
    draw,
    estimate,
    export,
    place_others,
    project,
)
from explorer.pipeline.neighborhood import (
    all_nearest,
    hub_column,
    hubs,
    known_hubs,
    mutual_neighbors,
    near_duplicates,
    neighbor_graph,
    reverse_neighbors,
)
from explorer.pipeline.placing import Placer, ghost_of, place_vectors, placed_how
from explorer.pipeline.queries import (
    SpaceComparison,
    compare_spaces,
    lookup,
    neighbors,
    query,
    row_of,
)
from explorer.pipeline.replaying import Replay, replay
from explorer.pipeline.tables import (
    SAMPLE_TABLE,
    attach_labels,
    clear_winner,
    ensure_savable,
    ensure_spared,
    open_table,
    probe,
    save_table,
    writer_for,
)

__all__ = [
    "SAMPLE_CORPUS",
    "SAMPLE_TABLE",
    "BagRun",
    "EmbeddingLayer",
    "Found",
    "LayerRun",
    "Placer",
    "Replay",
    "SpaceComparison",
    "Standing",
    "TrainingFrame",
    "agreement",
    "agreement_column",
    "alike",
    "all_nearest",
    "analogy",
    "attach_labels",
    "believe",
    "clear_winner",
    "cluster",
    "colour_column",
    "compare_spaces",
    "draw",
    "embedding_lookup",
    "embedding_lookup_sparse",
    "ensure_savable",
    "ensure_spared",
    "estimate",
    "evaluate",
    "export",
    "ghost_of",
    "grow",
    "hub_column",
    "hubs",
    "kept_column",
    "known_hubs",
    "look_into",
    "look_into_bags",
    "lookup",
    "mean_random_cosine",
    "mean_text",
    "measure",
    "mutual_neighbors",
    "near_duplicates",
    "nearest_spelling",
    "neighbor_graph",
    "neighbors",
    "odd_one_out",
    "offers",
    "one_hot_lookup",
    "open_table",
    "place_others",
    "place_vectors",
    "placed_how",
    "probe",
    "project",
    "query",
    "read_corpus",
    "replay",
    "reverse_neighbors",
    "row_of",
    "save_table",
    "search",
    "similarity",
    "similarity_matrix",
    "standing",
    "title_of",
    "train",
    "training_step",
    "with_map",
    "write_misses",
    "writer_for",
]
