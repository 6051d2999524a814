"""The elements of the FHIR R4 resources that are taken from outside, in the notation of `datatypes`."""

from telehealth.fhir.validation.allergy import ALLERGY
from telehealth.fhir.validation.care import CARE

EVERYBODY = "Practitioner|PractitionerRole|Organization"
EVENTS = "MedicationAdministration|MedicationDispense|MedicationStatement|Procedure|Immunization|ImagingStudy"
MEASURED = "Quantity,CodeableConcept,string,boolean,integer,Range,Ratio,SampledData,time,dateTime,Period"
RESOURCES: dict[str, str] = {
    **ALLERGY | CARE,
    "Observation": f"""
        identifier * Identifier
        basedOn * Reference(CarePlan|DeviceRequest|ImmunizationRecommendation|MedicationRequest\
|NutritionOrder|ServiceRequest)
        partOf * Reference({EVENTS})
        status 1 code:observation-status
        category * CodeableConcept
        code 1 CodeableConcept
        subject ? Reference(Patient|Group|Device|Location)
        focus * Reference
        encounter ? Reference(Encounter)
        effective[x] ? dateTime,Period,Timing,instant
        issued ? instant
        performer * Reference({EVERYBODY}|CareTeam|Patient|RelatedPerson)
        value[x] ? {MEASURED}
        dataAbsentReason ? CodeableConcept
        interpretation * CodeableConcept
        note * Annotation
        bodySite ? CodeableConcept
        method ? CodeableConcept
        specimen ? Reference(Specimen)
        device ? Reference(Device|DeviceMetric)
        referenceRange * Observation.referenceRange
        hasMember * Reference(Observation|QuestionnaireResponse|MolecularSequence)
        derivedFrom * Reference(DocumentReference|ImagingStudy|Media|QuestionnaireResponse|Observation\
|MolecularSequence)
        component * Observation.component
    """,
    "Observation.referenceRange": """
        low ? SimpleQuantity
        high ? SimpleQuantity
        type ? CodeableConcept
        appliesTo * CodeableConcept
        age ? Range
        text ? string
    """,
    "Observation.component": f"""
        code 1 CodeableConcept
        value[x] ? {MEASURED}
        dataAbsentReason ? CodeableConcept
        interpretation * CodeableConcept
        referenceRange * Observation.referenceRange
    """,
    "DiagnosticReport": f"""
        identifier * Identifier
        basedOn * Reference(CarePlan|ImmunizationRecommendation|MedicationRequest|NutritionOrder\
|ServiceRequest)
        status 1 code:diagnostic-report-status
        category * CodeableConcept
        code 1 CodeableConcept
        subject ? Reference(Patient|Group|Device|Location)
        encounter ? Reference(Encounter)
        effective[x] ? dateTime,Period
        issued ? instant
        performer * Reference({EVERYBODY}|CareTeam)
        resultsInterpreter * Reference({EVERYBODY}|CareTeam)
        specimen * Reference(Specimen)
        result * Reference(Observation)
        imagingStudy * Reference(ImagingStudy)
        media * DiagnosticReport.media
        conclusion ? string
        conclusionCode * CodeableConcept
        presentedForm * Attachment
    """,
    "DiagnosticReport.media": """
        comment ? string
        link 1 Reference(Media)
    """,
    "Condition": """
        identifier * Identifier
        clinicalStatus ? CodeableConcept:condition-clinical
        verificationStatus ? CodeableConcept:condition-ver-status
        category * CodeableConcept
        severity ? CodeableConcept
        code ? CodeableConcept
        bodySite * CodeableConcept
        subject 1 Reference(Patient|Group)
        encounter ? Reference(Encounter)
        onset[x] ? dateTime,Age,Period,Range,string
        abatement[x] ? dateTime,Age,Period,Range,string
        recordedDate ? dateTime
        recorder ? Reference(Practitioner|PractitionerRole|Patient|RelatedPerson)
        asserter ? Reference(Practitioner|PractitionerRole|Patient|RelatedPerson)
        stage * Condition.stage
        evidence * Condition.evidence
        note * Annotation
    """,
    "Condition.stage": """
        summary ? CodeableConcept
        assessment * Reference(ClinicalImpression|DiagnosticReport|Observation)
        type ? CodeableConcept
    """,
    "Condition.evidence": """
        code * CodeableConcept
        detail * Reference
    """,
    "MedicationRequest": f"""
        identifier * Identifier
        status 1 code:medicationrequest-status
        statusReason ? CodeableConcept
        intent 1 code:medicationrequest-intent
        category * CodeableConcept
        priority ? code:request-priority
        doNotPerform ? boolean
        reported[x] ? boolean,Reference(Patient|{EVERYBODY}|RelatedPerson)
        medication[x] 1 CodeableConcept,Reference(Medication)
        subject 1 Reference(Patient|Group)
        encounter ? Reference(Encounter)
        supportingInformation * Reference
        authoredOn ? dateTime
        requester ? Reference({EVERYBODY}|Patient|RelatedPerson|Device)
        performer ? Reference({EVERYBODY}|Patient|Device|RelatedPerson|CareTeam)
        performerType ? CodeableConcept
        recorder ? Reference(Practitioner|PractitionerRole)
        reasonCode * CodeableConcept
        reasonReference * Reference(Condition|Observation)
        instantiatesCanonical * canonical
        instantiatesUri * uri
        basedOn * Reference(CarePlan|MedicationRequest|ServiceRequest|ImmunizationRecommendation)
        groupIdentifier ? Identifier
        courseOfTherapyType ? CodeableConcept
        insurance * Reference(Coverage|ClaimResponse)
        note * Annotation
        dosageInstruction * Dosage
        dispenseRequest ? MedicationRequest.dispenseRequest
        substitution ? MedicationRequest.substitution
        priorPrescription ? Reference(MedicationRequest)
        detectedIssue * Reference(DetectedIssue)
        eventHistory * Reference(Provenance)
    """,
    "MedicationRequest.dispenseRequest": """
        initialFill ? MedicationRequest.dispenseRequest.initialFill
        dispenseInterval ? Duration
        validityPeriod ? Period
        numberOfRepeatsAllowed ? unsignedInt
        quantity ? SimpleQuantity
        expectedSupplyDuration ? Duration
        performer ? Reference(Organization)
    """,
    "MedicationRequest.dispenseRequest.initialFill": """
        quantity ? SimpleQuantity
        duration ? Duration
    """,
    "MedicationRequest.substitution": """
        allowed[x] 1 boolean,CodeableConcept
        reason ? CodeableConcept
    """,
    "MedicationStatement": f"""
        identifier * Identifier
        basedOn * Reference(MedicationRequest|CarePlan|ServiceRequest)
        partOf * Reference(MedicationAdministration|MedicationDispense|MedicationStatement|Procedure\
|Observation)
        status 1 code:medication-statement-status
        statusReason * CodeableConcept
        category ? CodeableConcept
        medication[x] 1 CodeableConcept,Reference(Medication)
        subject 1 Reference(Patient|Group)
        context ? Reference(Encounter|EpisodeOfCare)
        effective[x] ? dateTime,Period
        dateAsserted ? dateTime
        informationSource ? Reference(Patient|{EVERYBODY}|RelatedPerson)
        derivedFrom * Reference
        reasonCode * CodeableConcept
        reasonReference * Reference(Condition|Observation|DiagnosticReport)
        note * Annotation
        dosage * Dosage
    """,
    "Immunization": """
        identifier * Identifier
        status 1 code:immunization-status
        statusReason ? CodeableConcept
        vaccineCode 1 CodeableConcept
        patient 1 Reference(Patient)
        encounter ? Reference(Encounter)
        occurrence[x] 1 dateTime,string
        recorded ? dateTime
        primarySource ? boolean
        reportOrigin ? CodeableConcept
        location ? Reference(Location)
        manufacturer ? Reference(Organization)
        lotNumber ? string
        expirationDate ? date
        site ? CodeableConcept
        route ? CodeableConcept
        doseQuantity ? SimpleQuantity
        performer * Immunization.performer
        note * Annotation
        reasonCode * CodeableConcept
        reasonReference * Reference(Condition|Observation|DiagnosticReport)
        isSubpotent ? boolean
        subpotentReason * CodeableConcept
        education * Immunization.education
        programEligibility * CodeableConcept
        fundingSource ? CodeableConcept
        reaction * Immunization.reaction
        protocolApplied * Immunization.protocolApplied
    """,
    "Immunization.performer": f"""
        function ? CodeableConcept
        actor 1 Reference({EVERYBODY})
    """,
    "Immunization.education": """
        documentType ? string
        reference ? uri
        publicationDate ? dateTime
        presentationDate ? dateTime
    """,
    "Immunization.reaction": """
        date ? dateTime
        detail ? Reference(Observation)
        reported ? boolean
    """,
    "Immunization.protocolApplied": """
        series ? string
        authority ? Reference(Organization)
        targetDisease * CodeableConcept
        doseNumber[x] 1 positiveInt,string
        seriesDoses[x] ? positiveInt,string
    """,
    "ServiceRequest": f"""
        identifier * Identifier
        instantiatesCanonical * canonical
        instantiatesUri * uri
        basedOn * Reference(CarePlan|ServiceRequest|MedicationRequest)
        replaces * Reference(ServiceRequest)
        requisition ? Identifier
        status 1 code:request-status
        intent 1 code:request-intent
        category * CodeableConcept
        priority ? code:request-priority
        doNotPerform ? boolean
        code ? CodeableConcept
        orderDetail * CodeableConcept
        quantity[x] ? Quantity,Ratio,Range
        subject 1 Reference(Patient|Group|Location|Device)
        encounter ? Reference(Encounter)
        occurrence[x] ? dateTime,Period,Timing
        asNeeded[x] ? boolean,CodeableConcept
        authoredOn ? dateTime
        requester ? Reference({EVERYBODY}|Patient|RelatedPerson|Device)
        performerType ? CodeableConcept
        performer * Reference({EVERYBODY}|CareTeam|HealthcareService|Patient|Device|RelatedPerson)
        locationCode * CodeableConcept
        locationReference * Reference(Location)
        reasonCode * CodeableConcept
        reasonReference * Reference(Condition|Observation|DiagnosticReport|DocumentReference)
        insurance * Reference(Coverage|ClaimResponse)
        supportingInfo * Reference
        specimen * Reference(Specimen)
        bodySite * CodeableConcept
        note * Annotation
        patientInstruction ? string
        relevantHistory * Reference(Provenance)
    """,
    "DocumentReference": f"""
        masterIdentifier ? Identifier
        identifier * Identifier
        status 1 code:document-reference-status
        docStatus ? code:composition-status
        type ? CodeableConcept
        category * CodeableConcept
        subject ? Reference(Patient|Practitioner|Group|Device)
        date ? instant
        author * Reference({EVERYBODY}|Device|Patient|RelatedPerson)
        authenticator ? Reference({EVERYBODY})
        custodian ? Reference(Organization)
        relatesTo * DocumentReference.relatesTo
        description ? string
        securityLabel * CodeableConcept
        content + DocumentReference.content
        context ? DocumentReference.context
    """,
    "DocumentReference.relatesTo": """
        code 1 code:document-relationship-type
        target 1 Reference(DocumentReference)
    """,
    "DocumentReference.content": """
        attachment 1 Attachment
        format ? Coding
    """,
    "DocumentReference.context": """
        encounter * Reference(Encounter|EpisodeOfCare)
        event * CodeableConcept
        period ? Period
        facilityType ? CodeableConcept
        practiceSetting ? CodeableConcept
        sourcePatientInfo ? Reference(Patient)
        related * Reference
    """,
}
