"""Open or train an embedding table, look tokens up, see where they lie."""

__version__ = "0.1.0"
