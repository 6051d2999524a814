"""Every URL on one page: method, address, handler, who may come, how often. Services decide the rest."""

from web.api import account as own
from web.api import booking, clinic, directory, my, notes, openapi, session, staff
from web.api import shapes as say
from web.api import visit_shapes as tell
from web.fhir import record
from web.limits import (
    API,
    CODE,
    INVITATION,
    JOIN_ADDRESS,
    PAGES,
    REPORTS,
    RESET_ADDRESS,
    SIGN_IN_ADDRESS,
    Limit,
)
from web.pages import account, book, health, invitation, patient, people, sign_in
from web.pages import clinic as clinic_page
from web.route import Access, Handler, Route, api
from web.statics import show as static_file

PUBLIC, KNOWN, PENDING, STAFF, VISITOR = Access
SIGNING_IN, CODES, JOINING = (PAGES, SIGN_IN_ADDRESS), (PAGES, CODE), (JOIN_ADDRESS,)


def routes() -> list[Route]:
    """Return the whole table."""
    return [*PAGES_OF_STAFF, *PAGES_OF_PATIENTS, *JSON, *FHIR, *PLAIN]


def show(path: str, handler: Handler, name: str, *, access: Access = STAFF, camera: bool = False) -> Route:
    """Return a page."""
    return Route(method="GET", path=path, handler=handler, name=name, access=access, camera=camera)


def post(
    path: str,
    handler: Handler,
    again: Handler | None = None,
    *,
    access: Access = STAFF,
    limits: tuple[Limit, ...] = (PAGES, API),
    csrf: bool = True,
) -> Route:
    """Return a form's target; `again` shows the form once more when it was refused."""
    return Route(
        method="POST", path=path, handler=handler, again=again, access=access, limits=limits, csrf=csrf
    )


PAGES_OF_STAFF = (
    show("/", sign_in.home, "home", access=KNOWN),
    show("/sign-in", sign_in.show, "sign_in", access=KNOWN),
    post("/sign-in", sign_in.password, sign_in.show, access=PUBLIC, limits=SIGNING_IN, csrf=False),
    show("/sign-in/code", sign_in.show_code, "code", access=PENDING),
    post("/sign-in/code", sign_in.code, sign_in.show_code, access=PENDING, limits=CODES),
    post("/sign-out", sign_in.sign_out, access=PENDING),
    post("/lock", sign_in.lock, access=PENDING),
    show("/unlock", sign_in.show_lock, "unlock", access=PENDING),
    post("/unlock", sign_in.unlock, sign_in.show_lock, access=PENDING, limits=CODES),
    show("/step-up", sign_in.show_step_up, "step_up"),
    post("/step-up", sign_in.step_up, sign_in.show_step_up, limits=CODES),
    show("/forgotten", sign_in.show_forgotten, "forgotten", access=PUBLIC),
    post(
        "/forgotten",
        sign_in.forgotten,
        sign_in.show_forgotten,
        access=PUBLIC,
        limits=(PAGES, RESET_ADDRESS),
        csrf=False,
    ),
    show("/invitation", invitation.door, "invitation", access=PUBLIC),
    post(
        "/invitation/look", invitation.look, invitation.door, access=PUBLIC, limits=(INVITATION,), csrf=False
    ),
    post("/invitation", invitation.accept, invitation.look, access=PUBLIC, limits=(INVITATION,), csrf=False),
    show("/account", account.show, "account"),
    post("/account/password", account.change_password, account.show, limits=CODES),
    show("/account/authenticator", account.new_authenticator, "authenticator"),
    post("/account/authenticator", account.change_authenticator, account.same_authenticator, limits=CODES),
    show("/sessions", account.sessions, "sessions"),
    post("/sessions/{session}/end", account.revoke),
    show("/people", people.show, "people"),
    post("/people", people.invite, people.show),
    post("/people/{person}/invite", people.invite_again),
    post("/people/{person}/disable", people.disable),
    post("/people/{person}/reset", people.ask_reset),
    post("/people/hours", people.add_hours, people.show),
    post("/people/{person}/hours/{hours}/remove", people.remove_hours),
    show("/resets", people.show_resets, "resets"),
    post("/resets/{reset}/approve", people.approve),
    show("/audit", people.audit, "audit"),
    show("/clinic", clinic_page.day, "clinic", camera=True),
    show("/clinic/{visit}", clinic_page.visit, "consult", camera=True),
    show("/book", book.show, "book"),
    post("/book", book.confirm, book.again_confirm),
    post("/book/search", book.search, book.again_search),
    show("/patients/new", book.show_new_patient, "new_patient"),
    post("/patients/new", book.new, book.show_new_patient),
)

PAGES_OF_PATIENTS = (
    show("/v", patient.door, "visit", access=PUBLIC, camera=True),
    post("/v/code", patient.by_code, patient.door, access=PUBLIC, limits=JOINING, csrf=False),
    show("/v/{visit}", patient.visit, "own_visit", access=VISITOR, camera=True),
    show("/test", patient.check, "test", access=PUBLIC, camera=True),
)

