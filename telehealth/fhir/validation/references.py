"""References between resources: what they name, and whether they may name it there."""

import re

from telehealth.fhir.text import Resource

TYPE_NAMES = """
    Account ActivityDefinition AdverseEvent AllergyIntolerance Appointment AppointmentResponse
    AuditEvent Basic Binary BiologicallyDerivedProduct BodyStructure Bundle CapabilityStatement CarePlan
    CareTeam CatalogEntry ChargeItem ChargeItemDefinition Claim ClaimResponse ClinicalImpression
    CodeSystem Communication CommunicationRequest CompartmentDefinition Composition ConceptMap Condition
    Consent Contract Coverage CoverageEligibilityRequest CoverageEligibilityResponse DetectedIssue
    Device DeviceDefinition DeviceMetric DeviceRequest DeviceUseStatement DiagnosticReport
    DocumentManifest DocumentReference EffectEvidenceSynthesis Encounter Endpoint EnrollmentRequest
    EnrollmentResponse EpisodeOfCare EventDefinition Evidence EvidenceVariable ExampleScenario
    ExplanationOfBenefit FamilyMemberHistory Flag Goal GraphDefinition Group GuidanceResponse
    HealthcareService ImagingStudy Immunization ImmunizationEvaluation ImmunizationRecommendation
    ImplementationGuide InsurancePlan Invoice Library Linkage List Location Measure MeasureReport Media
    Medication MedicationAdministration MedicationDispense MedicationKnowledge MedicationRequest
    MedicationStatement MedicinalProduct MedicinalProductAuthorization MedicinalProductContraindication
    MedicinalProductIndication MedicinalProductIngredient MedicinalProductInteraction
    MedicinalProductManufactured MedicinalProductPackaged MedicinalProductPharmaceutical
    MedicinalProductUndesirableEffect MessageDefinition MessageHeader MolecularSequence NamingSystem
    NutritionOrder Observation ObservationDefinition OperationDefinition OperationOutcome Organization
    OrganizationAffiliation Parameters Patient PaymentNotice PaymentReconciliation Person PlanDefinition
    Practitioner PractitionerRole Procedure Provenance Questionnaire QuestionnaireResponse RelatedPerson
    RequestGroup ResearchDefinition ResearchElementDefinition ResearchStudy ResearchSubject
    RiskAssessment RiskEvidenceSynthesis Schedule SearchParameter ServiceRequest Slot Specimen
    SpecimenDefinition StructureDefinition StructureMap Subscription Substance SubstanceNucleicAcid
    SubstancePolymer SubstanceProtein SubstanceReferenceInformation SubstanceSourceMaterial
    SubstanceSpecification SupplyDelivery SupplyRequest Task TerminologyCapabilities TestReport
    TestScript ValueSet VerificationResult VisionPrescription
"""
TYPES = frozenset(TYPE_NAMES.split())
"""Every type of resource in R4."""
LITERAL = re.compile(
    r"(?P<base>https?://\S+/)?(?P<type>[A-Z][A-Za-z]+)/(?P<id>[A-Za-z0-9.-]{1,64})"
    r"(/_history/[A-Za-z0-9.-]{1,64})?",
    re.ASCII,
)
ELSEWHERE = re.compile(r"(https?|urn|ftp|mllps?|cid):\S+")
"""Addresses that need not look like FHIR's own."""


def type_named(reference: str) -> str | None:
    """Return the type that a literal reference names, empty where it does not say; None for no reference."""
    found = LITERAL.fullmatch(reference)
    if found and found["type"] in TYPES:
        return found["type"]
    return "" if ELSEWHERE.fullmatch(reference) else None


def reference_problem(value: Resource, targets: frozenset[str], contained: dict[str, str]) -> tuple[str, str]:
    """Return the element at fault and what is wrong with it, or two empty texts.

    `contained` are the types of the resources within this one, by id.
    """
    literal, said = value.get("reference"), value.get("type")
    named: str | None = ""
    if isinstance(literal, str):
        inside = literal.startswith("#")
        named = contained.get(literal[1:], "" if literal == "#" else None) if inside else type_named(literal)
        if named is None and inside:
            return "reference", "There is no such contained resource."
        if named is None:
            return "reference", "A reference names a type and an id, Patient/1, or is an absolute address."
    if isinstance(said, str) and said in TYPES and named not in {"", said}:
        return "type", f"The reference is to a {named}."
    kind = named or (said if said in TYPES else "")
    if targets and kind and kind not in targets:
        return "reference" if named else "type", f"A {kind} cannot stand here."
    return "", ""
