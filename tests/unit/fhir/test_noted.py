"""A signed note as text: what the Composition was made of comes back, errors do not."""

import json
from dataclasses import replace

from telehealth.domain.note import NoteContent, Outcome
from telehealth.domain.note_versions import Section
from telehealth.fhir.composition import composition_to_fhir
from telehealth.fhir.noted import noted
from tests.unit.fhir.test_resources import ADDENDUM, NOTE, VISIT

TEXT = "Two <b>lines</b> &amp; more\nof it"


def test_a_note_comes_back_line_by_line() -> None:
    note = replace(NOTE, content=NoteContent(history=TEXT, plan="Rest."))
    found = noted(json.dumps(composition_to_fhir(note, VISIT, [])))
    assert found is not None
    assert found.author_id == NOTE.author_id
    assert found.parts == (Section("history", TEXT), Section("plan", "Rest."))


def test_what_was_agreed_is_part_of_it() -> None:
    note = replace(NOTE, content=NoteContent(plan="Rest.", outcome=Outcome.EMERGENCY, when="today"))
    found = noted(json.dumps(composition_to_fhir(note, VISIT, [])))
    assert found is not None
    assert found.parts[1:] == (Section("outcome", "emergency"), Section("when", "today"))


def test_what_was_added_stands_at_its_end_in_its_own_words() -> None:
    found = noted(json.dumps(composition_to_fhir(NOTE, VISIT, [ADDENDUM])))
    assert found is not None
    assert found.parts[-1] == Section("addendum", ADDENDUM.text)
    assert found.at == ADDENDUM.added_at


def test_what_was_an_error_is_not_read() -> None:
    assert noted(json.dumps(composition_to_fhir(NOTE, VISIT, []) | {"status": "entered-in-error"})) is None
