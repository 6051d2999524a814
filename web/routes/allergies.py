"""The addresses of a patient's allergies and record, and of what helps to write, beside the visit."""

from web.api import allergies
from web.api.visit_shapes import AllergiesShape as Shape
from web.pages import clinic, snippets, writing
from web.route import api, keep, post, show

ALLERGIES = (
    show("/clinic-allergies", clinic.allergies, "clinic_allergies"),
    show("/clinic-record/{visit}", clinic.record, "clinic_record"),
    show("/clinic-aids/{visit}", writing.aids, "clinic_aids"),
    show("/clinic-pulled/{visit}", writing.pulled, "clinic_pulled"),
    show("/snippets", snippets.show, "snippets"),
    post("/snippets", snippets.keep, snippets.show),
    post("/snippets/remove", snippets.remove, snippets.show),
    show("/note-history/{visit}", writing.versions, "note_versions"),
    show("/wrong-patient/{visit}", writing.misfiled, "wrong_patient"),
    post("/wrong-patient/{visit}", writing.put_right, writing.misfiled),
    post("/wrong-patient/{visit}/anew", writing.begin_anew, writing.misfiled),
    keep("/clinic-note/{visit}/paper", clinic.note_paper, "note_paper"),
    api("GET", "/visits/{visit}/allergies", allergies.listed, answer=Shape),
    api("POST", "/visits/{visit}/allergies", allergies.add, body=allergies.AllergyBody, answer=Shape),
    api("POST", "/visits/{visit}/allergies/none-known", allergies.none_known, answer=Shape),
    api(
        "POST",
        "/visits/{visit}/allergies/{allergy}/end",
        allergies.end,
        body=allergies.Ending,
        answer=Shape,
    ),
)
