"""Measurements at scale over news that a program writes: how well, and how fast.

The numbers go into docs/PERFORMANCE.md. Nothing here is shipped, and rag/ knows nothing of it.
"""
