"""What the rule layer promises about a message, whoever writes it and however."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.safety import Level, screen

HERE = Path(__file__).parent
DIRECT = [tuple(line.split("\t")) for line in (HERE / "direct.tsv").read_text("utf-8").splitlines() if line]
NEAR = [line for line in (HERE / "near_misses.txt").read_text("utf-8").splitlines() if line]


def test_direct_statements_are_high_or_above_nearly_always_and_mostly_of_the_right_kind() -> None:
    verdicts = [(intent, screen(text)) for intent, text in DIRECT]
    seen = [(intent, verdict) for intent, verdict in verdicts if verdict.level >= Level.HIGH]
    assert len(seen) / len(verdicts) >= 0.95
    assert sum(intent == verdict.intent for intent, verdict in seen) / len(seen) >= 0.9


def test_hard_near_misses_seldom_alarm() -> None:
    alarms = [text for text in NEAR if screen(text).level >= Level.HIGH]
    assert len(NEAR) >= 300
    assert len(alarms) / len(NEAR) <= 0.04, alarms


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Jeg vil dø", "self"),
        ("Mannen min vil dø", "other"),
        ("Sønnen min på 14 år vil dø", "child"),
        ("Stefar slår lillebror", "child"),
    ],
)
def test_the_verdict_says_whom_it_is_about(text: str, who: str) -> None:
    assert screen(text).who == who


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Hun skrev: jeg vil ikke leve mer", "krise_selvmord_annen"),
        ("Fikk melding fra broren min: jeg orker ikke leve lenger", "krise_selvmord_annen"),
        ("Jeg sa til mannen min at jeg vil dø", "krise_selvmord_selv"),
    ],
)
def test_words_of_another_person_are_that_persons(text: str, intent: str) -> None:
    assert screen(text).intent == intent


@pytest.mark.parametrize(
    "text",
    [
        "s e l v m o r d er eneste utvei, jeg vil dø",
        "jeg har s3lvm0rdstanker",
        "jeg har selvm*rdstanker",
        "jeg har selv-mords tanker",
        "jeg har s.e.l.v.m.o.r.d.s.t.a.n.k.e.r",
        "jegvildø",
        "JEG VIIIIL DØØØØ",
        "jеg vil dø",  # a Cyrillic letter
        "jeg\u200b vil\u200b d\u200bø",
        "ｊｅｇ ｖｉｌ ｄø",
    ],
)
def test_disguised_words_are_seen(text: str) -> None:
    assert screen(text).level >= Level.HIGH


@pytest.mark.parametrize(
    "text",
    [
        "jæ orker'ke leva mer",
        "æ vil itj læv mer",
        "e orkakje leva lenger",
        "ho mor e besvimt, ho pustar'kje",
        "hainn har truga me å drebe mæ",
        "Han prøvde å drebe meg",
    ],
)
def test_dialects_are_read_by_their_sounds_and_endings(text: str) -> None:
    assert screen(text).level >= Level.HIGH


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Hjelp, Kona mi er bevisstløs", Level.HIGH),
        ("Mobilen min falt i do og ligger nå i ris, bevisstløs. Hvordan får jeg meldinger?", Level.CONCERN),
        ("Jeg trodde at han hadde tatt en overdose", Level.CONCERN),
        ("Mannen min slo meg da vi spilte yatzy på hytta", Level.CONCERN),
    ],
)
def test_what_is_said_less_surely_is_a_concern_unless_little_else_is_said(text: str, level: Level) -> None:
    verdict = screen(text)
    assert (verdict.level >= Level.HIGH) == (level >= Level.HIGH)


def test_a_worry_that_comes_back_in_other_words_raises_the_level() -> None:
    before = "Jeg er så redd når mannen min kommer hjem"
    now = "han kontrollerer alt jeg gjør"
    assert screen(now).level == Level.CONCERN
    verdict = screen(now, [before])
    assert verdict.level >= screen(now).level


def test_a_danger_in_the_middle_of_a_long_message_is_seen() -> None:
    before = "Mor fikk vedtak om hjemmetjeneste i vår, og vi har ventet lenge på avlastning. " * 12
    after = "Saksbehandleren skulle ringe på torsdag. Hva slags frist gjelder for klagen? " * 12
    verdict = screen(f"{before}Jeg orker ikke leve lenger. {after}")
    assert verdict.level >= Level.HIGH
    assert verdict.intent == "krise_selvmord_selv"


def test_evidence_points_at_the_words_in_the_original_text() -> None:
    text = "Hei 😊 unnskyld at jeg plager dere, men JEG VIL IKKE LEVE lenger ..."
    verdict = screen(text)
    words = {text[evidence.start : evidence.end] for evidence in verdict.evidence}
    assert any("VIL IKKE LEVE" in word for word in words)


@pytest.mark.parametrize(
    "statement",
    [
        "mannen min slår meg",
        "Kari vil ta livet sitt",
        "sønnen min sier han skal skyte seg",
        "broren min har prøvd å ta livet sitt",
        "jeg vil dø",
        "far puster ikke",
        "mamma med demens er borte",
        "datteren min har rømt",
        "faren slår barna",
        "han tok kvelertak på meg",
    ],
)
@pytest.mark.parametrize(
    "message",
    [
        "{} og jeg vet ikke hva jeg skal gjøre",
        "{} igjen",
        "{} siden i sommer",
        "{}, hvem kan jeg ringe?",
        "{}. Jeg har søkt om avlastning, men fått avslag.",
        "Hva gjør jeg når {}",
        "Jeg trodde det var over, men {}",
        "Jeg er lærer, men nå gjelder det meg selv: {}",
    ],
)
def test_what_is_said_around_a_statement_does_not_hide_it(statement: str, message: str) -> None:
    assert screen(message.format(statement)).level >= Level.HIGH


@pytest.mark.parametrize(
    "text",
    [
        "Kari sier hun vil dø",
        "Sigrid skal ta livet sitt",
        "jeg er redd for at Mohammed skal drepe meg",
        "ola slår meg når han er full",
        "Vi finner ikke Emil, han er fire",
    ],
)
def test_a_person_with_a_name_is_a_person(text: str) -> None:
    assert screen(text).level >= Level.HIGH


@pytest.mark.parametrize(
    "text",
    [
        "For tre år siden var jeg så langt nede at jeg ville dø, i dag vil jeg bli likeperson",
        "Mamma hørte stemmer før hun fikk riktig medisin",
        "Far stakk da jeg var tre",
        "Jeg var redd han skulle ta livet sitt, men han har fått hjelp nå",
    ],
)
def test_what_was_and_is_over_does_not_alarm(text: str) -> None:
    assert screen(text).level < Level.HIGH


@pytest.mark.parametrize(
    "text",
    [
        "Mannen min har kreft og slår meg",
        "Kona mi har angst og slår meg",
        "Mannen min slår meg når vi har lite penger",
        "Han slo meg med en flaske",
        "Eksen har sittet i fengsel og nå slår han meg",
        "Kona slår meg, jeg tør ikke gå på skolen med barna",
        "Sønnen min slår meg når han ikke får spille fifa",
        "Han banka på døra og slo meg",
        "Han slo meg fordi oppvasken ikke var tatt",
        "Samboeren min kvelte meg mens ungene så på nettbrett",
        "Hun er bevisstløs etter et uhell med motorsag",
        "Jeg har bestemt meg for å ta livet mitt. Det haster ikke.",
        "Jeg skal ta livet mitt i kveld, takk for praten",
        "Jeg vil ikke leve lenger, jeg har fått kreft",
        "Mannen min med demens slår meg hver dag",
        "Mannen truer med å drepe meg om jeg går til advokat",
        "Han brukte heroin i fjor, nå ligger han livløs på badet",
        "Mamma var innlagt i fjor. Nå hører hun stemmer igjen",
        "Jenta mi er stabil igjen, men hun kutter seg hver kveld",
        "Han er i gode hender, men nå puster han ikke",
        "Broren min er innlagt på avdelingen og sier at han skal ta livet sitt",
    ],
)
def test_what_stands_beside_a_plain_statement_does_not_hide_it(text: str) -> None:
    assert screen(text).level >= Level.HIGH


@pytest.mark.parametrize(
    ("danger", "harmless"),
    [
        ("Sønnen min truer med å ta livet av lillebroren", "Sønnen min truer med å ta livet av støvsugeren"),
        ("Jeg skal ta livet mitt", "Kan jeg ta livet mitt tilbake nå?"),
        ("Han la hånd på meg", "Han la hånd på plogen og hjalp oss"),
        ("Jeg får jul hver gang han er full", "Kommer hun hjem til jul fra rehab?"),
        ("Ungen tok en overdose paracet", "Ungen tok en overdose smågodt"),
        ("He hit her in the head again", "My mother hit her head against the cupboard"),
        ("Ungene er alene hjemme i natt, de er fire og seks", "Ungene er alene om å ha en syk pappa"),
        ("Jeg er voldtatt av broren min", "Jeg føler meg voldtatt av systemet"),
        ("Han har skrevet avskjedsbrev til oss", "Han har skrevet avskjedsbrev til arbeidsplassen"),
        ("Han hoppet fra brua", "Sønnen hoppet fra tiern i går"),
        ("Hun har tatt alle pillene sine", "Hun tok pillene sine i dag slik hun skal"),
        ("Han får hjerteinfarkt nå", "Jeg får hjerteinfarkt av strømregningen"),
        ("Sønnen rømte fra avdelingen", "Sønnen rømmer fra ansvaret"),
        ("Broren min vil dø", "Han vil dø med utsikt til havet"),
        ("Hun finner ikke hjem, hun er dement", "Hun finner ikke ordene lenger"),
    ],
)
def test_words_that_sound_alike_are_told_apart(danger: str, harmless: str) -> None:
    assert screen(danger).level >= Level.HIGH
    assert screen(harmless).level < Level.HIGH


def test_a_threat_that_also_is_a_saying_is_a_concern() -> None:
    assert screen("Broren min kommer til å drepe meg hvis han får vite om kjæresten").level == Level.CONCERN


@pytest.mark.parametrize(
    "text",
    [
        "Har skada meg selv igjen",
        "Jeg har kutta dypt og det stopper ikke",
        "Det er stor sjanse for at mor er suicidal, hun er suicidal nå",
        "Stefaren deira slår dei",
        "Han riste onga, æ høre det gjennom veggen",
        "broren min har tatt noe og jeg får han ikke våken",
        "Barnebarnet mitt på to år har fått i seg metadonen til far sin",
        "Han brakk armen hennes",
        "Jeg står ved toglinja nå, orker ikke en dag til",
        "Mamma er vekk, hjemmesykepleien fant tomt hus",
        "Gutten stakk av fra skolen i dag",
        "Mannen min tror at jeg er djevelen",
    ],
)
def test_plain_statements_are_seen_by_how_they_are_built(text: str) -> None:
    assert screen(text).level >= Level.HIGH


def test_an_earlier_message_and_this_one_are_read_together() -> None:
    assert screen("nå svarer han ikke").level == Level.NONE
    assert screen("nå svarer han ikke", ["han har fått tak i piller"]).level == Level.IMMINENT


def test_a_sentence_sent_in_two_messages_is_read_as_one() -> None:
    assert screen("dø", ["jeg vil"]).level >= Level.HIGH


def test_history_alone_raises_nothing() -> None:
    assert screen("hva koster det?", ["jeg vil dø"]).level == Level.NONE


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "?!", "😭", "\x00\x01", "𝕳", "’n", "*" * 50, "a" * 10_000, "dø " * 3_000]
)
def test_any_text_gets_a_verdict(text: str) -> None:
    screen(text, [text, text])


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400), st.lists(st.text(max_size=60), max_size=8))
def test_no_text_makes_it_raise_and_the_evidence_lies_within(text: str, history: list[str]) -> None:
    verdict = screen(text, history)
    assert 0.0 <= verdict.score <= 1.0
    assert (verdict.intent is None) == (verdict.level == Level.NONE)
    for evidence in verdict.evidence:
        assert 0 <= evidence.start < evidence.end <= len(text)


def test_the_same_message_gets_the_same_verdict() -> None:
    assert screen("Jeg vil dø", ["hei"]) == screen("Jeg vil dø", ["hei"])


def test_the_layer_needs_neither_the_engine_nor_the_rest_of_the_service() -> None:
    code = (
        "import sys, bot.safety; bot.safety.screen('Jeg vil dø'); "
        "print([m for m in sys.modules if m.startswith(('bot.', 'knowledge', 'actions', 'aiohttp', 'sqlalchemy')) "
        "and not m.startswith('bot.safety')])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
