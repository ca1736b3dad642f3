"""Read the Norwegian Dependency Treebank with NorNE names and turn it into spaCy documents.

The treebank has its own tags. The Universal Dependencies files beside it have the UD tags, but only for
the dev and test sections. So the mapping from NDT to UD is learned from the aligned *dev* sentences and then
applied to all the rest; sentences equal to a UD dev or test sentence never reach training.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Iterable, Iterator, List, Sequence, Tuple

from spacy.language import Language
from spacy.tokens import Doc

LANGUAGES = ("nob", "nno")
HEADLINE = "|"  # NDT's mark for the end of a headline: no word, never written
NO_SPACE_BEFORE = set(",.:;!?)]»%…")
NO_SPACE_AFTER = set("([«")
QUOTES = {'"', "«", "»", "“", "”", "„"}
# What hangs on a word decides some UD tags: a verb with an infinitive or a predicative is AUX, a preposition
# with an infinitive or a clause is SCONJ.
TELLING_RELATIONS = {"INFV", "SPRED", "PUTFYLL"}
SENTENCES_PER_DOC = 4  # so that the sentence splitter has something to split


@dataclass(frozen=True)
class Word:
    """A token with its annotation; `pos`, `feats` and `rel` are NDT's or UD's, as the file has them."""

    form: str
    lemma: str
    pos: str
    feats: str
    head: int
    rel: str
    name: str
    space: bool = True


Sentence = Tuple[Word, ...]


def read_sentences(path: Path, *, universal: bool) -> Iterator[Sentence]:
    """Yield the sentences of a CoNLL file; `universal` says whether the columns are UD's or NDT's."""
    words: List[Word] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip():
            if words:
                yield tuple(words)
            words = []
            continue
        cells = line.split("\t")
        if line.startswith("#") or not cells[0].isdigit():
            continue
        misc = dict(part.split("=", 1) for part in cells[9].split("|") if "=" in part)
        words.append(
            Word(
                form=cells[1],
                lemma=cells[2],
                pos=cells[3],
                feats=cells[5] if cells[5] != "_" else "",
                head=int(cells[6]),
                rel=cells[7],
                name=misc.get("name", "O"),
                space=misc.get("SpaceAfter") != "No" if universal else True,
            )
        )
    if words:
        yield tuple(words)


def read_universal(treebank: Path, language: str, part: str) -> List[Sentence]:
    """Return the UD sentences of `part` ("dev" or "test") of a language ("nob" or "nno")."""
    (path,) = (treebank / "ud" / language).glob(f"*-ud-{part}.conllu")
    return list(read_sentences(path, universal=True))


def read_ndt(treebank: Path, language: str) -> List[Sentence]:
    """Return all NDT sentences of a language, files in order of name."""
    found: List[Sentence] = []
    for path in sorted((treebank / "ndt" / language).glob("*.conll")):
        found.extend(read_sentences(path, universal=False))
    return found


def fingerprint(sentence: Sentence) -> Tuple[str, ...]:
    """Return what makes two sentences the same text, whichever scheme they are written in."""
    return tuple('"' if word.form in QUOTES else word.form for word in sentence if word.form != HEADLINE)


class TagMapper:
    """Learn UD part of speech, features and lemma for NDT words from sentences that exist in both."""

    def __init__(self) -> None:
        self._votes: "defaultdict[Tuple[str, ...], Counter[Tuple[str, str]]]" = defaultdict(Counter)
        self._lemmas: "defaultdict[Tuple[str, str, str], Counter[str]]" = defaultdict(Counter)

    @staticmethod
    def _keys(sentence: Sentence) -> Iterator[List[Tuple[str, ...]]]:
        """Yield for each word its lookup keys, the most exact first."""
        governed: "defaultdict[int, set[str]]" = defaultdict(set)
        for word in sentence:
            if word.rel in TELLING_RELATIONS:
                governed[word.head].add(f"{word.rel}:{word.pos}")
        for index, word in enumerate(sentence, start=1):
            below = ",".join(sorted(governed[index]))
            yield [
                ("form", word.pos, word.feats, word.lemma, word.form.lower(), word.rel, below),
                ("lemma", word.pos, word.feats, word.lemma, word.rel, below),
                ("lemma-any", word.pos, word.feats, word.lemma, below),
                ("below", word.pos, word.feats, below),
                ("feats", word.pos, word.feats),
                ("pos", word.pos),
            ]

    def learn(self, ndt: Sentence, universal: Sentence) -> None:
        """Count one aligned pair; both without headline marks."""
        for keys, old, new in zip(self._keys(ndt), ndt, universal):
            for key in keys:
                self._votes[key][(new.pos, new.feats)] += 1
            self._lemmas[(old.pos, old.lemma, old.form.lower())][new.lemma] += 1

    def map(self, sentence: Sentence) -> List[Tuple[str, str, str]]:
        """Return (pos, features, lemma) in UD's scheme for each word of an NDT sentence."""
        result = []
        for keys, word in zip(self._keys(sentence), sentence):
            votes = next((self._votes[key] for key in keys if key in self._votes), None)
            pos, feats = votes.most_common(1)[0][0] if votes else ("X", "")
            lemmas = self._lemmas.get((word.pos, word.lemma, word.form.lower()))
            result.append((pos, feats, lemmas.most_common(1)[0][0] if lemmas else word.lemma))
        return result


