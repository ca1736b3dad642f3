"""Write bot/safety/language/protected.txt: real words that the crisis rules must never "correct".

A word of ordinary Norwegian that lies one slip from a word of the patterns, or that could be parted into two
of them, would otherwise be read as that word. Run again when the patterns change much:

    python scripts/make_protected_words.py CORPUS [MESSAGES ...]

CORPUS is Norwegian text (plain or .gz); MESSAGES are files of ordinary messages.
"""

import argparse
import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from bot.safety.letters import fold, squeeze
from bot.safety.lexicon import Lexicon
from bot.safety.patterns import LANGUAGE, load_rules

WORD: Final = re.compile(r"[a-zæøå]+")
COMMON: Final = 25  # so often in the corpus: a word of its own
GLUE: Final = 15  # so often is enough for a word that only looks glued together
MISSPELLING: Final = 60  # a long word seen less often than this beside a key word is a misspelling of it
LONG: Final = 8
FILES: Final = 4  # a word in so many files of messages is no slip
HEADER: Final = (
    "# Real words that look like a word of the patterns with a slip of the thumb, or like two of them glued\n"
    '# together. They are never "corrected". Made by scripts/make_protected_words.py from word counts of\n'
    "# Norwegian text.\n"
)


def lines(path: Path) -> Iterator[str]:
    """Give the lines of a text file, packed or not."""
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            yield from stream
    else:
        with path.open(encoding="utf-8") as stream:
            yield from stream


def corpus_words(path: Path, lexicon: Lexicon) -> Iterator[str]:
    """Give the corpus's words that need protection."""
    counts: Counter[str] = Counter()
    for line in lines(path):
        counts.update(WORD.findall(line.lower()))
    for word, count in counts.items():
        if count < GLUE or len(word) < 3 or is_known(word, lexicon):
            continue
        if count >= COMMON and is_near(word, lexicon):
            slip = count < MISSPELLING and len(fold(word)) >= LONG and lexicon._fuzzy(fold(word)).strong
            if not slip:
                yield word
        elif len(word) >= 5 and not lexicon.read(word).strong and lexicon.split(word):
            yield word


def message_words(paths: Iterable[Path], lexicon: Lexicon) -> Iterator[str]:
    """Give the words of ordinary messages, used by several writers, that need protection."""
    found: dict[str, set[Path]] = defaultdict(set)
    for path in paths:
        for line in lines(path):
            for word in WORD.findall(line.lower()):
                found[word].add(path)
    for word, files in found.items():
        if len(files) < FILES or len(word) < 4 or is_known(word, lexicon):
            continue
        if is_near(word, lexicon) or lexicon.split(word):
            yield word


def is_known(word: str, lexicon: Lexicon) -> bool:
    """Tell whether the word is one of the patterns' own, and not only begins like one."""
    return any(not symbol.endswith("*") for symbol in lexicon._plain(word))


def is_near(word: str, lexicon: Lexicon) -> bool:
    """Tell whether the word would be read as another that the patterns know."""
    reading = lexicon._fuzzy(fold(word))
    near = reading.strong | reading.weak or lexicon._squeezed.get(squeeze(fold(word)))
    return bool(near or lexicon._heard(word))


def main() -> None:
    """Read the arguments and write the list; earlier entries without a count of their own are kept."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("messages", type=Path, nargs="*")
    arguments = parser.parse_args()
    target = LANGUAGE / "protected.txt"
    kept = {line for line in target.read_text("utf-8").splitlines() if line and not line.startswith("#")}
    target.write_text("", "utf-8")
    load_rules.cache_clear()
    lexicon = load_rules().lexicon
    words = set(corpus_words(arguments.corpus, lexicon)) | set(message_words(arguments.messages, lexicon))
    kept = {
        word
        for word in kept
        if not is_known(word, lexicon) and (is_near(word, lexicon) or lexicon.split(word))
    }
    target.write_text(HEADER + "\n".join(sorted(words | kept)) + "\n", "utf-8")
    print(f"{len(words | kept)} protected words")


if __name__ == "__main__":
    main()
