"""Writes invented film reviews from the word banks and patterns in ``sample_data/grammar``."""
