"""Builds llama.cpp for this processor, and proves that a build works here.

Standard library only, this file included: ``python -m rag.llama_build`` runs before anything is
installed. The recipe says what is built, the installer runs pip, the wheels are kept by key, the
probe decodes a token in a child process with a tiny model made for it.
"""
