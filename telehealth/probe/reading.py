"""Reading back from the shared record: what stands there must be what was typed, to the letter."""

from html.parser import HTMLParser

from telehealth.probe.answer import Answer
from telehealth.probe.booking import Booked
from telehealth.probe.http import Caller
from telehealth.probe.timeline import Timeline
from telehealth.probe.trouble import Trouble
from telehealth.probe.writing import Written

SECTIONS = {"History": "history", "Findings": "findings", "Assessment": "assessment", "Plan": "plan"}
"""Title of a Composition's section → field of the note."""


class _Narrative(HTMLParser):
    """Turns a narrative's XHTML back into the text it was made from."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def text_of(narrative: str) -> str:
    """Return the text of a narrative's `div`."""
    reader = _Narrative()
    reader.feed(narrative)
    reader.close()
    return "".join(reader.parts)


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
        each.text("title"): text_of(each.text("text", "div")) for each in composition.items("section")
    }
    wanted = {title: written.fields[field] for title, field in SECTIONS.items()}
    wanted["Outcome"] = f"{written.fields['outcome']}: {written.fields['when']}"
    for title, text in wanted.items():
        if sections.get(title) != text:
            raise Trouble(f"the record's section '{title}' is not what was typed")
