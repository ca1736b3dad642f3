"""Tests of the engine's language understanding; they run in the engine's environment (Python 3.10) alone."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

ENGINE = Path(__file__).resolve().parents[3] / "bot" / "engine"
HAS_ENGINE = importlib.util.find_spec("rasa") is not None

if HAS_ENGINE:
    sys.path.insert(0, str(ENGINE))
else:
    collect_ignore_glob = ["test_*.py"]
