"""A message as tokens: words with their readings, their place in clause and sentence, and their offsets."""

import re
from dataclasses import dataclass
from typing import Final

from .letters import clean, fold
from .lexicon import NAME, Lexicon

SPELLED_LETTERS: Final = 4  # so many single letters in a row are a spelled-out word
CLITICS: Final = frozenset({"ke", "kke", "kje", "kkje", "ikke", "itj", "itte", "n", "en", "na", "a"})
JOINED_PIECES: Final = 3  # a key word is put together again from so many pieces at most

_CHUNK = re.compile(r"[^\W_](?:[*#@$€!|']*[^\W_]+|[*#]+(?=[\s.,!?]|$))*|\n|[^\w\s]+|_+", re.UNICODE)
_SENTENCE = re.compile(r"[.!?\n\u061f\u0964]")
_CLAUSE = re.compile(r"[,;:()–—\-\"«»“”„/…\u060c]")
_DOTTED = re.compile(r"(?<!\w)[^\W\d_](?:[.\-_*·•/\\+~][^\W\d_]){2,}(?!\w)")


@dataclass(frozen=True, slots=True)
class Token:
    """One word. Offsets are those of the original text."""

    text: str
    start: int
    end: int
    sentence: int
    clause: int
    strong: frozenset[str]
    weak: frozenset[str]


@dataclass(slots=True)
class _Piece:
    text: str
    start: int
    end: int
    sentence: int
    clause: int


def read(text: str, lexicon: Lexicon) -> tuple[Token, ...]:
    """Cut a text into tokens; never raises, whatever the text holds."""
    plain, origin = clean(text)
    pieces = _pieces(_undot(plain), lexicon)
    pieces = _join_spelled(pieces, lexicon)
    tokens: list[Token] = []
    index = 0
    while index < len(pieces):
        size, word = _join_key(pieces, index, lexicon)
        if size == 1 and _is_name(text, pieces, index, lexicon, origin):
            tokens.append(_name(pieces[index], lexicon, origin))
            index += 1
            continue
        for token in _tokens(pieces[index], pieces[index + size - 1], word, lexicon, origin):
            tokens.append(token)
        index += size
    return tuple(tokens)


def _is_name(text: str, pieces: list[_Piece], index: int, lexicon: Lexicon, origin: list[int]) -> bool:
    """Tell whether the piece names a person. Where a sentence begins, or all is in capitals, a capital says nothing."""
    piece = pieces[index]
    start = origin[piece.start]
    capital = text[start].isupper() and not text[start : origin[piece.end]].isupper()
    first = index == 0 or pieces[index - 1].clause != piece.clause
    return lexicon.is_name(piece.text, capital=capital and not first)


def _name(piece: _Piece, lexicon: Lexicon, origin: list[int]) -> Token:
    """Make the token of a name, which keeps what else the word may say."""
    strong = (lexicon.read(piece.text).strong if lexicon.knows(piece.text) else frozenset()) | {NAME}
    start, end = origin[piece.start], origin[piece.end - 1] + 1
    return Token(piece.text, start, end, piece.sentence, piece.clause, strong, frozenset())


def _undot(plain: str) -> str:
    """Turn `d.ø.r` into `d ø r`, letter for letter, so that it is read as spelled out."""
    return _DOTTED.sub(lambda found: re.sub(r"[^\w]|_", " ", found.group()), plain)


def _pieces(plain: str, lexicon: Lexicon) -> list[_Piece]:
    """Find words, and count clauses and sentences by the signs between them."""
    pieces: list[_Piece] = []
    sentence = clause = 0
    for found in _CHUNK.finditer(plain):
        chunk = found.group()
        if chunk[0].isalnum():
            for start, end in _inner(chunk, lexicon):
                at = found.start()
                pieces.append(_Piece(chunk[start:end], at + start, at + end, sentence, clause))
        elif chunk == "..." or "…" in chunk or (chunk.startswith("..") and len(chunk) < 6):
            clause += 1
        elif _SENTENCE.search(chunk):
            sentence += 1
            clause += 1
        elif _CLAUSE.search(chunk) and not _hyphen(plain, found.start(), found.end()):
            clause += 1
    return pieces


def _inner(chunk: str, lexicon: Lexicon) -> list[tuple[int, int]]:
    """Return the span of a word, or two when a small word hangs on it (`vil'kje`); a trailing `!` is no letter."""
    end = len(chunk)
    while end > 1 and chunk[end - 1] in "!|@$€":
        end -= 1
    head, sign, tail = chunk[:end].rpartition("'")
    if sign and tail in CLITICS and not lexicon.knows(chunk[:end]):
        return [(0, len(head)), (len(head) + 1, end)]
    return [(0, end)]


def _hyphen(plain: str, start: int, end: int) -> bool:
    return end - start == 1 and plain[start] == "-" and start > 0 and not plain[start - 1].isspace()


def _join_spelled(pieces: list[_Piece], lexicon: Lexicon) -> list[_Piece]:
    """Put a word together that was written letter by letter."""
    out: list[_Piece] = []
    index = 0
    while index < len(pieces):
        end = index
        while end < len(pieces) and len(pieces[end].text) == 1 and pieces[end].text.isalnum():
            end += 1
        word = "".join(piece.text for piece in pieces[index:end])
        if end - index >= SPELLED_LETTERS and (lexicon.read(word).strong or lexicon.split(word)):
            first, last = pieces[index], pieces[end - 1]
            out.append(_Piece(word, first.start, last.end, first.sentence, first.clause))
            index = end
        else:
            out.extend(pieces[index : max(end, index + 1)])
            index = max(end, index + 1)
    return out


def _join_key(pieces: list[_Piece], index: int, lexicon: Lexicon) -> tuple[int, str]:
    """Put a key word together that was written in pieces (`selv mord`): how many, and the word."""
    first = pieces[index]
    for size in range(JOINED_PIECES, 1, -1):
        part = pieces[index : index + size]
        if len(part) < size or part[-1].sentence != first.sentence:
            continue
        words = [piece.text for piece in part]
        if lexicon.names_key(words):
            return size, "".join(words)
    return 1, first.text


def _tokens(first: _Piece, last: _Piece, word: str, lexicon: Lexicon, origin: list[int]) -> list[Token]:
    """Make the token of a word, or several when the word is known ones glued together."""
    start, end = origin[first.start], origin[last.end - 1] + 1
    if "*" in word or "#" in word:
        strong = lexicon.wildcard(word)
        return [Token(word, start, end, first.sentence, first.clause, strong, frozenset())]
    reading = lexicon.read(word)
    strong, weak = reading.strong, reading.weak
    whole = lexicon.contractions.get(word)
    if whole or (not strong and not weak):
        parts = whole or lexicon.split(word)
        if parts:
            return [
                Token(part, start, end, first.sentence, first.clause, lexicon.read(part).strong, frozenset())
                for part in parts
            ]
        strong = frozenset({fold(word)}) if word.isdigit() else strong
    return [Token(word, start, end, first.sentence, first.clause, strong, weak)]