def without_headlines(sentence: Sentence) -> Sentence:
    """Return the sentence without `|` tokens, heads renumbered (a head that was dropped becomes the root)."""
    new_index = {0: 0}
    for index, word in enumerate(sentence, start=1):
        if word.form != HEADLINE:
            new_index[index] = len(new_index)
    return tuple(
        Word(w.form, w.lemma, w.pos, w.feats, new_index.get(w.head, 0), w.rel, w.name, w.space)
        for w in sentence
        if w.form != HEADLINE
    )


def learn_mapping(treebank: Path) -> TagMapper:
    """Return a mapper learned from the dev sections of both languages."""
    mapper = TagMapper()
    for language in LANGUAGES:
        ndt = {fingerprint(s): without_headlines(s) for s in read_ndt(treebank, language)}
        for universal in read_universal(treebank, language, "dev"):
            old = ndt.get(fingerprint(universal))
            new = without_headlines(universal)
            if old is not None and len(old) == len(new):
                mapper.learn(old, new)
    return mapper


def detokenise(forms: Sequence[str], rng: random.Random) -> Tuple[List[str], List[bool]]:
    """Return the words as printed and whether a space follows each; NDT says neither.

    Quotation marks are all `"` in NDT; here a sentence gets one of the two usual pairs.
    """
    opening, closing = rng.choice([("«", "»"), ('"', '"')])
    written, spaces, inside = [], [True] * len(forms), False
    for index, form in enumerate(forms):
        glue_left, glue_right = form in NO_SPACE_BEFORE, form in NO_SPACE_AFTER
        if form in QUOTES:
            form = closing if inside else opening
            glue_left, glue_right = inside, not inside
            inside = not inside
        written.append(form)
        if glue_left and index:
            spaces[index - 1] = False
        if glue_right:
            spaces[index] = False
    return written, spaces


def make_doc(
    nlp: Language,
    words: List[str],
    spaces: List[bool],
    tags: List[Tuple[str, str, str]],
    names: List[str],
    starts: List[bool],
) -> Doc:
    """Return a spaCy document with gold annotation."""
    doc = Doc(nlp.vocab, words=words, spaces=spaces, ents=_clean_names(names), sent_starts=starts)
    for token, (pos, feats, lemma) in zip(doc, tags):
        token.pos_ = pos
        token.set_morph(feats or "_")
        token.lemma_ = lemma
    return doc


def _clean_names(names: List[str]) -> List[str]:
    """Repair IOB tags that begin with I- or change label inside."""
    fixed: List[str] = []
    for tag in names:
        before = fixed[-1] if fixed else "O"
        if tag.startswith("I-") and before[2:] != tag[2:]:
            tag = "B-" + tag[2:]
        fixed.append(tag)
    return fixed


def training_docs(nlp: Language, treebank: Path, seed: int = 0) -> List[Doc]:
    """Return the training documents of both languages, shuffled; nothing of UD dev or test is among them."""
    rng = random.Random(seed)
    mapper = learn_mapping(treebank)
    kept_out = {
        fingerprint(sentence)
        for language in LANGUAGES
        for part in ("dev", "test")
        for sentence in read_universal(treebank, language, part)
    }
    docs = []
    for language in LANGUAGES:
        sentences = [s for s in map(without_headlines, read_ndt(treebank, language)) if s]
        sentences = [s for s in sentences if fingerprint(s) not in kept_out]
        for group in _grouped(sentences, SENTENCES_PER_DOC):
            words: List[str] = []
            spaces: List[bool] = []
            tags: List[Tuple[str, str, str]] = []
            names: List[str] = []
            starts: List[bool] = []
            for sentence in group:
                forms, gaps = detokenise([word.form for word in sentence], rng)
                words, spaces = words + forms, spaces + gaps
                tags += mapper.map(sentence)
                names += [word.name for word in sentence]
                starts += [index == 0 for index in range(len(sentence))]
            docs.append(make_doc(nlp, words, spaces, tags, names, starts))
    rng.shuffle(docs)
    return docs


def gold_docs(nlp: Language, treebank: Path, language: str, part: str) -> List[Doc]:
    """Return the UD sentences of one section as documents, a document a sentence, for scoring."""
    docs = []
    for sentence in read_universal(treebank, language, part):
        docs.append(
            make_doc(
                nlp,
                [word.form for word in sentence],
                [word.space for word in sentence],
                [(word.pos, word.feats, word.lemma) for word in sentence],
                [word.name for word in sentence],
                [index == 0 for index in range(len(sentence))],
            )
        )
    return docs


def _grouped(items: Sequence[Sentence], size: int) -> Iterable[Sequence[Sentence]]:
    return (items[start : start + size] for start in range(0, len(items), size))
