"""Visits and free times as FHIR R4 are valid, and name everybody who takes part."""

from dataclasses import replace

import pytest
from fhir.resources.R4B import get_fhir_model_class

from telehealth.domain.appointment import AppointmentStatus
from telehealth.domain.proposal import Proposal, mark
from telehealth.fhir.appointment import appointment_to_fhir, proposal_to_fhir
from telehealth.fhir.bundle import searchset
from telehealth.fhir.text import Resource
from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY, NOW, VISIT_LENGTH, WARD, appointment

FREE = (NOW, NOW + VISIT_LENGTH)
WITH = (AMARA, CARDIOLOGY, WARD)


def proposal(patient_id: str) -> Resource:
    identifier = Proposal(NOW, mark(CARDIOLOGY.id), mark(AMARA.id), patient_id).id
    return proposal_to_fhir(identifier, FREE, WITH, patient_id)


@pytest.mark.parametrize("status", AppointmentStatus)
def test_a_visit_is_valid_in_every_state(status: AppointmentStatus) -> None:
    sent = appointment_to_fhir(replace(appointment(), status=status, version=3))
    get_fhir_model_class("Appointment").model_validate(sent)
    assert (sent["status"], sent["minutesDuration"], sent["meta"]["versionId"]) == (status.value, 20, "3")


@pytest.mark.parametrize("apart", [True, False])
def test_a_visit_of_a_series_names_it_as_later_versions_do(apart: bool) -> None:
    visit = replace(appointment(), series_id="series-1", recurrence="2026-11-23T10:00", apart=apart)
    sent = appointment_to_fhir(visit)
    get_fhir_model_class("Appointment").model_validate(sent)
    whole, differs = sent["extension"]
    assert whole["valueReference"]["identifier"]["value"] == "series-1@telehealth"
    assert differs["valueBoolean"] is apart
    assert "extension" not in appointment_to_fhir(appointment())


@pytest.mark.parametrize("patient, parts", [(BO.id, 4), ("", 3)])
def test_a_free_time_is_a_proposed_appointment(patient: str, parts: int) -> None:
    sent = proposal(patient)
    get_fhir_model_class("Appointment").model_validate(sent)
    assert (sent["status"], len(sent["participant"])) == ("proposed", parts)


def test_a_bundle_counts_what_matches_and_may_be_empty() -> None:
    for resources in ([], [proposal(BO.id)]):
        sent = searchset("http://localhost:8080", resources, total=7)
        get_fhir_model_class("Bundle").model_validate(sent)
        assert (sent["total"], len(sent.get("entry", []))) == (7, len(resources))
