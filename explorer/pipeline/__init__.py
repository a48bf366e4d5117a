"""The use cases, one function per verb: what the command line, the window and Python all call."""

from explorer.pipeline.believing import (
    agreement,
    agreement_column,
    believe,
    kept_column,
    measure,
    title_of,
)
from explorer.pipeline.grouping import cluster
from explorer.pipeline.growing import grow
from explorer.pipeline.learning import (
    SAMPLE_CORPUS,
    TrainingFrame,
    read_corpus,
    train,
    with_map,
)
from explorer.pipeline.maps import draw, estimate, export, place_others, project
from explorer.pipeline.queries import lookup, neighbors
from explorer.pipeline.replaying import Replay, replay
from explorer.pipeline.tables import (
    SAMPLE_TABLE,
    attach_labels,
    clear_winner,
    convert,
    ensure_savable,
    open_table,
    probe,
    save_table,
    writer_for,
)

__all__ = [
    "SAMPLE_CORPUS",
    "SAMPLE_TABLE",
    "Replay",
    "TrainingFrame",
    "agreement",
    "agreement_column",
    "attach_labels",
    "believe",
    "clear_winner",
    "cluster",
    "convert",
    "draw",
    "ensure_savable",
    "estimate",
    "export",
    "grow",
    "kept_column",
    "lookup",
    "measure",
    "neighbors",
    "open_table",
    "place_others",
    "probe",
    "project",
    "read_corpus",
    "replay",
    "save_table",
    "title_of",
    "train",
    "with_map",
    "writer_for",
]
