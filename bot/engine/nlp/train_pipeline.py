"""Train the Norwegian spaCy pipeline that the engine ships, from the treebank.

    cd bot/engine && .venv/bin/python -m nlp.train_pipeline PATH_TO_NORNE

takes some half an hour on one core and writes `pipeline/nb_hjelpelinje` with its model card. The treebank's
folder holds `ndt/{nob,nno}/*.conll` (NDT 1.0 with NorNE names) and `ud/{nob,nno}/*-ud-{dev,test}.conllu`.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from pathlib import Path

import spacy
from spacy import util
from spacy.cli.train import train
from spacy.language import DEFAULT_CONFIG_PATH, Language
from spacy.tokens import DocBin

from nlp.model_card import write_model_card
from nlp.treebank import LANGUAGES, gold_docs, training_docs

HERE = Path(__file__).parent
DEFAULT_OUTPUT = HERE.parent / "pipeline" / "nb_hjelpelinje"
DEV_SENTENCES = 1000  # enough to choose the best step by; the model card has the scores on all of them
META = {
    "name": "hjelpelinje",
    "version": "1.0.0",
    "description": "Norwegian (Bokmål and Nynorsk): tags, features, lemmas, sentences, names",
    "author": "Hjelpelinje",
    "license": "Apache-2.0; trained on NDT (CC0) with NorNE names",
}


def write_corpora(treebank: Path, folder: Path) -> None:
    """Write train.spacy and dev.spacy to `folder`."""
    nlp = spacy.blank("nb")
    DocBin(docs=training_docs(nlp, treebank)).to_disk(folder / "train.spacy")
    dev = [doc for language in LANGUAGES for doc in gold_docs(nlp, treebank, language, "dev")]
    random.Random(0).shuffle(dev)
    DocBin(docs=dev[:DEV_SENTENCES]).to_disk(folder / "dev.spacy")


def train_part(name: str, folder: Path) -> Path:
    """Train the pipeline of `<name>.cfg` on the corpora in `folder`; return where the best one lies."""
    given = util.load_config(
        HERE / f"{name}.cfg",
        overrides={"paths.train": str(folder / "train.spacy"), "paths.dev": str(folder / "dev.spacy")},
    )
    config = util.load_config(DEFAULT_CONFIG_PATH).merge(given)
    path = folder / f"{name}.cfg"
    config.to_disk(path)
    # The function behind `spacy train`: the command itself fails on the click release that Rasa brings.
    train(path, folder / name)
    return folder / name / "model-best"


def join(syntax: Path, ner: Path) -> Language:
    """Return one pipeline with the components of both."""
    nlp = spacy.load(syntax)
    nlp.add_pipe("ner", source=spacy.load(ner))
    nlp.meta.update(META)
    return nlp


def main() -> None:
    """Train, save, score, and write the model card."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("treebank", type=Path, help="folder with ndt/ and ud/")
    parser.add_argument("--output", type=Path, default=DEFAULT_OUTPUT)
    parser.add_argument("--work", type=Path, help="keep corpora and checkpoints here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.work or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        write_corpora(options.treebank, folder)
        nlp = join(train_part("syntax", folder), train_part("ner", folder))
        nlp.to_disk(options.output)
    write_model_card(options.output, options.treebank)


if __name__ == "__main__":
    main()
