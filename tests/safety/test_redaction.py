"""Private numbers and addresses leave the text; everything else stays."""

import itertools
import random
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.no import fodselsnummer

from bot.safety import redact, redact_after
from bot.safety.identity import is_identity_number
from bot.safety.numbers import canonical
from bot.safety.phones import public_numbers
from bot.safety.redaction import KINDS, placeholders

VALID = "15108695088"
SEPARATORS = ["", " ", "-", ".", "  ", " - ", "\u00a0", "\n", "/", "\u200b"]


def identity_number(seed: int) -> str:
    """Make a valid number: ordinary, d-number, or synthetic of one of the three kinds."""
    rng = random.Random(seed)
    while True:
        day, month = rng.randint(1, 28), rng.randint(1, 12)
        day += rng.choice([0, 40])
        month += rng.choice([0, 40, 65, 80])
        digits = f"{day:02}{month:02}{rng.randint(0, 99):02}{rng.randint(0, 999):03}"
        first = fodselsnummer.calc_check_digit1(digits)
        if first == "10":
            continue
        second = fodselsnummer.calc_check_digit2(digits + first)
        if second != "10":
            return digits + first + second


def kinds(text: str) -> list[str]:
    return [span.kind for span in redact(text).spans]


@pytest.mark.parametrize(
    "text",
    [
        "15108695088",
        "151086 95088",
        "15.10.86-95088",
        "1 5 1 0 8 6 9 5 0 8 8",
        "fnr:151086-95088,",
        "٠١٠١٩٠١٢٣٤٥",
        "15108695077",
    ],
)
def test_an_identity_number_goes_however_it_is_written(text: str) -> None:
    assert kinds(text) == ["fodselsnummer"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("kortet er 4111 1111 1111 1111", "kort"),
        ("kontonummer 8601 11 17947", "konto"),
        ("8601.11.17947", "konto"),
        ("ring meg på 412 34 567", "telefon"),
        ("tlf 91234567", "telefon"),
        ("+47 912 34 567", "telefon"),
        ("0047 91234567", "telefon"),
        ("+46 70 123 45 67", "telefon"),
        ("kari.nordmann@example.no", "epost"),
        ("Vi bor i Storgata 12B", "adresse"),
        ("Nedre Storgate 5, 0184 Oslo", "adresse"),
        ("jeg bor i kirkeveien 14", "adresse"),
        ("kortet er 4571 0587 7065 8944", "kort"),
        ("IBAN NO93 8601 1117 947", "konto"),
        ("kontonummer 4942 64 09585", "konto"),
        ("fnr 1103803330", "fodselsnummer"),
        ("47 46 83 29 10 er nummeret", "telefon"),
        ("mobil (+47) 976 54 321", "telefon"),
        ("ring 9O123456", "telefon"),
        ("sms til 99l23456", "telefon"),
        ("ring ni en fem null åtte fem åtte sju", "telefon"),
        ("tlf nittien tolv trettifire femtiseks", "telefon"),
        ("ring 95 tre fire fem seks sju åtte", "telefon"),
        ("polsk nummer 0048 601 234 567", "telefon"),
        ("mailen er ola at gmail punktum no", "epost"),
        ("skriv til per krøllalfa online punktum no", "epost"),
        ("j.olsen [at] outlook [dot] com", "epost"),
        ("siri.moen @ yahoo.no", "epost"),
        ("lise@gmail,com", "epost"),
        ("bor i Storgata 12 B, 4. etg", "adresse"),
        ("St. Olavs gate 21B", "adresse"),
        ("Karl Johans gate 39", "adresse"),
        ("bor i dronningens gate 10", "adresse"),
        ("vi bor i Ospeholtet 5", "adresse"),
        ("ho bur på Sørstranda 87", "adresse"),
        ("Kalvøya 11, 1580 Rygge", "adresse"),
        ("Postboks 314, 8601 Mo i Rana", "adresse"),
        ("c/o Hansen, Dronningens gate 4, 4608 Kristiansand", "adresse"),
        ("garden Nordre Haugen, 2920 Leira i Valdres", "adresse"),
        ("vi bor på Nordre Myrvoll gård", "adresse"),
        ("gnr 14 bnr 3", "adresse"),
        ("hun bor i Parkveien i Moss", "adresse"),
    ],
)
def test_other_private_things_go_too(text: str, kind: str) -> None:
    assert kinds(text) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "Ring 113, 112 eller 110",
        "legevakta har 116 117 og Mental Helse 116 123",
        "Alarmtelefonen 116 111, VO-linjen 116 006, tlf 02800",
        "Kirkens SOS 22 40 00 40 og Ivareta 800 40 567",
        "Jeg er 85 år, mor er 92 og far ble 67",
        "Vi fikk 450 000 kr i 2019 og 512 300 kroner i 2020",
        "beløpet var 12345678 kr",
        "pasient- og brukerrettighetsloven § 3-1, lov 2. juli 1999 nr. 63",
        "saksnummer 2023/123456",
        "org.nr. 974 760 673",
        "den 15.10.1986 klokka 12:30",
        "fra 2015-2019 og 2020 - 2024",
        "åpent 08-20, lørdag 10-14",
        "0184 Oslo og 7030 Trondheim",
        "10 mg klokka 8, 12, 16 og 20",
        "12 timer i uka, 48 uker, 37,5 prosent",
        "3 barn på 4, 7 og 11 år",
        "jeg har gått den veien 3 ganger",
        "NAV har brukt 18 uker, fristen var 6 uker",
        "besøkstid 20.00-22.00, fri 24.12-31.12",
        "timen er 1.11.2024 12.15 på poliklinikken",
        "fikk ufør 12.05.1998 100 prosent",
        "betalte 05.03.24 12 500 kr",
        "12.03.2024-15.04.2024 var hun innlagt",
        "barna er 22 24 26 28, født 1999 2001 2004 2009",
        "uke 23 24 25 26",
        "tar 50 100 200 mg",
        "25 000 000 i formue, sier han",
        "sak 24/45678912, kundenummer 45678912, ordre nr 45678912",
        "Helfo har 23 32 70 01, sykehuset 55 97 50 00",
        "en to tre fire fem seks sju åtte, jeg teller for å roe meg",
        "Har alle 3 barna rett på samtale?",
        "sykehjemsplass 14 i køen, vurderingen 2 ganger, barnehagen 4 dager",
        "Mor bor på Solbakken 2. etasje, rom 214",
        "Hun bor i Bergen 3 dager i uka, 50 prosent i Moss",
        "fylkesvei 15 og Ring 3 er stengt, E18 også",
        "Modum Bad, 3370 Vikersund",
        "NAV Grünerløkka, Markveien 57",
        "jeg tror at nav.no er nede, se helsenorge.no",
        "skriv til postmottak@kommunen.example.no",
        "spist 1l is og 2l brus, 10O prosent",
        "personnummer og inntekt 45 000 kr",
    ],
)
def test_what_is_nobodys_secret_stays(text: str) -> None:
    assert redact(text).text == text


