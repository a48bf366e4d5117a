"""What an embedding layer does: ids of any shape -> rows of a matrix, forward and backward.

It equals torch.nn.functional.embedding and embedding_bag, and TensorFlow's embedding_lookup and
embedding_lookup_sparse; torch itself is loaded only to build a layer.
"""

from explorer.embedding.bags import COMBINERS, bag_gradient, embedding_lookup_sparse, parse_weights
from explorer.embedding.code import Line
from explorer.embedding.gather import embedding_lookup
from explorer.embedding.gradients import SparseGradient, lookup_gradient
from explorer.embedding.ids import IdsError, as_ids, parse_bags, parse_ids, position_of
from explorer.embedding.layer import EmbeddingLayer
from explorer.embedding.layer_params import LayerParams
from explorer.embedding.norms import p_norms
from explorer.embedding.one_hot import OneHotCost, OneHotLookup, one_hot_lookup
from explorer.embedding.shards import STRATEGIES, place_of, shard_of, split
from explorer.embedding.step import OBJECTIVES, Step

__all__ = [
    "COMBINERS",
    "OBJECTIVES",
    "STRATEGIES",
    "EmbeddingLayer",
    "IdsError",
    "LayerParams",
    "Line",
    "OneHotCost",
    "OneHotLookup",
    "SparseGradient",
    "Step",
    "as_ids",
    "bag_gradient",
    "embedding_lookup",
    "embedding_lookup_sparse",
    "lookup_gradient",
    "one_hot_lookup",
    "p_norms",
    "parse_bags",
    "parse_ids",
    "parse_weights",
    "place_of",
    "position_of",
    "shard_of",
    "split",
]