JSON = (
    api(
        "POST",
        "/session",
        session.open_session,
        access=PUBLIC,
        limits=SIGNING_IN,
        csrf=False,
        body=session.Credentials,
        answer=say.SessionShape,
        status=201,
    ),
    api(
        "POST",
        "/session/code",
        session.give_code,
        access=PENDING,
        limits=CODES,
        csrf=False,
        body=session.Code,
        answer=say.SessionShape,
    ),
    api("GET", "/session", session.show, access=PENDING, answer=say.SessionShape),
    api("DELETE", "/session", session.end, access=PENDING, status=204),
    api("POST", "/session/lock", session.lock, access=PENDING, status=204),
    api(
        "POST",
        "/session/unlock",
        session.unlock,
        access=PENDING,
        limits=CODES,
        body=session.Password,
        answer=say.SessionShape,
    ),
    api(
        "POST", "/session/step-up", session.step_up, limits=CODES, body=session.Code, answer=say.SessionShape
    ),
    api("PUT", "/account/password", own.change_password, limits=CODES, body=own.PasswordChange, status=204),
    api(
        "POST",
        "/account/authenticator",
        own.new_authenticator,
        limits=CODES,
        answer=say.AuthenticatorShape,
        status=201,
    ),
    api(
        "PUT",
        "/account/authenticator",
        own.change_authenticator,
        limits=CODES,
        body=session.Code,
        answer=say.RecoveryCodes,
    ),
    api("GET", "/catalogue", directory.catalogue, answer=say.CatalogueShape),
    api("POST", "/patients/search", directory.search, body=directory.Search, answer=say.PatientList),
    api(
        "POST",
        "/patients",
        directory.register,
        body=directory.PatientBody,
        answer=say.PatientShape,
        status=201,
    ),
    api("GET", "/patients/{patient}", directory.show, answer=say.PatientShape),
    api("GET", "/slots", booking.slots, query=booking.Slots, answer=say.SlotList),
    api("POST", "/holds", booking.hold, body=booking.BookingBody, answer=say.AppointmentShape, status=201),
    api(
        "POST",
        "/appointments",
        booking.book,
        body=booking.BookingBody,
        answer=say.AppointmentShape,
        status=201,
    ),
    api("GET", "/appointments/{appointment}", booking.show, answer=say.AppointmentShape),
    api("POST", "/appointments/{appointment}/cancel", booking.cancel, answer=say.AppointmentShape),
    api("GET", "/clinic", clinic.day, query=clinic.Wanted, answer=tell.ClinicShape),
    api("GET", "/visits/{visit}", clinic.show, answer=tell.ConsultShape),
    api(
        "PUT",
        "/visits/{visit}/confirmation",
        clinic.confirm,
        body=clinic.ConfirmationBody,
        answer=tell.VisitState,
    ),
    api("POST", "/visits/{visit}/admit", clinic.admit, answer=tell.VisitState),
    api("POST", "/visits/{visit}/end", clinic.end, answer=tell.VisitState),
    api("GET", "/visits/{visit}/note", notes.show, answer=tell.NoteShape),
    api("PUT", "/visits/{visit}/note", notes.save, body=notes.NoteBody, answer=tell.NoteShape),
    api("POST", "/visits/{visit}/note/signature", notes.sign, body=notes.Version, answer=tell.NoteShape),
    api("POST", "/visits/{visit}/note/addenda", notes.add, body=notes.AddendumBody, answer=tell.NoteShape),
    api("GET", "/notes/unsigned", notes.unsigned, answer=tell.UnsignedShape),
    api("GET", "/staff", staff.listed, answer=say.StaffList),
    api("POST", "/staff", staff.invite, body=staff.StaffBody, answer=say.InvitedShape, status=201),
    api("GET", "/staff/{practitioner}/hours", staff.hours, answer=say.HoursList),
    api(
        "POST",
        "/staff/{practitioner}/hours",
        staff.add_hours,
        body=staff.HoursBody,
        answer=say.HoursShape,
        status=201,
    ),
    api("DELETE", "/staff/{practitioner}/hours/{hours}", staff.remove_hours, status=204),
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
        "/visit-links/open",
        my.open_link,
        access=PUBLIC,
        limits=JOINING,
        csrf=False,
        body=my.OpenedLink,
        answer=tell.MyVisitShape,
    ),
    api("GET", "/my/{visit}", my.show, access=VISITOR, answer=tell.MyVisitShape),
    api("POST", "/my/{visit}/consent", my.consent, access=VISITOR, answer=tell.MyVisitShape),
    api(
        "POST",
        "/my/{visit}/device",
        my.device,
        access=VISITOR,
        body=my.DeviceReport,
        answer=tell.MyVisitShape,
    ),
    api("POST", "/my/{visit}/wait", my.wait, access=VISITOR, answer=tell.MyVisitShape),
    api("POST", "/my/{visit}/step-out", my.step_out, access=VISITOR, answer=tell.MyVisitShape),
    api("POST", "/my/{visit}/leave", my.leave, access=VISITOR, answer=tell.MyVisitShape),
    api("GET", "/openapi.json", openapi.show, access=PUBLIC, limits=(PAGES,)),
)

FHIR = (
    Route(method="GET", path="/fhir/R4/metadata", handler=record.metadata, access=PUBLIC),
    Route(method="GET", path="/fhir/R4/{type}/{id}", handler=record.read, access=STAFF, limits=(API,)),
    Route(
        method="GET",
        path="/fhir/R4/{type}/{id}/_history/{version}",
        handler=record.vread,
        access=STAFF,
        limits=(API,),
    ),
)

PLAIN = (
    Route(method="GET", path="/health/live", handler=health.live, access=PUBLIC, limits=()),
    Route(method="GET", path="/health/ready", handler=health.ready, access=PUBLIC, limits=()),
    Route(method="GET", path="/static/{name}", handler=static_file, access=PUBLIC, limits=()),
    Route(
        method="POST", path="/reports", handler=health.reports, access=PUBLIC, limits=(REPORTS,), csrf=False
    ),
)
