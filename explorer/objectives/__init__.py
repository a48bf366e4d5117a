"""What a table is trained for: one module per objective, each ending with one OBJECTIVE."""
