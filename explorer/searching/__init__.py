"""Searching tokens as one types: exact, prefix, substring, regular expression, fuzzy."""

from explorer.searching.index import MODES, Index, Search, index_of
from explorer.searching.patterns import PatternError
from explorer.searching.spans import Spans

__all__ = ["MODES", "Index", "PatternError", "Search", "Spans", "index_of"]
