"""Questions, cards and dialogs: what stands in a window of its own."""
