"""The use cases, one function per verb: what the command line, the window and Python all call."""

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
    "attach_labels",
    "clear_winner",
    "convert",
    "draw",
    "ensure_savable",
    "estimate",
    "export",
    "lookup",
    "neighbors",
    "open_table",
    "place_others",
    "probe",
    "project",
    "read_corpus",
    "replay",
    "save_table",
    "train",
    "with_map",
    "writer_for",
]
