"""The page that asks a table lists of words: similarity judged by people, and analogies."""
