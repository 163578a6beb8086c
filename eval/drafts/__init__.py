"""Sentences of drafts with the verdict that a fact-checker would give each of their figures.

``rule.jsonl`` is written by :mod:`eval.drafts.rules` out of the articles, ``hand.jsonl`` by hand.
README.md says what verdict is expected when.
"""
