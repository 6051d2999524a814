"""The path that everything stands on: booked, opened, waiting, admitted, noted, signed, filed, read back."""

import base64
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.crypto.signatures import canonical_digest, verify
from telehealth.domain.consultation import Device, VisitStatus
from telehealth.domain.errors import (
    BadInput,
    IdentityNotConfirmed,
    NoteLocked,
    NotFound,
    NotPermitted,
    StaleVersion,
    VisitClosed,
    WrongState,
)
from telehealth.domain.note import NoteContent, NoteState, Outcome
from telehealth.domain.notices import VisitChanged, VisitEnded
from tests.cast import ADA, AMARA, CARLA, CY, MONDAY, House

TEXT = NoteContent(
    history="Palpitations for 3 weeks, worse at night.",
    findings="Pulse regular, 76.",
    assessment="Benign extrasystoles.",
    plan="Reassure <b>and</b> review.\nLess coffee.",
    outcome=Outcome.FOLLOW_UP_VIDEO,
    when="2 weeks",
)


async def test_the_whole_path(house: House) -> None:
    services = house.assembled.services
    booked = await house.book()
    bo = await house.wait(booked)
    await services.attending.device(bo, Device.READY)
    day = await services.clinic.day(AMARA)
    assert [(row.visit.status, row.patient.name.full) for row in day.rows] == [
        (VisitStatus.WAITING, "Bo Lindqvist")
    ]
    assert day.tiles.waiting == 1

    await services.consulting.admit(AMARA, booked.visit_id)
    assert (await services.attending.view(bo)).visit.status is VisitStatus.IN_PROGRESS
    await services.consulting.confirm(
        AMARA, booked.visit_id, ("name", "birth-date"), "At home", "+4930123456"
    )
    draft = await services.notes.save(AMARA, booked.visit_id, TEXT, 0)
    signed = await services.notes.sign(AMARA, booked.visit_id, draft.version)
    assert signed.state is NoteState.SIGNED
    ended = await services.consulting.end(AMARA, booked.visit_id)
    assert ended.status is VisitStatus.COMPLETED

    composition = json.loads((await services.record.read(AMARA, "Composition", signed.id)).text)
    assert composition["subject"] == {"reference": f"Patient/{house.bo.id}"}
    sections = {each["title"]: each["text"]["div"] for each in composition["section"]}
    assert "Reassure &lt;b&gt;and&lt;/b&gt; review.<br/>Less coffee." in sections["Plan"]
    encounter = await services.record.read(AMARA, "Encounter", booked.visit_id)
    assert json.loads(encounter.text)["status"] == "finished"
    assert encounter.version == 2
    view = await services.attending.view(bo)
    assert (view.agreed.outcome, view.agreed.when) == (Outcome.FOLLOW_UP_VIDEO, "2 weeks")
    assert VisitEnded(booked.visit_id, "ended") in house.heard.notices


async def test_the_signature_holds_for_what_is_filed_and_for_nothing_else(house: House) -> None:
    services = house.assembled.services
    booked = await house.book()
    await house.call(booked)
    draft = await services.notes.save(AMARA, booked.visit_id, TEXT, 0)
    signed = await services.notes.sign(AMARA, booked.visit_id, draft.version)
    async with house.assembled.opened.storage.reading() as uow:
        filed = {each.type: each for each in await uow.record.of_patient(house.bo.id)}
    provenance = json.loads(filed["Provenance"].text)
    assert provenance["target"] == [{"reference": f"Composition/{signed.id}/_history/1"}]
    signature = json.loads(base64.b64decode(provenance["signature"][0]["data"]))
    public, salt, value = (base64.b64decode(signature[name]) for name in ("publicKey", "salt", "signature"))
    composition = json.loads(filed["Composition"].text)
    del composition["meta"]
    assert verify(public, value, canonical_digest(composition, salt))
    composition["title"] = "Another note"
    assert not verify(public, value, canonical_digest(composition, salt))


