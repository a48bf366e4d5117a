"""The window. Nothing under here computes; everything here is Qt."""