def test_numbers_are_handed_on_as_data() -> None:
    values = {span.kind: span.value for span in redact("ring 412 34 567, fnr 130972 48022").spans}
    assert values == {"telefon": "+4741234567", "fodselsnummer": "13097248022"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ring ni en fem null åtte fem åtte sju", "+4791508587"),
        ("ring 9O123456", "+4790123456"),
        ("(+47) 976 54 321", "+4797654321"),
        ("47 46 83 29 10", "+4746832910"),
        ("no93 8601 1117 947", "NO9386011117947"),
    ],
)
def test_a_number_is_the_same_however_it_is_written(text: str, value: str) -> None:
    assert [span.value for span in redact(text).spans] == [value]


def test_two_numbers_beside_each_other_both_go() -> None:
    assert kinds("45 67 89 10/91 23 45 67") == ["telefon", "telefon"]
    assert kinds("912 34 567, 413 45 678") == ["telefon", "telefon"]


@pytest.mark.parametrize(
    "text",
    [
        "født 08.01.47 og personnummeret er 14864",
        "pnr 14864, født 080147",
        "født 8.1.1947, siste fem siffer 14864",
    ],
)
def test_an_identity_number_told_in_halves_goes(text: str) -> None:
    assert kinds(text) == ["fodselsnummer", "fodselsnummer"]


