"""Seeds: one range for everything that draws by chance."""

from __future__ import annotations

from explorer.errors import ParameterError

_SEEDS = 2**32  # what NumPy and torch both take


def check_seed(seed: int) -> None:
    """Raises ParameterError for a seed outside 0 to 2^32 - 1."""
    if not 0 <= seed < _SEEDS:
        raise ParameterError(f"The seed cannot be {seed}.", f"It is 0 to {_SEEDS - 1}.")
