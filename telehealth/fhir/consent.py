"""FHIR R4 Consent: what a patient permits and denies about their record, as a policy with exceptions."""

from telehealth.domain.consent import Consent, Sharing
from telehealth.fhir.text import Resource, coding, instant, reference

LOINC = "http://loinc.org"
SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope"
ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
ROLE = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"


RECIPIENT = {"coding": [coding(ROLE, "IRCP", "information recipient")]}
PROGRAMS: Resource = {
    "role": RECIPIENT,
    "reference": {"type": "Device", "display": "Programs that work by themselves, of whatever house"},
}


def consent_to_fhir(consent: Consent) -> Resource:
    """Return the Consent; what stands deeper in its provisions is an exception from what stands above."""
    return {
        "resourceType": "Consent",
        "id": consent.id,
        "status": "active",
        "scope": {"coding": [coding(SCOPE, "patient-privacy", "Privacy Consent")]},
        "category": [{"coding": [coding(LOINC, "59284-0", "Consent Document")]}],
        "patient": reference("Patient", consent.patient_id),
        "dateTime": instant(consent.given_at),
        "performer": [reference("Patient", consent.patient_id)],
        "organization": [reference("Organization", consent.organization_id)],
        "policyRule": {"coding": [coding(ACT_CODE, "OPTIN", "opt-in")]},
        "provision": {"type": "permit", "provision": _exceptions(consent)},
    }


def _exceptions(consent: Consent) -> list[Resource]:
    house = consent.sharing is Sharing.HOUSE
    found = [_elsewhere(consent)] if house else []
    found += [{"type": "deny", "actor": [_actor("Practitioner", each)]} for each in consent.denied]
    if not consent.programs:
        found.append({"type": "deny", "actor": [PROGRAMS]})
    kind = "permit" if consent.emergencies else "deny"
    return [*found, {"type": kind, "purpose": [coding(REASON, "BTG", "break the glass")]}]


def _elsewhere(consent: Consent) -> Resource:
    """Return that nobody reads it but the people of one house."""
    own = {"type": "permit", "actor": [_actor("Organization", consent.organization_id)]}
    return {"type": "deny", "provision": [own]}


def _actor(type_: str, id_: str) -> Resource:
    return {"role": RECIPIENT, "reference": reference(type_, id_)}
