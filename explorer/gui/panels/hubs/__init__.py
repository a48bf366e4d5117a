"""The rows that are near to very many others, those near to none, and those nearly the same."""
