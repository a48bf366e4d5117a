"""The page that asks a table lists of words: similarity judged by people, and analogies."""

from explorer.gui.panels.evaluation.page import EvaluationPage

__all__ = ["EvaluationPage"]