async def test_nobody_else_reads_or_writes(house: House) -> None:
    services = house.assembled.services
    booked = await house.book()
    await house.call(booked)
    draft = await services.notes.save(AMARA, booked.visit_id, TEXT, 0)
    await services.notes.sign(AMARA, booked.visit_id, draft.version)
    for attempt in (
        services.consulting.visit(CY, booked.visit_id),
        services.consulting.admit(CY, booked.visit_id),
        services.consulting.end(CY, booked.visit_id),
        services.notes.open(CY, booked.visit_id),
        services.notes.save(CY, booked.visit_id, TEXT, 0),
        services.record.read(CY, "Composition", draft.id),
        services.record.read(CARLA, "Patient", house.bo.id),
        services.record.read(CARLA, "Composition", draft.id),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert (await services.clinic.day(CY)).rows == []
    for attempt in (
        services.notes.open(CARLA, booked.visit_id),
        services.consulting.visit(ADA, booked.visit_id),
        services.clinic.day(ADA),
    ):
        with pytest.raises(NotPermitted):
            await attempt


async def test_the_clinical_part_opens_only_after_who_and_where(house: House) -> None:
    services = house.assembled.services
    booked = await house.book()
    await house.wait(booked)
    await services.consulting.admit(AMARA, booked.visit_id)
    with pytest.raises(IdentityNotConfirmed):
        await services.notes.save(AMARA, booked.visit_id, TEXT, 0)


async def test_a_save_over_a_newer_version_is_refused_and_nothing_is_lost(house: House) -> None:
    notes = house.assembled.services.notes
    booked = await house.book()
    await house.call(booked)
    await notes.save(AMARA, booked.visit_id, TEXT, 0)
    await notes.save(AMARA, booked.visit_id, NoteContent(history="newer"), 1)
    with pytest.raises(StaleVersion):
        await notes.save(AMARA, booked.visit_id, NoteContent(history="older"), 1)
    view = await notes.open(AMARA, booked.visit_id)
    assert view.note is not None
    assert view.note.content.history == "newer"


async def test_a_signed_note_takes_addenda_only(house: House) -> None:
    services = house.assembled.services
    booked = await house.book()
    await house.call(booked)
    draft = await services.notes.save(AMARA, booked.visit_id, TEXT, 0)
    signed = await services.notes.sign(AMARA, booked.visit_id, draft.version)
    assert await services.notes.sign(AMARA, booked.visit_id, 1) == signed
    with pytest.raises(NoteLocked):
        await services.notes.save(AMARA, booked.visit_id, NoteContent(plan="changed"), signed.version)
    await services.notes.add(AMARA, booked.visit_id, "Potassium was 4.1.")
    composition = await services.record.read(AMARA, "Composition", signed.id)
    assert composition.version == 2
    assert json.loads(composition.text)["status"] == "amended"
    first = await services.record.read(AMARA, "Composition", signed.id, 1)
    assert json.loads(first.text)["status"] == "final"


async def test_an_empty_note_is_not_signed(house: House) -> None:
    booked = await house.book()
    await house.call(booked)
    with pytest.raises(WrongState):
        await house.assembled.services.notes.sign(AMARA, booked.visit_id, 0)


async def test_two_answers_about_a_follow_up_are_kept_as_a_draft_and_not_signed(house: House) -> None:
    notes = house.assembled.services.notes
    booked = await house.book()
    await house.call(booked)
    both = replace(TEXT, outcome=Outcome.NO_FOLLOW_UP)
    draft = await notes.save(AMARA, booked.visit_id, both, 0)
    with pytest.raises(BadInput) as refused:
        await notes.sign(AMARA, booked.visit_id, draft.version)
    assert refused.value.problems[0].code == "no-follow-up"
    mended = await notes.save(AMARA, booked.visit_id, replace(both, when=""), draft.version)
    assert (await notes.sign(AMARA, booked.visit_id, mended.version)).state is NoteState.SIGNED


@pytest.mark.parametrize("heard", ["address", "shoe-size"])
async def test_what_is_on_file_of_nobody_identifies_nobody(house: House, heard: str) -> None:
    booked = await house.book()
    await house.wait(booked)
    with pytest.raises(BadInput) as refused:
        await house.assembled.services.consulting.confirm(
            AMARA, booked.visit_id, ("name", "phone", heard), "At home", "+493005550201"
        )
    assert [each.field for each in refused.value.problems] == ["identifiers"]


async def test_consent_comes_before_the_waiting_room(house: House) -> None:
    bo = await house.arrive(await house.book())
    with pytest.raises(WrongState):
        await house.assembled.services.attending.wait(bo)


async def test_a_cancelled_visit_is_closed_and_its_time_is_free_again(house: House) -> None:
    services = house.assembled.services
    booked = await house.book()
    await services.appointments.cancel(CARLA, booked.appointment.id)
    token = booked.join_url.partition("#")[2]
    assert (await services.joining.look(token)).state == "cancelled"
    with pytest.raises(VisitClosed, match="cancelled"):
        await services.joining.open(token)
    again = await house.book()
    assert again.visit_id != booked.visit_id
    assert (await services.appointments.cancel(CARLA, booked.appointment.id)).sequence == 1


async def test_after_the_visit_the_link_says_so(house: House) -> None:
    services = house.assembled.services
    booked = await house.book()
    await house.call(booked)
    await services.consulting.end(AMARA, booked.visit_id)
    token = booked.join_url.partition("#")[2]
    assert (await services.joining.look(token)).state == "over"
    house.clock.pass_by(hours=1)
    with pytest.raises(VisitClosed):
        await services.joining.open(token)


async def test_opening_the_link_as_often_as_scanners_like_keeps_the_place(house: House) -> None:
    services = house.assembled.services
    booked = await house.book()
    bo = await house.wait(booked)
    house.clock.pass_by(minutes=3)
    token = booked.join_url.partition("#")[2]
    for _ in range(3):
        assert (await services.joining.look(token)).state == "open"
        await services.joining.open(token)
    view = await services.attending.view(bo)
    assert view.visit.waiting_at == MONDAY
    assert view.visit.status is VisitStatus.WAITING


async def test_the_clinic_hears_of_the_arrival(house: House) -> None:
    booked = await house.book()
    await house.arrive(booked)
    news = [each for each in house.heard.notices if isinstance(each, VisitChanged)]
    assert [each.status for each in news] == ["booked", "arrived"]


async def test_a_patient_cannot_be_in_two_visits(house: House) -> None:
    from telehealth.domain.errors import SlotTaken

    await house.book()
    with pytest.raises(SlotTaken):
        await house.book()
    await house.book(MONDAY + timedelta(minutes=20))
