"""A retry of an addendum under its Idempotency-Key adds nothing; another text under it is refused."""

from tests.integration.web.hospital import Hospital
from tests.integration.web.journeys import in_call

KEY = {"Idempotency-Key": "addendum-0001"}


async def test_an_addendum_that_is_sent_twice_is_added_once(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    note = f"/api/v1/visits/{visit}/note"
    await amara.put(note, {"version": 0, "history": "Palpitations."})
    assert (await amara.post(f"{note}/signature", {"version": 1})).status == 200
    for _ in range(2):
        answer = await amara.post(f"{note}/addenda", {"text": "Potassium was 4.1."}, headers=KEY)
        assert answer.status == 200
        assert [each["text"] for each in answer.json["addenda"]] == ["Potassium was 4.1."]
    other = await amara.post(f"{note}/addenda", {"text": "Something else."}, headers=KEY)
    assert (other.status, other.json["code"]) == (422, "idempotency-key-reused")
