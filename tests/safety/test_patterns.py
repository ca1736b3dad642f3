"""Every pattern keeps what its own sentences promise, and every rule can be read."""

import pytest

from bot.safety import Level, screen
from bot.safety.expressions import ExpressionError, Grammar
from bot.safety.lexicon import Lexicon
from bot.safety.patterns import INTENTS, Combination, Pattern, load_rules
from bot.safety.screening import Hit, find_hits

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


@pytest.mark.parametrize(
    "source", ["(jeg vil", "jeg <finnes_ikke>", "jeg {finnes_ikke}", "jeg [vil dø", "jeg) vil", "ja?"]
)
def test_an_expression_that_cannot_be_read_is_refused_with_its_text(source: str) -> None:
    grammar = Grammar(Lexicon({}), {"fyll": [], "nekt": [], "subjekt": [], "sperre": []}, {})
    with pytest.raises(ExpressionError, match=r"in: |for: "):
        grammar.compile(source)
