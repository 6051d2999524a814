"""The elements of FHIR R4's AllergyIntolerance, in the notation of `datatypes`."""

ALLERGY: dict[str, str] = {
    "AllergyIntolerance": """
        identifier * Identifier
        clinicalStatus ? CodeableConcept:allergyintolerance-clinical
        verificationStatus ? CodeableConcept:allergyintolerance-verification
        type ? code:allergy-intolerance-type
        category * code:allergy-intolerance-category
        criticality ? code:allergy-intolerance-criticality
        code ? CodeableConcept
        patient 1 Reference(Patient)
        encounter ? Reference(Encounter)
        onset[x] ? dateTime,Age,Period,Range,string
        recordedDate ? dateTime
        recorder ? Reference(Practitioner|PractitionerRole|Patient|RelatedPerson)
        asserter ? Reference(Patient|RelatedPerson|Practitioner|PractitionerRole)
        lastOccurrence ? dateTime
        note * Annotation
        reaction * AllergyIntolerance.reaction
    """,
    "AllergyIntolerance.reaction": """
        substance ? CodeableConcept
        manifestation + CodeableConcept
        description ? string
        onset ? dateTime
        severity ? code:reaction-event-severity
        exposureRoute ? CodeableConcept
        note * Annotation
    """,
}
