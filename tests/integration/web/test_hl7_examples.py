"""HL7's own examples: each valid one of our types is taken, and comes back equal to the last digit."""

import json
from collections import Counter
from io import BytesIO
from typing import Any

import pytest

from telehealth.domain.record import FROM_OUTSIDE
from telehealth.fhir.arriving import patient_element
from telehealth.fhir.received import root
from tests.integration.storage.cast import BO
from tests.integration.web.hospital import Hospital
from tests.integration.web.test_fhir_writing import FHIR, problems, treating

WRONG = {
    "MedicationRequest-medrx0301.json": "MedicationRequest.dispenseRequest.performer.reference",
    "Observation-clinical-gender.json": "Observation.performer[0].reference",
}
"""What R4 itself does not allow: these name a Practitioner and an Encounter where none can stand."""
OURS, ENTERED = {"id", "meta"}, {"versionId", "lastUpdated"}


def of_bo(text: str) -> str:
    """An example as if it were about Bo: nobody is written about here who is not known."""
    known, element = root(text), patient_element(json.loads(text)["resourceType"]).partition(".")[2]
    whose = json.dumps({"reference": f"Patient/{BO.id}"})
    if element in known:
        said = text[known[element].start : known[element].end]
        if '"#' in said:  # who is contained has to stay referred to (dom-3)
            whose += f',"focus":[{said}]'
        return text[: known[element].start] + whose + text[known[element].end :]
    place = known["resourceType"].end
    return f'{text[:place]},"{element}":{whose}{text[place:]}'


def without_ours(text: str) -> dict[str, Any]:
    """What has to be equal: everything but the id and what meta says of the version, digits as they stand."""
    found: dict[str, Any] = json.loads(text, parse_float=str, parse_int=str)
    meta = {name: value for name, value in found.get("meta", {}).items() if name not in ENTERED}
    kept = {name: value for name, value in found.items() if name not in OURS}
    return kept | ({"meta": meta} if meta else {})


async def test_each_is_taken_and_comes_back_equal(
    hospital: Hospital, official_examples: list[tuple[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    amara, taken, refused = await treating(hospital), Counter[str](), dict[str, list[tuple[str, str]]]()
    for name, text in official_examples:
        hospital.clock.move(seconds=1)
        type_, mine = json.loads(text)["resourceType"], of_bo(text)
        made = await amara.send("POST", f"/fhir/R4/{type_}", data=BytesIO(mine.encode()), headers=FHIR)
        if made.status != 201:
            refused[name] = problems(made)
            continue
        read = await amara.get(f"/fhir/R4/{type_}/{made.json['id']}")
        assert without_ours(read.text) == without_ours(mine), name
        taken[type_] += 1
    with capsys.disabled():
        print(f"\nHL7's examples: {taken.total()} of {len(official_examples)} taken and equal: {dict(taken)}")
        for name, why in refused.items():
            print(f"  refused: {name}: {why}")
    assert {name: [place for place, _ in why] for name, why in refused.items()} == {
        name: [place] for name, place in WRONG.items()
    }
    assert set(taken) == set(FROM_OUTSIDE)
    assert taken.total() == len(official_examples) - len(WRONG)
