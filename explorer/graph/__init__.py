"""The graph of nearest neighbours of all rows at once: exact, without an index.

knn    every row's neighbours, among the same rows or others, tile by tile
pairs  among the same rows, with every two of them multiplied once
keys   numbers that sort pairs of a distance and a row
"""

from explorer.graph.knn import knn_graph, knn_of

__all__ = ["knn_graph", "knn_of"]
