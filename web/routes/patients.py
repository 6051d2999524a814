"""What patients come to: the pages of a visit and their part of the JSON API."""

from web.api import my, transfers
from web.api import visit_shapes as tell
from web.limits import CHANGE, FEEDBACK, JOIN_ADDRESS, RESET_ADDRESS, TRANSFER
from web.pages import after, calendar, change, lost, patient, sharing, transfer
from web.route import Access, api, keep, post, show
from web.statics import worker

PUBLIC, VISITOR = Access.PUBLIC, Access.VISITOR
JOINING, RESETTING = (JOIN_ADDRESS,), (RESET_ADDRESS,)

PATIENT_PAGES = (
    show("/v", patient.door, "visit", access=PUBLIC, camera=True),
    post("/v/code", patient.by_code, patient.again_by_code, access=PUBLIC, limits=JOINING, csrf=False),
    post("/v/calendar", calendar.of_link, patient.door, access=PUBLIC, limits=JOINING, csrf=False),
    post("/v/change", change.door, access=PUBLIC, limits=JOINING, csrf=False),
    show("/v/aside", patient.aside, "aside", access=PUBLIC),
    show("/v/waiting", patient.waiting, "waiting", access=PUBLIC),
    show("/v/in-call", patient.in_call, "during-call", access=PUBLIC),
    show("/v/beside", patient.beside, "beside-call", access=PUBLIC),
    show("/v/transfer", transfer.door, "transfer", access=PUBLIC),
    post("/v/transfer", transfer.redeem, transfer.door, access=PUBLIC, limits=JOINING, csrf=False),
    show("/v/offline", patient.offline, "offline", access=PUBLIC),
    show("/v/worker.js", worker, "worker", access=PUBLIC),
    show("/v/new-link", lost.show_new_link, "new_link", access=PUBLIC),
    post("/v/new-link", lost.new_link, lost.show_new_link, access=PUBLIC, limits=RESETTING, csrf=False),
    show("/v/not-me", lost.show_not_me, "not_me", access=PUBLIC),
    show("/v/{visit}", patient.visit, "own_visit", access=VISITOR, camera=True),
    show("/v/{visit}/calendar", calendar.of_visit, "calendar", access=VISITOR),
    show("/v/{visit}/change", change.show, "change", access=VISITOR),
    post("/v/{visit}/change", change.move, change.again, access=VISITOR, limits=(CHANGE,)),
    post("/v/{visit}/earlier", change.ask_earlier, change.again, access=VISITOR, limits=(CHANGE,)),
    post("/v/{visit}/earlier/drop", change.drop_earlier, change.again, access=VISITOR, limits=(CHANGE,)),
    show("/v/{visit}/cancel", change.show_cancel, "own_cancel", access=VISITOR),
    post("/v/{visit}/cancel", change.cancel, change.show_cancel, access=VISITOR, limits=(CHANGE,)),
    show("/v/{visit}/after", after.show, "after", access=VISITOR),
    keep("/v/{visit}/summary", after.summary, "summary_paper", access=VISITOR),
    show("/v/{visit}/seen", after.seen, "seen", access=VISITOR),
    show("/v/{visit}/sharing", sharing.show, "sharing", access=VISITOR),
    post("/v/{visit}/sharing", sharing.change, sharing.show, access=VISITOR, limits=(CHANGE,)),
    show("/v/{visit}/next/calendar", calendar.of_next, "next_calendar", access=VISITOR),
    post("/v/{visit}/feedback", after.say, patient.visit, access=VISITOR, limits=(FEEDBACK,)),
    post("/v/{visit}/text-me", patient.text_me, patient.visit, access=VISITOR),
    post("/v/{visit}/phone", patient.ask_phone, patient.visit, access=VISITOR),
    post("/v/{visit}/phone/drop", patient.drop_phone, patient.visit, access=VISITOR),
    post("/v/{visit}/not-me", lost.not_me, access=VISITOR),
)

PATIENT_JSON = (
    api(
        "POST",
        "/visit-links/look",
        my.look,
        access=PUBLIC,
        limits=JOINING,
        csrf=False,
        body=my.LinkToken,
        answer=tell.FirstScreenShape,
    ),
    api(
        "POST",
        "/visit-links/not-mine",
        my.not_mine,
        access=PUBLIC,
        limits=JOINING,
        csrf=False,
        body=my.LinkToken,
        status=204,
    ),
    api(
        "POST",
        "/visit-links/open",
        my.open_link,
        access=PUBLIC,
        limits=JOINING,
        csrf=False,
        body=my.OpenedLink,
        answer=tell.MyVisitShape,
    ),
    api(
        "POST",
        "/visit-links/transfer",
        transfers.redeem,
        access=PUBLIC,
        limits=JOINING,
        csrf=False,
        body=transfers.TransferCode,
        answer=tell.MyVisitShape,
    ),
    api(
        "POST",
        "/my/{visit}/transfer",
        transfers.issue,
        access=VISITOR,
        limits=(TRANSFER,),
        answer=tell.TransferShape,
    ),
    api("GET", "/my/{visit}", my.look_again, access=VISITOR, query=my.Known, answer=tell.MyVisitShape),
    api("POST", "/my/{visit}/consent", my.consent, access=VISITOR, answer=tell.MyVisitShape),
    api(
        "POST",
        "/my/{visit}/device",
        my.device,
        access=VISITOR,
        body=my.DeviceReport,
        answer=tell.MyVisitShape,
    ),
    api(
        "POST",
        "/my/{visit}/phone",
        my.ask_phone,
        access=VISITOR,
        body=my.PhoneWish,
        answer=tell.MyVisitShape,
    ),
    api("DELETE", "/my/{visit}/session", my.not_me, access=VISITOR, status=204),
    api("DELETE", "/my/{visit}/phone", my.drop_phone, access=VISITOR, answer=tell.MyVisitShape),
    api("POST", "/my/{visit}/wait", my.wait, access=VISITOR, body=my.WaitWish, answer=tell.MyVisitShape),
    api("POST", "/my/{visit}/step-out", my.step_out, access=VISITOR, answer=tell.MyVisitShape),
    api("POST", "/my/{visit}/leave", my.leave, access=VISITOR, answer=tell.MyVisitShape),
)
