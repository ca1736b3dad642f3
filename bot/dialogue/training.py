"""The engine's model: which one belongs to the data at hand, and how to train it."""

import asyncio
import contextlib
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
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


def models() -> list[tuple[int, Path]]:
    """Return all models with the time of each, oldest first."""
    found = []
    for path in MODELS.glob("*.tar.gz"):
        with contextlib.suppress(FileNotFoundError):  # a training deletes what is no longer needed
            found.append((path.stat().st_mtime_ns, path))
    return sorted(found)


def newest_model() -> Path | None:
    """Return the model that was trained last, from whatever data; None when there is none."""
    found = models()
    return found[-1][1] if found else None


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
    """Return the model for the present data, trained now if it is missing; raises TrainingError.

    A model is there when it is whole: what a training that was stopped leaves behind is not taken for one.
    """
    path = model_path(settings)
    if path.exists() and not force:
        return path
    if not PYTHON.exists():
        raise TrainingError("The engine's environment is missing; run `make setup`.")
    MODELS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=MODELS, prefix="training-") as folder:
        trained = Path(folder) / path.name
        if not await _run_training(settings, trained) or not trained.exists():
            raise TrainingError("Training the engine's model failed; what Rasa said stands above.")
        trained.replace(path)
    for old in MODELS.glob("*.tar.gz"):
        if old != path:
            old.unlink(missing_ok=True)
    return path


async def _run_training(settings: Settings, model: Path) -> bool:
    process = await asyncio.create_subprocess_exec(
        str(PYTHON),
        *("-m", "rasa", "train", "--config", "config.yml", "--domain", "domain"),
        *("--data", str(ROOT / "data" / "nlu"), str(ROOT / "data" / "stories")),
        *("--out", str(model.parent), "--fixed-model-name", model.name.removesuffix(".tar.gz"), "--force"),
        cwd=ENGINE,
        env=engine_environment(settings),
        stdout=sys.stderr,
    )
    try:
        return await process.wait() == 0
    finally:
        if process.returncode is None:  # we are told to stop
            process.terminate()
            await process.wait()


async def count_lemmas(settings: Settings, texts: Sequence[str]) -> list[tuple[str, str, int]]:
    """Return (word, lemma, how often) as the spaCy pipeline sees them in texts; raises TrainingError."""
    if not PYTHON.exists():
        raise TrainingError("The engine's environment is missing; run `make setup`.")
    process = await asyncio.create_subprocess_exec(
        *(str(PYTHON), "-m", "nlp.count_lemmas"),
        cwd=ENGINE,
        env=engine_environment(settings),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    counted, _ = await process.communicate("\n".join(texts).encode())
    if process.returncode != 0:
        raise TrainingError("The spaCy pipeline failed; what it said stands above.")
    return [(word, lemma, count) for word, lemma, count in json.loads(counted)]


def _input_files() -> Iterator[Path]:
    for name in _INPUTS:
        path = ROOT / name
        if path.is_file():
            yield path
        else:
            yield from sorted(p for p in path.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
