"""The tabs of the page, a module each: its components, and what a click does.

Each has a ``build(shared)`` that is called inside its tab, and keeps what a visitor sees in
states of the visitor's own.
"""

from __future__ import annotations
