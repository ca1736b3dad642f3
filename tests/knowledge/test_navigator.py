"""The rights navigator's rules: who may have what, why, and that nothing is promised or left out by mistake."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from knowledge import Knowledge, KnowledgeError, Situation
from knowledge.navigator import MOST_QUESTIONS, Navigator
from knowledge.navigator_loader import FOLDER, check_navigator, load_navigator, navigator_texts

NAVIGATOR = load_navigator()
CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "navigator_cases.yaml").read_text(encoding="utf-8")
)
TODAY = date(2026, 11, 25)

MUST_COVER = {
    *("pleiepenger_barn", "pleiepenger_livets_slutt", "omsorgspenger_kronisk", "omsorgspenger_alene"),
    *("opplaeringspenger", "omsorgsstonad", "avlastning", "hjelpestonad", "grunnstonad", "overgangsstonad"),
    *("permisjon_ti_dager", "permisjon_livets_slutt", "redusert_arbeidstid", "reise_ledsager", "tolk"),
    *("individuell_plan", "barnekoordinator", "koordinator", "bpa", "praktisk_bistand", "stottekontakt"),
    *("velferdsteknologi", "parorendeopplaering", "barn_som_parorende", "informasjon_naermeste"),
    *("medvirkning", "vergemal", "fremtidsfullmakt", "okonomi_radgivning"),
}


def ids(answers: dict[str, str]) -> list[str]:
    """Return what may apply, in order."""
    return [found.rule.id for found in NAVIGATOR.entitlements(answers)]


def answers_strategy() -> st.SearchStrategy[dict[str, str]]:
    """Any combination of answers, some of them skipped, missing or not ours."""
    each = {
        question.id: st.sampled_from([*(option.value for option in question.options), "?", "1108", "tull"])
        for question in NAVIGATOR.questions
    }
    return st.fixed_dictionaries({}, optional=each)


def test_there_are_forty_cases_and_more() -> None:
    assert len(CASES) >= 40
    assert len({case["who"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=[case["who"] for case in CASES])
def test_each_person_gets_the_list_that_fits(case: dict[str, Any]) -> None:
    answers = case["answers"]
    assert NAVIGATOR.valid(answers) == answers
    found = ids(answers)
    first = case.get("first", [])
    assert found[: len(first)] == first
    assert [name for name in case.get("also", []) if name not in found] == []
    assert [name for name in case.get("never", []) if name in found] == []


def test_every_case_names_rules_that_exist_and_every_rule_is_in_a_case() -> None:
    known = {rule.id for rule in NAVIGATOR.rules}
    named = {name for case in CASES for part in ("first", "also", "never") for name in case.get(part, [])}
    wanted = {name for case in CASES for part in ("first", "also") for name in case.get(part, [])}
    assert named <= known
    assert known - wanted == set()


@given(answers_strategy())
def test_any_answers_give_a_list_with_reasons(answers: dict[str, str]) -> None:
    found = NAVIGATOR.entitlements(answers)
    assert found
    assert len({item.rule.id for item in found}) == len(found)
    assert all(item.reasons for item in found)
    assert [item.score for item in found] == sorted((item.score for item in found), reverse=True)


@given(answers_strategy(), st.sampled_from([question.id for question in NAVIGATOR.questions]))
def test_another_answer_never_turns_what_was_known(answers: dict[str, str], name: str) -> None:
    """A need that was met or ruled out stays so when more is told that contradicts nothing."""
    fewer = {key: value for key, value in answers.items() if key != name}
    possible_now, possible_before = NAVIGATOR.possible(answers), NAVIGATOR.possible(fewer)
    assume(all(possible_now[key] <= possible_before[key] for key in possible_now))
    for rule in NAVIGATOR.rules:
        for need in rule.needs:
            if need.met(possible_before) is not None and not need.maybe:
                assert need.met(possible_now) == need.met(possible_before)


def test_what_the_helpline_must_cover_is_covered() -> None:
    assert {rule.id for rule in NAVIGATOR.rules} >= MUST_COVER


def test_nothing_is_wrong_in_what_is_shipped(knowledge: Knowledge) -> None:
    assert list(check_navigator(NAVIGATOR, knowledge, TODAY)) == []


def test_every_rule_has_its_paragraph_its_source_and_its_topic(knowledge: Knowledge) -> None:
    for rule in NAVIGATOR.rules:
        assert rule.topic in knowledge.topics, rule.id
        assert all("§" in law.section and law.url.startswith("https://lovdata.no/") for law in rule.law)
        assert rule.sources, rule.id


def test_every_source_is_one_of_the_knowledge_base_or_the_law_itself(knowledge: Knowledge) -> None:
    known = {source.url for topic in knowledge.topics.values() for source in topic.sources}
    for rule in NAVIGATOR.rules:
        for source in rule.sources:
            assert source.url in known or "lovdata.no" in source.url, source.url


def test_nothing_is_promised() -> None:
    promises = re.compile(r"\b(du har krav på|du har rett til|du får utbetalt|du vil få|garanter)", re.I)
    for entry, text in navigator_texts(NAVIGATOR):
        for _, value in text.both():
            assert not promises.search(value), (entry, value)


def test_no_rate_that_changes_every_year_is_in_the_rules() -> None:
    for entry, text in navigator_texts(NAVIGATOR):
        assert not re.search(r"\d ?(kr|kroner)\b", text.nb), entry


def test_there_are_at_most_eight_questions_and_each_can_be_answered() -> None:
    assert len(NAVIGATOR.questions) <= MOST_QUESTIONS
    for question in NAVIGATOR.questions:
        assert question.facts.keys() <= {option.value for option in question.options}
        for option in question.options:
            assert question.accepts(option.value)


def test_what_is_told_in_the_conversation_answers_the_questions() -> None:
    told = NAVIGATOR.told(Situation(relasjon="mor", tilstand="kreft", pasient_alder=81, kommune="1108"))
    assert told == {"hvem": "forelder", "alder": "67", "tilstand": "alvorlig", "kommune": "1108"}
    assert NAVIGATOR.told(Situation(skriver_alder=14))["arbeid"] == "elev"
    assert NAVIGATOR.told(Situation(relasjon="seg_selv", tilstand="annen_sykdom")) == {}


def test_an_age_that_only_says_grown_up_leaves_both_ages_open() -> None:
    assert NAVIGATOR.told(Situation(pasient_alder=40)) == {"alder": "voksen"}
    assert NAVIGATOR.possible({"alder": "voksen"})["alder"] == {"18_66", "67"}


def test_ages_fall_in_the_groups_of_the_law() -> None:
    groups = {
        0: "0_11",
        11.9: "0_11",
        12: "12_15",
        15: "12_15",
        16: "16_17",
        18: "18_66",
        66: "18_66",
        67: "67",
    }
    for age, group in groups.items():
        assert NAVIGATOR.told(Situation(pasient_alder=age)) == {"alder": group}


def test_a_parent_is_grown_up_without_being_asked() -> None:
    options = NAVIGATOR.shown_options(question(NAVIGATOR, "alder"), {"hvem": "forelder"})
    assert [option.value for option in options] == ["18_66", "67"]


def question(navigator: Navigator, name: str) -> Any:
    """Return a question that exists."""
    found = navigator.question(name)
    assert found
    return found


def test_a_child_is_not_asked_about_dementia() -> None:
    told = {"hvem": "barn", "alder": "0_11"}
    values = [option.value for option in NAVIGATOR.shown_options(question(NAVIGATOR, "tilstand"), told)]
    assert "demens" not in values
    assert "utvikling" in values


def test_an_overdue_review_and_an_unknown_topic_are_found(knowledge: Knowledge) -> None:
    late = NAVIGATOR.next_review + timedelta(days=1)
    assert any("gjennomgått" in problem for _, problem in check_navigator(NAVIGATOR, knowledge, late))
    rule = NAVIGATOR.rules[0].model_copy(update={"topic": "finnes_ikke"})
    spoiled = NAVIGATOR.model_copy(update={"rules": (rule,)})
    assert (rule.id, "ukjent emne finnes_ikke") in check_navigator(spoiled, knowledge, TODAY)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("sources: [stl]", "sources: [ukjent]", "okonomi_radgivning: unknown name"),
        (
            "needs: [barnet_mitt, under_18, tilsyn, i_jobb]",
            "needs: [barnet_mitt, ukjent]",
            "pleiepenger_barn",
        ),
        ("when: [{bor: [alene]}]", "when: [{bor: [månen]}]", "no such answer: bor: månen"),
        ("id: tolk\n", "id: vergemal\n", "vergemal: the id is used twice"),
        ("weight: 6\n", "weight: mye\n", "tolk: weight"),
    ],
)
def test_a_mistake_names_file_and_entry(tmp_path: Path, before: str, after: str, says: str) -> None:
    for name in ("questions.yaml", "rules.yaml"):
        (tmp_path / name).write_text((FOLDER / name).read_text(encoding="utf-8"), encoding="utf-8")
    file = tmp_path / "rules.yaml"
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load_navigator(tmp_path)
    assert says in str(caught.value)
    assert "rules.yaml" in str(caught.value)
