"""Lists of rows, clusters, selections: models, delegates, and what stands in an empty one."""
