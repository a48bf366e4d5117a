"""One file per panel; none knows another."""
