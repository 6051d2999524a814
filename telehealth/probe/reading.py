"""Reading back from the shared record: what stands there must be what was typed, to the letter."""

from telehealth.fhir.text import paragraphs
from telehealth.probe.answer import Answer
from telehealth.probe.booking import Booked
from telehealth.probe.http import Caller
from telehealth.probe.timeline import Timeline
from telehealth.probe.trouble import Trouble
from telehealth.probe.writing import Written

SECTIONS = {"History": "history", "Findings": "findings", "Assessment": "assessment", "Plan": "plan"}
"""Title of a Composition's section → field of the note."""


async def read_back(staff: Caller, booked: Booked, written: Written, timeline: Timeline) -> None:
    """Compare Encounter, Composition and Patient with what was done and typed."""
    async with timeline.step("record") as step:
        encounter = await staff.get(f"/fhir/R4/Encounter/{booked.visit}")
        encounter.expect("Encounter", "resourceType")
        encounter.expect("finished", "status")
        encounter.expect(f"Patient/{booked.patient}", "subject", "reference")
        composition = await staff.get(f"/fhir/R4/Composition/{written.composition}")
        composition.expect("final", "status")
        composition.expect(f"Encounter/{booked.visit}", "encounter", "reference")
        compare(composition, written)
        patient = await staff.get(f"/fhir/R4/Patient/{booked.patient}")
        patient.expect(booked.patient, "id")
        patient.expect(booked.birth_date, "birthDate")
        step.detail = "Encounter, Composition and Patient hold what was typed"


def compare(composition: Answer, written: Written) -> None:
    """Raise Trouble naming the first section that is not what was typed."""
    sections = {
        each.text("title"): "".join(paragraphs({"div": each.text("text", "div")}))
        for each in composition.items("section")
    }
    wanted = {title: written.fields[field] for title, field in SECTIONS.items()}
    wanted["Outcome"] = f"{written.fields['outcome']}: {written.fields['when']}"
    for title, text in wanted.items():
        if sections.get(title) != text:
            raise Trouble(f"the record's section '{title}' is not what was typed")
