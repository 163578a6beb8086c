"""What `import rag` offers, and that it costs nothing until it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import rag
from rag.verification import verify


def test_the_public_names_are_these() -> None:
    assert rag.__all__ == ["__version__", "verify"]
    assert all(hasattr(rag, name) for name in rag.__all__)
    assert rag.verify is verify


def test_another_name_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'verifier'"):
        _ = rag.verifier


def test_importing_the_package_loads_no_other_module_of_it() -> None:
    code = "import rag, sys; print(sorted(m for m in sys.modules if m.startswith('rag.')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
