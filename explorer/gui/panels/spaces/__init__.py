"""The page that shows the neighbours of the query in several spaces, side by side."""
