"""SMS: counted as the air counts them, never more than three parts, with the words of the design."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telehealth.domain.outbox import WITH_LINK
from telehealth.domain.segments import MOST_SEGMENTS, folded, is_gsm, plain, segments
from telehealth.notify.texts import TEXTS
from telehealth.services.letters import Letter
from tests.unit.notify.speaking import LANGUAGES, WORDING

LINK = "https://telehealth.hospital.example/v?lang=en#" + "t" * 43
VALUES = {
    "minutes": "30",
    "clinic": "Hillside Clinic",
    "practitioner": "Dr Khan",
    "phone": "555 0100",
    "link": LINK,
    "code": "ABCD-EFGH",
    "page": "telehealth.hospital.example/v",
}
NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
LETTER = Letter("visit-invitation", "en", "+49", VALUES, NOW.replace(hour=9, minute=30), "Europe/Madrid", NOW)


@pytest.mark.parametrize(
    "text,parts",
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 152, 3),  # the escape does not lie across an edge
        ("ب" * 70, 1),
        ("ب" * 71, 2),
        ("ب" * 134, 2),
        ("ب" * 135, 3),
        ("😀" * 35, 1),
        ("a" * 66 + "😀" + "a" * 66, 3),
        ("í" + "a" * 70, 2),
    ],
)
def test_parts_are_counted_as_the_air_counts_them(text: str, parts: int) -> None:
    assert segments(text) == parts


@given(st.text(alphabet="aé€íب😀\n", max_size=400))
def test_a_longer_text_never_takes_fewer_parts(text: str) -> None:
    assert segments(text) <= segments(text + "a")


def test_typographers_signs_and_missing_accents_have_plain_letters() -> None:
    assert plain("Dr Khan’s “visit” – now…") == 'Dr Khan\'s "visit" - now...'
    assert folded("García López, niño, sábado") == "Garcia Lopez, niño, sabado"
    assert is_gsm(folded("Ünïversity Čapek"))
    assert folded("عيادة") == "عيادة"


def test_the_invitation_reads_as_designed() -> None:
    assert WORDING(LETTER).sms == (
        "Hillside Clinic: your video visit with Dr Khan is today at 10:30 (time in Madrid)."
        f" Open this link when it is time: {LINK} Help: 555 0100"
    )


def test_on_another_day_the_day_is_named() -> None:
    assert (
        "is on Tue 24 Nov at 10:30 (time in Madrid)." in WORDING(replace(LETTER, now=NOW.replace(day=23))).sms
    )


def test_today_is_today_where_the_reader_is() -> None:
    late = replace(LETTER, zone="Pacific/Auckland", at=NOW.replace(hour=11, minute=30))
    assert "on Wed 25 Nov at 00:30" in WORDING(late).sms


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", sorted(TEXTS))
def test_no_message_takes_more_than_three_parts(template: str, language: str) -> None:
    long = {"clinic": "Çınaraltı Üniversite Hastanesi", "practitioner": "Dra. María José Fernández-Núñez"}
    said = WORDING(replace(LETTER, template=template, language=language, values=VALUES | long)).sms
    assert segments(said) <= MOST_SEGMENTS
    assert said.endswith("555 0100")
    assert (LINK in said) == (template in WITH_LINK)


@pytest.mark.parametrize("language", LANGUAGES)
def test_also_in_brief_moves_and_stand_ins_are_not_announced_like_a_new_visit(language: str) -> None:
    letter = replace(LETTER, language=language, values=VALUES | {"practitioner": "Dr Khan " * 60})
    kinds = ("invitation", "moved", "stand-in")
    said = [WORDING(replace(letter, template=f"visit-{each}")) for each in kinds]
    assert all(each.shortened for each in said)
    assert len({each.sms for each in said}) == len(kinds)
    assert all(segments(each.sms) <= MOST_SEGMENTS for each in said)


@pytest.mark.parametrize("language", ["en", "es", "fr", "pt", "sw"])
@pytest.mark.parametrize("template", sorted(TEXTS))
def test_in_latin_letters_the_words_themselves_cost_two_parts_at_most(template: str, language: str) -> None:
    said = WORDING(replace(LETTER, template=template, language=language, now=NOW.replace(day=23)))
    assert is_gsm(said.sms)
    assert segments(said.sms) <= 2
    assert not said.shortened


def test_accents_go_before_words_do() -> None:
    long = VALUES | {"clinic": "Clínica Río Negro", "practitioner": "Dra. María José Fernández-Núñez del Río"}
    said = WORDING(replace(LETTER, language="es", values=long)).sms
    assert said.startswith("Clinica Rio Negro: su visita por video con Dra. Maria José")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_time_on_a_day_says_whose_clock_is_meant_also_in_brief(language: str) -> None:
    """The zone on file need not be the phone's: who booked from Amman was told Berlin's time as their own."""
    letter = replace(LETTER, language=language, zone="Asia/Amman")
    city = WORDING(replace(letter, template="visit-invitation")).sms.partition("(")[2].partition(")")[0]
    assert city
    for template in sorted(set(TEXTS) - {"visit-soon", "visit-nearly"}):
        for name in ("Dr Khan", "Dr Khan " * 60):
            said = WORDING(replace(letter, template=template, values=VALUES | {"practitioner": name})).sms
            assert f"({city})" in said, (template, said)
    series = replace(letter, template="series-booked", values=VALUES | {"count": "3"})
    assert f"({city})" in WORDING(series).sms


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_shows_the_clock_that_the_pages_show(language: str) -> None:
    said = WORDING(replace(LETTER, language=language, at=NOW.replace(hour=13)))
    for words in (said.sms, said.subject, said.text):
        assert "14:00" in words


def test_a_city_is_named_alone() -> None:
    assert "(time in Buenos Aires)" in WORDING(replace(LETTER, zone="America/Argentina/Buenos_Aires")).sms


def test_an_accent_of_the_city_costs_no_part() -> None:
    assert is_gsm(WORDING(replace(LETTER, language="es", zone="Europe/Berlin")).sms)
    mail = WORDING(replace(LETTER, template="visit-late", language="es", zone="Europe/Berlin"))
    assert "(hora de Berlín)" in mail.text


def test_where_arabic_is_too_long_the_doctor_is_named_before_all_other_words() -> None:
    long = VALUES | {"clinic": "Lindenau District Hospital", "practitioner": "Dr Amina Khan"}
    said = WORDING(replace(LETTER, language="ar", values=long, zone="Europe/Berlin"))
    assert said.shortened
    assert "Dr Amina Khan" in said.sms
    assert "(بتوقيت برلين)" in said.sms
    assert segments(said.sms) <= MOST_SEGMENTS


def test_without_a_phone_there_is_no_word_of_help() -> None:
    assert WORDING(replace(LETTER, values=VALUES | {"phone": ""})).sms.endswith(LINK)