def test_a_birth_date_alone_is_an_age_and_stays() -> None:
    assert redact("født 08.01.47, saken er 12345 dager gammel").spans == ()


@given(st.lists(st.text(alphabet="0123456789 .kontor\n", max_size=30), max_size=5), st.text(max_size=40))
def test_earlier_texts_are_changed_only_together_with_the_new_one(earlier: list[str], text: str) -> None:
    stored = [redact(part).text for part in earlier]
    before, now = redact_after(stored, text)
    assert len(before) == len(stored)
    if before != stored:
        assert now.spans or any("fjernet" in part for part in before)
    if not earlier:
        assert now == redact(text)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**9), st.lists(st.integers(1, 10), max_size=4, unique=True))
def test_no_valid_identity_number_remains_however_many_messages_it_is_told_in(
    seed: int, cuts: list[int]
) -> None:
    number = identity_number(seed)
    edges = [0, *sorted(cuts), 11]
    seen: list[str] = []
    for start, end in itertools.pairwise(edges):
        seen, now = redact_after(seen, number[start:end])
        seen.append(now.text)
    assert number not in digits_of("".join(seen))


def test_help_lines_are_known_as_everybodys() -> None:
    assert {"113", "116117", "116123", "22400040"} <= public_numbers()
    for number in public_numbers():
        assert redact(f"ring {number} nå").spans == ()


def test_every_kind_has_its_words_and_they_hold_no_digits() -> None:
    assert set(placeholders()) == set(KINDS)
    assert not any(char.isdigit() for words in placeholders().values() for char in words)


@settings(max_examples=400, deadline=None)
@given(
    st.integers(0, 10**9),
    st.lists(st.sampled_from(SEPARATORS), min_size=10, max_size=10),
    st.text(max_size=20),
    st.text(max_size=20),
)
def test_no_valid_identity_number_remains_in_any_spacing(
    seed: int, gaps: list[str], before: str, after: str
) -> None:
    number = identity_number(seed)
    written = "".join(digit + gap for digit, gap in zip(number, [*gaps, ""], strict=True))
    text = f"{before} {written} {after}"
    result = redact(text)
    if not digits_of(before + after):  # with other digits around it, it may go as part of a longer number
        assert "fodselsnummer" in [span.kind for span in result.spans]
    assert number not in digits_of(result.text)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200) | st.text(alphabet="0123456789 .-/+@ab\n", max_size=120))
def test_redaction_never_raises_is_done_after_once_and_its_offsets_agree(text: str) -> None:
    result = redact(text)
    again = redact(result.text)
    assert again.text == result.text
    for span in result.spans:
        assert canonical(span.kind, text[span.start : span.end]) == span.value
        assert result.text[span.new_start : span.new_end] == placeholders()[span.kind]
    kept, position = [], 0
    for span in result.spans:
        kept += [text[position : span.start], placeholders()[span.kind]]
        position = span.end
    assert "".join([*kept, text[position:]]) == result.text
    for run in re.findall(r"\d{11,}", result.text):
        assert not any(is_identity_number(digits_of(run[i : i + 11])) for i in range(len(run) - 10))


def digits_of(text: str) -> str:
    return "".join(str(unicodedata.decimal(char)) for char in text if char.isdecimal())
