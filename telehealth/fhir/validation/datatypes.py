"""The elements of FHIR R4's data types (datatypes.html), one line each, in the notation of `shapes`.

A line is name, cardinality (`1` one, `?` perhaps one, `+` some, `*` any number) and type. A type may carry
what its references may name, `Reference(Patient|Group)`, or the name of its codes, `code:name-use`.
"""

DATATYPES: dict[str, str] = {
    "Element": "",
    "Extension": """
        url 1 uri
        value[x] ? *
    """,
    "Meta": """
        versionId ? id
        lastUpdated ? instant
        source ? uri
        profile * canonical
        security * Coding
        tag * Coding
    """,
    "Narrative": """
        status 1 code:narrative-status
        div 1 xhtml
    """,
    "Coding": """
        system ? uri
        version ? string
        code ? code
        display ? string
        userSelected ? boolean
    """,
    "CodeableConcept": """
        coding * Coding
        text ? string
    """,
    "Identifier": """
        use ? code:identifier-use
        type ? CodeableConcept
        system ? uri
        value ? string
        period ? Period
        assigner ? Reference(Organization)
    """,
    "Reference": """
        reference ? string
        type ? uri
        identifier ? Identifier
        display ? string
    """,
    "Period": """
        start ? dateTime
        end ? dateTime
    """,
    "Quantity": """
        value ? decimal
        comparator ? code:quantity-comparator
        unit ? string
        system ? uri
        code ? code
    """,
    "Money": """
        value ? decimal
        currency ? code:currencies
    """,
    "Range": """
        low ? SimpleQuantity
        high ? SimpleQuantity
    """,
    "Ratio": """
        numerator ? Quantity
        denominator ? Quantity
    """,
    "SampledData": """
        origin 1 SimpleQuantity
        period 1 decimal
        factor ? decimal
        lowerLimit ? decimal
        upperLimit ? decimal
        dimensions 1 positiveInt
        data ? string
    """,
    "Annotation": """
        author[x] ? Reference(Practitioner|Patient|RelatedPerson|Organization),string
        time ? dateTime
        text 1 markdown
    """,
    "Attachment": """
        contentType ? code:mimetypes
        language ? code
        data ? base64Binary
        url ? url
        size ? unsignedInt
        hash ? base64Binary
        title ? string
        creation ? dateTime
    """,
    "Signature": """
        type + Coding
        when 1 instant
        who 1 Reference(Practitioner|PractitionerRole|RelatedPerson|Patient|Device|Organization)
        onBehalfOf ? Reference(Practitioner|PractitionerRole|RelatedPerson|Patient|Device|Organization)
        targetFormat ? code:mimetypes
        sigFormat ? code:mimetypes
        data ? base64Binary
    """,
    "HumanName": """
        use ? code:name-use
        text ? string
        family ? string
        given * string
        prefix * string
        suffix * string
        period ? Period
    """,
    "Address": """
        use ? code:address-use
        type ? code:address-type
        text ? string
        line * string
        city ? string
        district ? string
        state ? string
        postalCode ? string
        country ? string
        period ? Period
    """,
    "ContactPoint": """
        system ? code:contact-point-system
        value ? string
        use ? code:contact-point-use
        rank ? positiveInt
        period ? Period
    """,
    "ContactDetail": """
        name ? string
        telecom * ContactPoint
    """,
    "Expression": """
        description ? string
        name ? id
        language 1 code
        expression ? string
        reference ? uri
    """,
    "Timing": """
        event * dateTime
        repeat ? Timing.repeat
        code ? CodeableConcept
    """,
    "Timing.repeat": """
        bounds[x] ? Duration,Range,Period
        count ? positiveInt
        countMax ? positiveInt
        duration ? decimal
        durationMax ? decimal
        durationUnit ? code:units-of-time
        frequency ? positiveInt
        frequencyMax ? positiveInt
        period ? decimal
        periodMax ? decimal
        periodUnit ? code:units-of-time
        dayOfWeek * code:days-of-week
        timeOfDay * time
        when * code:event-timing
        offset ? unsignedInt
    """,
    "Dosage": """
        sequence ? integer
        text ? string
        additionalInstruction * CodeableConcept
        patientInstruction ? string
        timing ? Timing
        asNeeded[x] ? boolean,CodeableConcept
        site ? CodeableConcept
        route ? CodeableConcept
        method ? CodeableConcept
        doseAndRate * Dosage.doseAndRate
        maxDosePerPeriod ? Ratio
        maxDosePerAdministration ? SimpleQuantity
        maxDosePerLifetime ? SimpleQuantity
    """,
    "Dosage.doseAndRate": """
        type ? CodeableConcept
        dose[x] ? Range,SimpleQuantity
        rate[x] ? Ratio,Range,SimpleQuantity
    """,
}
LIKE = {
    "SimpleQuantity": "Quantity",
    "Age": "Quantity",
    "Count": "Quantity",
    "Distance": "Quantity",
    "Duration": "Quantity",
}
"""What has the elements of another type, and rules of its own."""
WITH_MODIFIERS = frozenset({"Timing", "Dosage"})
"""Data types that may carry modifierExtension, as every part of a resource may (R4: BackboneElement)."""
PLAIN = frozenset(
    {"Contributor", "DataRequirement", "ParameterDefinition", "RelatedArtifact", "TriggerDefinition"}
    | {"UsageContext"}
)
"""Data types of definitions, which stand in extensions at most: only their JSON is looked at."""
