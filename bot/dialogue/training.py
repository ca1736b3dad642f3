"""The engine's model: which one belongs to the data at hand, and how to train it."""

import asyncio
import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from bot.settings import ROOT, Settings

ENGINE = ROOT / "bot" / "engine"
PYTHON = ENGINE / ".venv" / "bin" / "python"
MODELS = ENGINE / "models"

# What a model is made from: a change in any of these needs a new model.
_INPUTS = (
    "data/nlu",
    "data/stories",
    "bot/engine/config.yml",
    "bot/engine/domain",
    "bot/engine/components",
    "bot/engine/pipeline",
    "bot/engine/uv.lock",
    "knowledge/lexicon",
)


class TrainingError(Exception):
    """The engine's environment is missing or training failed; the message is for the operator."""


def model_path(settings: Settings) -> Path:
    """Return where the model for the present data and settings is, or will be."""
    digest = hashlib.sha256((settings.spacy_model or "").encode())
    for path in _input_files():
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return MODELS / f"{digest.hexdigest()[:16]}.tar.gz"


def engine_environment(settings: Settings) -> dict[str, str]:
    """Return the environment for an engine process: ours, without our secrets, and quiet."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HJELPELINJE_")}
    environment |= {
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
        "LOG_LEVEL": "WARNING",
        "PYTHONPATH": str(ENGINE),
        "PYTHONWARNINGS": "ignore",
    }
    if settings.spacy_model:
        environment["HJELPELINJE_SPACY_MODEL"] = settings.spacy_model
    return environment


async def train(settings: Settings, force: bool = False) -> Path:
    """Return the model for the present data, trained now if it is missing; raises TrainingError."""
    path = model_path(settings)
    if path.exists() and not force:
        return path
    if not PYTHON.exists():
        raise TrainingError("The engine's environment is missing; run `make setup`.")
    process = await asyncio.create_subprocess_exec(
        str(PYTHON),
        *("-m", "rasa", "train", "--config", "config.yml", "--domain", "domain"),
        *("--data", str(ROOT / "data" / "nlu"), str(ROOT / "data" / "stories")),
        *("--out", str(MODELS), "--fixed-model-name", path.name.removesuffix(".tar.gz"), "--force"),
        cwd=ENGINE,
        env=engine_environment(settings),
        stdout=sys.stderr,
    )
    if await process.wait() != 0 or not path.exists():
        raise TrainingError("Training the engine's model failed; what Rasa said stands above.")
    for old in MODELS.glob("*.tar.gz"):
        if old != path:
            old.unlink()
    return path


def _input_files() -> Iterator[Path]:
    for name in _INPUTS:
        path = ROOT / name
        if path.is_file():
            yield path
        else:
            yield from sorted(p for p in path.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
