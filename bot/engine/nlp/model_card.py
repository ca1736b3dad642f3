"""Score the spaCy pipeline on the UD dev and test sections and write its model card."""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path
from typing import Any, Dict, List

import spacy
from spacy.language import Language
from spacy.scorer import Scorer
from spacy.tokens import Doc
from spacy.training import Example

from nlp.treebank import LANGUAGES, gold_docs

NAMES = {"nob": "Bokmål", "nno": "Nynorsk"}
CARD = """# nb_hjelpelinje: a small Norwegian pipeline for spaCy 3.4

Made by `python -m nlp.train_pipeline`; this page by `python -m nlp.model_card`. One pipeline for Bokmål and
Nynorsk. Components and labels are named as in `nb_core_news_sm` where they exist, so either can be used:
{components}. There is no parser; sentences come from `senter`.

| | |
|---|---|
| size | {size:.1f} MB |
| speed | {p50:.1f} ms a message at the median, {p95:.1f} ms at the 95th percentile (one core, three sentences) |
| training data | Norwegian Dependency Treebank 1.0 with NorNE names, both written standards, {lower} |
| kept out of training | every sentence equal to one of UD Norwegian Bokmål/Nynorsk dev or test |
| tags | NDT's, mapped to UD; the mapping is learned from the aligned UD dev sections |

## Scores

| section | POS | features | lemma | sentences F | names F | PER P / R / F | PER recall, lower-cased text |
|---|---|---|---|---|---|---|---|
{rows}

Scored on gold tokens. dev chose the best step and taught the tag mapping; test was seen by neither.
Sentences are scored on documents of three sentences.

## Limits

Newspaper, parliament, report and blog text. Names in lower case are found about every second time, so the
engine puts lists and rules beside it. Dialect spelling is not in the data.

## Licence

Norwegian Dependency Treebank: annotation CC0 1.0, National Library of Norway; the texts are used to learn
from and are not part of this pipeline. NorNE: Jørgensen, Aasmoe, Ruud Husevåg, Øvrelid and Velldal, "NorNE:
Annotating Named Entities for Norwegian" (LREC 2020), CC0 1.0. The pipeline: Apache-2.0, like the project.
"""


def examples(nlp: Language, golds: List[Doc], *, lower: bool = False) -> List[Example]:
    """Return the pipeline's view of the gold documents, on gold tokens."""
    result = []
    for gold in golds:
        words = [token.text.lower() if lower else token.text for token in gold]
        doc = Doc(nlp.vocab, words=words, spaces=[bool(token.whitespace_) for token in gold])
        for _, component in nlp.pipeline:
            doc = component(doc)
        if lower:
            gold = Doc(nlp.vocab, words=words, spaces=[bool(t.whitespace_) for t in gold], ents=_tags(gold))
        result.append(Example(doc, gold))
    return result


def _tags(doc: Doc) -> List[str]:
    return [token.ent_iob_ + ("-" + token.ent_type_ if token.ent_type_ else "") for token in doc]


def score_row(nlp: Language, treebank: Path, language: str, part: str) -> str:
    """Return one row of the table of scores."""
    golds = gold_docs(nlp, treebank, language, part)
    scores = _score(nlp, examples(nlp, golds))
    lower = _score(nlp, examples(nlp, golds, lower=True))["ents_per_type"]["PER"]["r"]
    joined = [
        Doc.from_docs(golds[start : start + 3], ensure_whitespace=True) for start in range(0, len(golds), 3)
    ]
    sents = _score(nlp, examples(nlp, joined))["sents_f"]
    person: Dict[str, float] = scores["ents_per_type"]["PER"]
    figures = [scores["pos_acc"], scores["morph_acc"], scores["lemma_acc"], sents, scores["ents_f"]]
    cells = [f"{NAMES[language]} {part}"] + [f"{figure:.3f}" for figure in figures]
    cells += [f"{person['p']:.3f} / {person['r']:.3f} / {person['f']:.3f}", f"{lower:.2f}"]
    return "| " + " | ".join(cells) + " |"


def _score(nlp: Language, pairs: List[Example]) -> Dict[str, Any]:
    return Scorer(nlp).score(pairs)


def latency(nlp: Language, texts: List[str]) -> List[float]:
    """Return the milliseconds that each text takes, one at a time."""
    nlp(texts[0])
    times = []
    for text in texts:
        start = time.perf_counter()
        nlp(text)
        times.append((time.perf_counter() - start) * 1000)
    return times


def write_model_card(pipeline: Path, treebank: Path) -> None:
    """Write README.md into the pipeline's folder."""
    nlp = spacy.load(pipeline)
    rows = [score_row(nlp, treebank, lang, part) for part in ("dev", "test") for lang in LANGUAGES]
    texts = [doc.text for doc in gold_docs(nlp, treebank, "nob", "dev")]
    times = latency(nlp, [" ".join(texts[start : start + 3]) for start in range(0, 900, 3)])
    size = sum(path.stat().st_size for path in pipeline.rglob("*") if path.is_file())
    card = CARD.format(
        components=", ".join(f"`{name}`" for name in nlp.pipe_names),
        size=size / 1e6,
        p50=statistics.median(times),
        p95=statistics.quantiles(times, n=20)[-1],
        lower="20 % (names) and 10 % (tags) of it lower-cased",
        rows="\n".join(rows),
    )
    (pipeline / "README.md").write_text(card, encoding="utf-8")


def main() -> None:
    """Write the card of a pipeline that exists."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pipeline", type=Path)
    parser.add_argument("treebank", type=Path)
    options = parser.parse_args()
    write_model_card(options.pipeline, options.treebank)


if __name__ == "__main__":
    main()
