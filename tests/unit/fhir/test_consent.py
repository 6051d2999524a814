"""A patient's word as FHIR Consent: valid R4, exceptions below what they are exceptions from."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from telehealth.domain.consent import Consent, Sharing
from telehealth.fhir.consent import consent_to_fhir
from telehealth.fhir.validation.check import problems_of

SAID = Consent("c1", "bo", "hospital", datetime(2026, 11, 23, 9, tzinfo=UTC), version=1)
STRICT = replace(SAID, sharing=Sharing.HOUSE, denied=("noor", "cyd"), emergencies=False)


@pytest.mark.parametrize("said", [SAID, STRICT], ids=["silent", "strict"])
def test_it_is_valid(said: Consent) -> None:
    assert problems_of(consent_to_fhir(said)) == []


def test_what_is_denied_to_programs_is_told() -> None:
    denied, _ = consent_to_fhir(replace(SAID, programs=False))["provision"]["provision"]
    assert (denied["type"], denied["actor"][0]["reference"]["type"]) == ("deny", "Device")
    assert problems_of(consent_to_fhir(replace(SAID, programs=False))) == []


def test_who_is_denied_it_and_whether_in_an_emergency_is_told() -> None:
    elsewhere, noor, cyd, emergency = consent_to_fhir(STRICT)["provision"]["provision"]
    assert (elsewhere["type"], elsewhere["provision"][0]["type"]) == ("deny", "permit")
    named = [each["actor"][0]["reference"]["reference"] for each in (elsewhere["provision"][0], noor, cyd)]
    assert named == ["Organization/hospital", "Practitioner/noor", "Practitioner/cyd"]
    assert (emergency["type"], emergency["purpose"][0]["code"]) == ("deny", "BTG")
    [alone] = consent_to_fhir(SAID)["provision"]["provision"]
    assert (alone["type"], alone["purpose"][0]["code"]) == ("permit", "BTG")
