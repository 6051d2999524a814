"""The elements of FHIR R4's CarePlan, Goal and CareTeam, in the notation of `datatypes`."""

WHOEVER = "Practitioner|PractitionerRole|Organization|RelatedPerson|Patient|CareTeam"
CARE: dict[str, str] = {
    "CarePlan": f"""
        identifier * Identifier
        instantiatesCanonical * canonical
        instantiatesUri * uri
        basedOn * Reference(CarePlan)
        replaces * Reference(CarePlan)
        partOf * Reference(CarePlan)
        status 1 code:request-status
        intent 1 code:care-plan-intent
        category * CodeableConcept
        title ? string
        description ? string
        subject 1 Reference(Patient|Group)
        encounter ? Reference(Encounter)
        period ? Period
        created ? dateTime
        author ? Reference({WHOEVER}|Device)
        contributor * Reference({WHOEVER}|Device)
        careTeam * Reference(CareTeam)
        addresses * Reference(Condition)
        supportingInfo * Reference
        goal * Reference(Goal)
        activity * CarePlan.activity
        note * Annotation
    """,
    "CarePlan.activity": """
        outcomeCodeableConcept * CodeableConcept
        outcomeReference * Reference
        progress * Annotation
        reference ? Reference(Appointment|CommunicationRequest|DeviceRequest|MedicationRequest|NutritionOrder\
|Task|ServiceRequest|VisionPrescription|RequestGroup)
        detail ? CarePlan.activity.detail
    """,
    "CarePlan.activity.detail": f"""
        kind ? code:care-plan-activity-kind
        instantiatesCanonical * canonical
        instantiatesUri * uri
        code ? CodeableConcept
        reasonCode * CodeableConcept
        reasonReference * Reference(Condition|Observation|DiagnosticReport|DocumentReference)
        goal * Reference(Goal)
        status 1 code:care-plan-activity-status
        statusReason ? CodeableConcept
        doNotPerform ? boolean
        scheduled[x] ? Timing,Period,string
        location ? Reference(Location)
        performer * Reference({WHOEVER}|HealthcareService|Device)
        product[x] ? CodeableConcept,Reference(Medication|Substance)
        dailyAmount ? SimpleQuantity
        quantity ? SimpleQuantity
        description ? string
    """,
    "Goal": """
        identifier * Identifier
        lifecycleStatus 1 code:goal-status
        achievementStatus ? CodeableConcept
        category * CodeableConcept
        priority ? CodeableConcept
        description 1 CodeableConcept
        subject 1 Reference(Patient|Group|Organization)
        start[x] ? date,CodeableConcept
        target * Goal.target
        statusDate ? date
        statusReason ? string
        expressedBy ? Reference(Patient|Practitioner|PractitionerRole|RelatedPerson)
        addresses * Reference(Condition|Observation|MedicationStatement|NutritionOrder|ServiceRequest\
|RiskAssessment)
        note * Annotation
        outcomeCode * CodeableConcept
        outcomeReference * Reference(Observation)
    """,
    "Goal.target": """
        measure ? CodeableConcept
        detail[x] ? Quantity,Range,CodeableConcept,string,boolean,integer,Ratio
        due[x] ? date,Duration
    """,
    "CareTeam": """
        identifier * Identifier
        status ? code:care-team-status
        category * CodeableConcept
        name ? string
        subject ? Reference(Patient|Group)
        encounter ? Reference(Encounter)
        period ? Period
        participant * CareTeam.participant
        reasonCode * CodeableConcept
        reasonReference * Reference(Condition)
        managingOrganization * Reference(Organization)
        telecom * ContactPoint
        note * Annotation
    """,
    "CareTeam.participant": f"""
        role * CodeableConcept
        member ? Reference({WHOEVER})
        onBehalfOf ? Reference(Organization)
        period ? Period
    """,
}
