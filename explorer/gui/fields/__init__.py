"""What one types into or chooses with."""
