"""Several visits of one patient are changed one after the other: the patient is told once, of all of them."""

import icalendar

from telehealth.domain.absences import Answer
from telehealth.domain.outbox import CANCELLED, CHANGES, GATHERED, GATHERS, Channel, OutboxMessage
from telehealth.notify.templates import Wording
from telehealth.services.booking import Booked
from telehealth.services.delivery import Delivery
from telehealth.services.letters import NotDelivered
from telehealth.services.ports import OutgoingMessage
from tests.cast import CARLA, House, a_patient
from tests.fakes import Posted
from tests.integration.services.test_absences import OFFICE, TOMORROW, chosen, plan
from tests.integration.services.test_calendar_mails import mailed
from tests.integration.services.test_zone_rules import EIGHT, HOUR, followed, older
from tests.services.smtp import SmtpSink


async def news(house: House, *booked: Booked) -> list[OutboxMessage]:
    """What lies in the outbox about changes of these visits."""
    async with house.assembled.opened.storage.reading() as uow:
        found = [each for visit in booked for each in await uow.outbox.of_visit(visit.visit_id)]
    return [each for each in found if each.template in GATHERED]


async def sent(house: House, failure: Exception | None = None) -> list[OutgoingMessage]:
    """What leaves now, mails first, then SMS; nothing where sending fails."""
    posted = Posted()
    posted.failure = failure
    delivery = Delivery(
        work=house.assembled.opened.work,
        messengers={Channel.EMAIL: posted, Channel.SMS: posted},
        words=Wording(),
        invitations=house.assembled.invitations,
        wishes={},
    )
    for way in Channel:
        await delivery.send_due(way)
    return posted.messages


async def two(house: House) -> list[Booked]:
    """Bo is booked twice with Dr Amara for tomorrow, and has the invitations."""
    booked = [await house.book(TOMORROW + at * HOUR) for at in range(2)]
    assert len(await sent(house)) == 4
    return booked


async def arranged(house: House, *answers: Answer) -> None:
    """Dr Amara is away tomorrow; each of the visits gets its answer."""
    changes = [chosen(row, answer) for row, answer in zip(await plan(house), answers, strict=True)]
    outcomes = await house.assembled.services.appointments.absences.carry_out(CARLA, changes)
    assert [each.refused for each in outcomes] == [None] * len(answers)


async def test_who_has_two_visits_on_the_day_gets_one_message_by_each_way(house: House) -> None:
    booked = await two(house)
    await arranged(house, Answer.LATER, Answer.CANCEL)
    found = await news(house, *booked)
    assert sorted((each.template, each.channel.value) for each in found) == [
        (CHANGES, "email"),
        (CHANGES, "sms"),
    ]
    assert await sent(house) == []  # more may come
    house.clock.at += GATHERS
    mail, sms = await sent(house)
    assert "Wednesday, 25 November 2026, 08:30, with Dr Amara Amarason\nhttp" in mail.text
    assert "Tuesday, 24 November 2026, 11:30, with Dr Amara Amarason: cancelled\n" in mail.text
    assert mail.text.count("/v?lang=en#") == 1
    assert sms.text.startswith(
        "Lindenau District Hospital: your video visits have changed:"
        " Tue 24 Nov 11:30: cancelled; Wed 25 Nov 08:30 (time in Berlin). Open this link for the first: http"
    )


async def test_calendars_learn_of_each_visit_by_a_file_of_its_own(house: House, smtp_sink: SmtpSink) -> None:
    booked = await two(house)
    await arranged(house, Answer.LATER, Answer.CANCEL)
    house.clock.at += GATHERS
    mail = await mailed(house, smtp_sink)
    files = [each for each in mail.walk() if each.get_content_type() == "text/calendar"]
    calendars = [icalendar.Calendar.from_ical(each.get_content()) for each in files]
    said = {(str(each.walk("VEVENT")[0]["UID"]), str(each["METHOD"])) for each in calendars}
    assert said == {
        (booked[0].appointment.uid, "REQUEST"),
        (booked[1].appointment.uid, "CANCEL"),
    }
    assert [each["Content-Type"].params["method"] for each in files] == [str(c["METHOD"]) for c in calendars]


async def test_one_visit_alone_has_its_own_words(house: House) -> None:
    await two(house)
    await arranged(house, Answer.LATER, Answer.KEEP)
    house.clock.at += GATHERS
    mail, _ = await sent(house)
    assert mail.subject.startswith("Lindenau District Hospital: new time for your video visit")


async def test_where_all_are_off_they_are_cancelled_in_one_message(house: House) -> None:
    await two(house)
    await arranged(house, Answer.CANCEL, Answer.CANCEL)
    house.clock.at += GATHERS
    mail, sms = await sent(house)
    assert mail.subject.endswith("are cancelled")
    assert mail.text.count(": cancelled") == 2
    assert "http" not in mail.text + sms.text
    assert "(2)" in sms.text


async def test_a_message_about_two_visits_that_is_lost_is_missed_at_both(house: House) -> None:
    booked = await two(house)
    house.clock.at += HOUR
    await arranged(house, Answer.LATER, Answer.LATER)
    house.clock.at += GATHERS
    await sent(house, NotDelivered("unknown-user", final=True))
    async with house.assembled.opened.storage.reading() as uow:
        lost = await uow.outbox.lost_about([each.visit_id for each in booked])
        rows = [await uow.visits.row(each.visit_id) for each in booked]
    assert {each.visit_id for each in lost} == {each.visit_id for each in booked}
    assert [row is not None and row.undelivered for row in rows] == [True, True]


async def test_what_changed_again_before_it_left_is_told_by_that_change_alone(house: House) -> None:
    first, _ = await two(house)
    await arranged(house, Answer.LATER, Answer.CANCEL)
    desk = house.assembled.services.appointments
    await desk.cancel(CARLA, first.appointment.id)
    house.clock.at += GATHERS
    mails = [each for each in await sent(house) if each.subject]
    assert {each.subject.partition(": ")[2] for each in mails} == {
        "your video visit on Tuesday, 24 November 2026 is cancelled",
        "your video visit on Wednesday, 25 November 2026 is cancelled",
    }
    assert len(mails) == 2


async def test_visits_that_follow_new_rules_are_told_together(house: House) -> None:
    for at in range(2):
        await older(house, await house.book(EIGHT - at * HOUR), f"2026-11-23T0{8 - at}:30")
    await sent(house)
    assert [each.refused for each in await followed(house)] == [None] * 2
    house.clock.at += GATHERS
    mail, sms = await sent(house)
    assert mail.text.count("/v?lang=en#") == 2
    assert "Mon 23 Nov 15:30; Mon 23 Nov 16:30 (time in Berlin)." in sms.text


async def test_other_patients_have_messages_of_their_own(house: House) -> None:
    cid = await house.assembled.services.desk.register(OFFICE, a_patient("Cid", "Moss", "02"))
    booked = [await house.book(TOMORROW), await house.book(TOMORROW + HOUR, patient=cid)]
    await arranged(house, Answer.CANCEL, Answer.CANCEL)
    assert [each.template for each in await news(house, *booked)] == [CANCELLED] * 4


async def test_what_a_worker_may_take_already_is_not_written_over(house: House) -> None:
    booked = await two(house)
    desk = house.assembled.services.appointments
    for each in booked:
        await desk.cancel(CARLA, each.appointment.id, together=True)
        house.clock.at += GATHERS
    assert [each.template for each in await news(house, *booked)] == [CANCELLED] * 4
