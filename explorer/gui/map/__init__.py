"""The scatter plot: view, point layer, labels."""
