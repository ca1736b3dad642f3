"""What relatives say about work, home, consent and who is closest is noticed, and a question about it is not."""

from pathlib import Path

import pytest

from knowledge import Knowledge, KnowledgeError
from knowledge.navigator_loader import load_navigator
from knowledge.told import FILE, Told, check_told, load_told
from knowledge.vocabulary import SAID_FACTS


@pytest.fixture(scope="module")
def told() -> Told:
    """The phrases as shipped."""
    return load_told()


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("Jeg er i jobb, kan jeg få fri?", {"arbeid": "ansatt"}),
        ("eg jobbar i barnehage", {"arbeid": "ansatt"}),
        ("Æ e i jobb", {"arbeid": "ansatt"}),
        ("Sjefen min sier nei", {"arbeid": "ansatt"}),
        ("Eg jobbar ikkje", {"arbeid": "ikke_jobb"}),
        ("Jeg er ikke i jobb for tiden", {"arbeid": "ikke_jobb"}),
        ("Jeg er pensjonist og kona er syk", {"arbeid": "pensjonist"}),
        ("eg driv for meg sjølv", {"arbeid": "selvstendig"}),
        ("Vi bor sammen", {"bor": "sammen"}),
        ("pappa bor hos meg", {"bor": "sammen"}),
        ("vi bur ikkje saman", {"bor": "hver"}),
        ("Mor bor alene og faller ofte", {"bor": "hver"}),
        ("far min bur på sjukeheim", {"bor": "institusjon"}),
        ("jeg er alenemor", {"bor": "alene"}),
        ("Hun har sagt ja til at jeg får vite", {"samtykke": "ja"}),
        ("ho har sagt at det er greitt", {"samtykke": "ja"}),
        ("Han vil ikke at jeg skal få vite noe", {"samtykke": "nei"}),
        ("ho har ikkje gitt samtykke", {"samtykke": "nei"}),
        ("Han kan ikke samtykke", {"samtykke": "kan_ikke"}),
        ("mamma forstår ikke hva det gjelder lenger", {"samtykke": "kan_ikke"}),
        ("Jeg er nærmeste pårørende", {"naermeste": "ja"}),
        ("eg er ikkje næraste pårørande", {"naermeste": "nei"}),
        ("Jeg er i jobb og vi bor sammen", {"arbeid": "ansatt", "bor": "sammen"}),
    ],
)
def test_a_fact_is_noticed(told: Told, text: str, facts: dict[str, str]) -> None:
    assert told.facts_in(text) == facts


@pytest.mark.parametrize(
    "text",
    [
        "Må hun samtykke for at jeg skal få vite noe?",
        "Har han sagt ja?",
        "Kan han samtykke?",
        "Jeg kan ikke samtykke for ham, vel?",
        "Hvem er nærmeste pårørende?",
        "Han jobber om natten",
        "Skal vi flytte sammen?",
        "Vi vil ha ham på sykehjem",
        "",
        "Mamma har fått demens",
    ],
)
def test_what_only_sounds_like_it_is_not_a_fact(told: Told, text: str) -> None:
    assert told.facts_in(text) == {}


@pytest.mark.parametrize("text", ["vet ikke", "Veit ikkje.", "Jeg vet ikke!"])
def test_not_to_know_is_understood_only_alone(told: Told, text: str) -> None:
    assert told.is_unknown(text)
    assert not told.is_unknown(f"{text} hva jeg skal gjøre")


def test_of_two_meanings_as_long_neither_counts(told: Told) -> None:
    assert told.facts_in("Jeg er pensjonist. Nei, jeg er student") == {}


def test_every_phrase_is_found_again(told: Told) -> None:
    assert list(check_told(told)) == []


def test_a_phrase_that_another_value_takes_is_found(told: Told) -> None:
    spoiled = told.model_copy(
        update={"fakta": {**told.fakta, "arbeid": {**told.fakta["arbeid"], "elev": ("jeg er student",)}}}
    )
    assert ("arbeid", "«jeg er student» blir ikke forstått som elev") in list(check_told(spoiled))


def test_a_value_without_a_phrase_is_found(told: Told) -> None:
    spoiled = told.model_copy(update={"fakta": {**told.fakta, "naermeste": {"ja": ("jeg er nærmest",)}}})
    assert ("naermeste", "nei har ingen ord") in list(check_told(spoiled))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("  naermeste:", "  naermest:"),
        ("    pensjonist:", "    pensjon:"),
        ("arbeid: ansatt", "arbeid: i_jobb"),
    ],
)
def test_a_value_nobody_asks_for_is_refused(tmp_path: Path, before: str, after: str) -> None:
    file = tmp_path / "told.yaml"
    file.write_text(FILE.read_text(encoding="utf-8").replace(before, after, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"told\.yaml"):
        load_told(file)


def test_the_navigator_and_the_conditions_mean_the_same() -> None:
    navigator = load_navigator()
    for fact in ("arbeid", "bor"):
        question = navigator.question(fact)
        assert question is not None
        assert {option.value for option in question.options} == set(SAID_FACTS[fact])


def test_every_fact_changes_an_answer(knowledge: Knowledge) -> None:
    used = {
        (fact, value)
        for topic in knowledge.topics.values()
        for variant in topic.variants
        for fact in SAID_FACTS
        for value in getattr(variant.when, fact)
    }
    assert {fact for fact, _ in used} == set(SAID_FACTS)
    assert {value for fact, value in used if fact == "samtykke"} == {"ja", "nei", "kan_ikke"}
