"""FHIR R4 Composition: the signed note as a document with coded sections."""

from collections.abc import Sequence

from telehealth.domain.consultation import Consultation
from telehealth.domain.note import Addendum, Note, Outcome
from telehealth.domain.note_versions import Section
from telehealth.fhir.text import Resource, coding, instant, narrative, paragraphs, reference

LOINC = "http://loinc.org"
SECTIONS: tuple[tuple[str, str, str, str], ...] = (
    ("history", "History", "10164-2", "History of Present illness Narrative"),
    ("findings", "Findings", "29545-1", "Physical findings Narrative"),
    ("assessment", "Assessment", "51848-0", "Evaluation note"),
    ("plan", "Plan", "18776-5", "Plan of care note"),
)
"""Field of the note → title and LOINC code of its section."""


def composition_to_fhir(note: Note, visit: Consultation, addenda: Sequence[Addendum]) -> Resource:
    """Return the Composition of a signed note; with addenda its status is `amended`.

    Its language is the one in which the author's page spoke, where that is known.
    """
    signed = note.signed_at or note.updated_at
    latest = max([signed, *(each.added_at for each in addenda)])
    return {
        "resourceType": "Composition",
        "id": note.id,
        **({"language": note.language} if note.language else {}),
        "status": "amended" if addenda else "final",
        "type": {
            "coding": [
                coding(LOINC, "11488-4", "Consult note"),
                coding(LOINC, "75496-0", "Telehealth Note"),
            ]
        },
        "subject": reference("Patient", note.patient_id),
        "encounter": reference("Encounter", visit.id),
        "date": instant(latest),
        "author": [reference("Practitioner", note.author_id)],
        "title": "Virtual consultation note",
        "attester": [
            {"mode": "legal", "time": instant(signed), "party": reference("Practitioner", note.author_id)}
        ],
        "custodian": reference("Organization", note.organization_id),
        "section": _sections(note, addenda),
    }


def _sections(note: Note, addenda: Sequence[Addendum]) -> list[Resource]:
    found: list[Resource] = [
        {
            "title": title,
            "code": {"coding": [coding(LOINC, code, display)]},
            "text": narrative(getattr(note.content, field)),
        }
        for field, title, code, display in SECTIONS
        if getattr(note.content, field)
    ]
    if note.content.outcome or note.content.when:
        agreed = ": ".join(part for part in (note.content.outcome.value, note.content.when) if part)
        found.append({"title": "Outcome", "text": narrative(agreed)})
    found += [
        {
            "title": "Addendum",
            "author": [reference("Practitioner", each.author_id)],
            "text": narrative(f"{instant(each.added_at)}", each.text),
        }
        for each in addenda
    ]
    return found


def sections_from_fhir(composition: Resource) -> list[Section]:
    """Return the sections of a Composition that was made here, named as the fields of the note."""
    names = {title: field for field, title, *_ in SECTIONS}
    found: list[Section] = []
    for each in composition["section"]:
        text = "\n".join(paragraphs(each["text"]))
        if each["title"] in names:
            found.append(Section(names[each["title"]], text))
        elif each["title"] == "Outcome":
            found += _agreed(text)
        else:
            found.append(Section("addendum", text.partition("\n")[2]))
    return found


def _agreed(text: str) -> list[Section]:
    """Part what was agreed, and when; either may be missing."""
    outcome, _, when = text.partition(": ")
    if not outcome or outcome not in set(Outcome):
        outcome, when = "", text
    parts = (Section("outcome", outcome), Section("when", when))
    return [each for each in parts if each.text]
