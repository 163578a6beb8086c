"""What teaches :mod:`rag.facets.wanted`: questions, and how they are learnt from."""
