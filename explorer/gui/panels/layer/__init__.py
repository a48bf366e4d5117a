"""The Layer page: what an embedding layer does when it looks something up, step by step."""
