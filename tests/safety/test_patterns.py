"""Every pattern keeps what its own sentences promise, and every rule can be read."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.safety import Level, screen
from bot.safety.expressions import ExpressionError, Grammar
from bot.safety.lexicon import Lexicon
from bot.safety.matching import Reader
from bot.safety.patterns import FOLDER, INTENTS, Combination, Pattern, load_rules
from bot.safety.screening import Hit, find_hits
from bot.safety.tokens import read

RULES = load_rules()
HITS = [pytest.param(p, text, id=f"{p.id}: {text}") for p in RULES.patterns for text in p.hits]
MISSES = [pytest.param(p, text, id=f"{p.id}: {text}") for p in RULES.patterns for text in p.misses]
TOGETHER = [pytest.param(c, texts, id=c.id) for c in RULES.combinations for texts in c.hits]
APART = [pytest.param(c, texts, id=c.id) for c in RULES.combinations for texts in c.misses]


def found(text: str) -> dict[str, Hit]:
    return {hit.pattern: hit for hit in find_hits(text)}


@pytest.mark.parametrize(("pattern", "text"), HITS)
def test_a_pattern_hits_its_sentence_and_the_message_gets_its_level(pattern: Pattern, text: str) -> None:
    assert pattern.id in found(text)
    assert screen(text).level >= pattern.level


@pytest.mark.parametrize(("pattern", "text"), MISSES)
def test_a_pattern_leaves_its_near_miss_alone_and_so_do_the_others(pattern: Pattern, text: str) -> None:
    assert pattern.id not in found(text)
    assert screen(text).level < Level.HIGH


@pytest.mark.parametrize(("combination", "texts"), TOGETHER)
def test_two_signs_together_raise_the_level(combination: Combination, texts: tuple[str, ...]) -> None:
    verdict = screen(texts[-1], texts[:-1])
    assert verdict.level >= combination.level
    assert combination.id in {evidence.pattern for evidence in verdict.evidence}


@pytest.mark.parametrize(("combination", "texts"), APART)
def test_signs_that_only_look_alike_do_not(combination: Combination, texts: tuple[str, ...]) -> None:
    verdict = screen(texts[-1], texts[:-1])
    assert combination.id not in {evidence.pattern for evidence in verdict.evidence}


def test_every_crisis_intent_has_patterns_at_high_or_above_and_at_concern() -> None:
    for intent in INTENTS:
        levels = {pattern.level for pattern in RULES.patterns if pattern.intent == intent}
        assert levels & {Level.HIGH, Level.IMMINENT}
        assert Level.CONCERN in levels


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.name)
def test_a_pattern_file_says_who_reviewed_it_if_anybody_and_when_it_changed(path: Path) -> None:
    data = yaml.safe_load(path.read_text("utf-8"))
    assert data["reviewed_by"] is None or data["reviewed_by"].strip()
    assert isinstance(data["date"], date)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("kniv & døra & truer", "Han står ved døra og truer, han har en kniv"),
        ("kniv & døra & truer", "kniven ligger der. Han truer meg ved døra"),
        ("hamre+", "noen hamra løs"),
    ],
)
def test_parts_in_any_order_and_words_in_any_form_are_found(source: str, text: str) -> None:
    assert matches(source, text)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("truer & døra", "Han har aldri truet noen ved døra"),
        ("kniv & døra", "Kniven er sløv. Kjøkkenet er nytt. Vi har malt døra"),
        ("hamre+", "noen ropte"),
    ],
)
def test_parts_that_are_denied_or_far_apart_are_not_found(source: str, text: str) -> None:
    assert not matches(source, text)


def matches(source: str, text: str) -> bool:
    """Read one expression with the words of its own, apart from the rules in use."""
    lexicon = Lexicon({"kniv": "kniven", "truer": "true truet"})
    grammar = Grammar(
        lexicon, {"fyll": ["en"], "nekt": ["ikke aldri"], "subjekt": ["han hun vi"], "sperre": []}, {}
    )
    expression = grammar.compile(source)
    lexicon.learn(grammar.vocabulary)
    return bool(Reader(read(text, lexicon), grammar).find(expression))


@pytest.mark.parametrize(
    "source", ["(jeg vil", "jeg <finnes_ikke>", "jeg {finnes_ikke}", "jeg [vil dø", "jeg) vil", "ja?"]
)
def test_an_expression_that_cannot_be_read_is_refused_with_its_text(source: str) -> None:
    grammar = Grammar(Lexicon({}), {"fyll": [], "nekt": [], "subjekt": [], "sperre": []}, {})
    with pytest.raises(ExpressionError, match=r"in: |for: "):
        grammar.compile(source)
