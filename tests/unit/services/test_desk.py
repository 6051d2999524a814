"""What the registration desk takes and what it refuses, whichever door the words came in by."""

from dataclasses import replace
from datetime import date

import pytest

from telehealth.domain.access import Actor, ActorKind
from telehealth.domain.errors import BadInput
from telehealth.domain.people import Gender, Role
from telehealth.services.desk import Desk, NewPatient
from telehealth.services.trail import Work
from tests.fakes import FakeChance, FakeClock, FakeUnits

NOOR = Actor(ActorKind.STAFF, "prac-noor", Role.CLINIC_STAFF, "org-rural", "s-1", "Noor")
BO = NewPatient(
    given="Bo",
    family="Lindqvist",
    birth_date=date(1961, 4, 17),
    gender=Gender.MALE,
    language="sv",
    zone="Europe/Stockholm",
    email="bo@patients.example",
)
REFUSED = {
    "a tag that is none": ("language", "english please"),
    "no language": ("language", ""),
    "a language in other letters": ("language", "ру"),
    "a zone that nobody knows": ("zone", "Mars/Olympus"),
    "an address in brackets": ("email", "<bo@patients.example>"),
    "two addresses": ("email", "bo@patients.example,cy@patients.example"),
    "an address with a hidden sign": ("email", "bo@patients.example\u202e"),
    "a name that turns the rest round": ("family", "Lindqvist\u202egnp"),
    "a name of two lines": ("given", "Bo\u2028Approved"),
    "a name with a terminal's controls": ("given", "Bo\x9b2J"),
    "a number that turns the rest round": ("identifier_value", "19\u206661"),
}


def a_desk() -> Desk:
    return Desk(work=Work(FakeUnits(), FakeClock(), FakeChance("desk")))


@pytest.mark.parametrize("case", REFUSED)
async def test_what_cannot_be_shown_or_reached_is_refused_by_its_field(case: str) -> None:
    field, text = REFUSED[case]
    new = replace(BO, identifier_system="urn:test:id", **{field: text})  # type: ignore[arg-type]
    with pytest.raises(BadInput) as refused:
        await a_desk().register(NOOR, new)
    assert [each.field for each in refused.value.problems] == [field]


@pytest.mark.parametrize("language", ["sv", "tlh", "pt-BR", "zh-Hant-TW", "de-CH-1996"])
async def test_every_language_that_has_a_tag_is_spoken_by_somebody(language: str) -> None:
    registered = await a_desk().register(NOOR, replace(BO, language=language))
    assert registered.language == language


async def test_names_of_all_scripts_are_kept_as_written() -> None:
    new = replace(BO, given="علی\u200cرضا", family="O’Brien-Łódź")
    registered = await a_desk().register(NOOR, new)
    assert (registered.name.given, registered.name.family) == (new.given, new.family)
