"""``python -m rag.llama_build``: build and install what this interpreter needs."""

from __future__ import annotations

import sys

from rag.llama_build.building import main

sys.exit(main())
