"""Booking by hand: find the patient, choose service, specialist and time, confirm. Complete without scripts.

What is typed about a person goes by POST, never into an address; between the steps only ids travel.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from aiohttp.web import Request, Response

from telehealth.domain.errors import NotFound, SlotTaken
from telehealth.domain.modality import Modality
from telehealth.domain.people import Gender, Patient
from telehealth.domain.resources import Needs
from telehealth.domain.words import LANGUAGE_LIMIT
from telehealth.services.booking import Booked, BookingRequest
from telehealth.services.choices import Standing
from telehealth.services.desk import Catalogue
from telehealth.services.moving import Movable
from telehealth.services.slots import FreeSlot
from web.api.booking import BookingBody, booking_request
from web.api.directory import PatientBody, Search, new_patient, patient_query
from web.body import posted
from web.gates import see
from web.keys import FILLED, REFUSED
from web.pages.times import Wanted, free_times, own_zone
from web.readers import IDENTIFIER, OPTIONAL_IDENTIFIER, Choice, Day, Flag, Instant, Text
from web.reading import form, query
from web.render import page
from web.request import actor, new_key, once, services, today
from web.zones import zone_of

MOST_OTHERS = 40
"""Times offered in place of one that somebody else took meanwhile."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far the choice has come; each answered question adds one id."""

    patient: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    service: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    practitioner: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    day: Annotated[date | None, Day()] = None
    start: Annotated[datetime | None, Instant()] = None
    language: Annotated[str, Text(LANGUAGE_LIMIT)] = ""
    room: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    device: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    interpreter: Annotated[str, Text(LANGUAGE_LIMIT)] = ""
    modality: Annotated[Modality | None, Choice(Modality)] = None
    new: Annotated[bool, Flag()] = False
    """Whether it is for somebody who is not on file; who that is comes last."""
    listing: Annotated[bool, Flag()] = False
    """Whether somebody is looked for whom the waiting list shall have."""

    @property
    def needs(self) -> Needs:
        """What the visit needs beside patient and specialist."""
        return Needs(self.room, self.device, self.interpreter)

    @property
    def needed(self) -> str:
        """The same, and how the visit is, as it goes on in an address."""
        wants = {kind.value: wanted for kind, wanted in self.needs.wants().items()}
        wants |= {"modality": self.modality.value} if self.modality else {}
        return f"&{urlencode(wants)}" if wants else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVisitBody(PatientBody):
    """Somebody new and their first visit; `spoken` is the language that anybody who sees them is to speak."""

    service_id: Annotated[str, IDENTIFIER]
    start: Annotated[datetime, Instant()]
    practitioner_id: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    spoken: Annotated[str, Text(LANGUAGE_LIMIT)] = ""
    room: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    device: Annotated[str, OPTIONAL_IDENTIFIER] = ""
    interpreting: Annotated[str, Text(LANGUAGE_LIMIT)] = ""
    modality: Annotated[Modality | None, Choice(Modality)] = None


async def show(request: Request) -> Response:
    """Show the next question: whom, then what and when, then whether all is right."""
    step = query(request, Step, strict=False)
    if not step.patient and not step.new:
        return _whom(request, None, {})
    patient = await services(request).desk.get(actor(request), step.patient) if step.patient else None
    catalogue = await services(request).desk.catalogue(actor(request))
    if step.start is not None and step.service:
        if patient is None:
            return await _fill_in(request, step, catalogue)
        return await _confirm(request, step, patient, catalogue)
    return await _choose(request, step, patient, catalogue)


async def search(request: Request) -> Response:
    """Show the patients who match exactly."""
    sent = await form(request, Search)
    found = await services(request).desk.search(actor(request), patient_query(sent))
    return _whom(request, found, await _coming(request, found))


async def again_search(request: Request) -> Response:
    """Show the search once more, with what was wrong about it."""
    return _whom(request, None, {})


def _whom(request: Request, found: Sequence[Patient] | None, coming: dict[str, list[Movable]]) -> Response:
    """Ask for the patient; what was chosen before, as where there is free time, is kept for later steps."""
    step = query(request, Step, strict=False)
    chosen = {"service": step.service, "practitioner": step.practitioner, "day": step.day or ""}
    chosen["listing"] = "true" if step.listing else ""
    onward = "".join(f"&{name}={value}" for name, value in chosen.items() if value)
    about: dict[str, Any] = {"coming": coming, "onward": onward, "listing": step.listing}
    return page(request, "staff/book_patient.html", found=found, **about)


async def _coming(request: Request, patients: Sequence[Patient]) -> dict[str, list[Movable]]:
    return await services(request).appointments.coming(actor(request), [each.id for each in patients])


async def _choices(request: Request, patient: Patient) -> list[Standing]:
    return await services(request).appointments.choices.listed(actor(request), patient.id)


async def again_show(request: Request) -> Response:
    """Show the choice of what, how and when once more, saying what does not go together."""
    step = query(request, Step, strict=False)
    patient = await services(request).desk.get(actor(request), step.patient) if step.patient else None
    catalogue = await services(request).desk.catalogue(actor(request))
    return await _choose(request, step, patient, catalogue, askew=True)


async def _choose(
    request: Request, step: Step, patient: Patient | None, catalogue: Catalogue, *, askew: bool = False
) -> Response:
    """Ask for what, how and when; where the answers are `askew`, there are no times to choose from."""
    zone = own_zone(request, catalogue)
    whose = patient.id if patient else ""
    wanted = Wanted(
        step.service, step.practitioner, zone, whose, step.language, step.needs, modality=step.modality
    )
    booking, me = services(request).booking, actor(request)
    return page(
        request,
        "staff/book_time.html",
        step=step,
        patient=patient,
        catalogue=catalogue,
        first=step.day or today(request, zone),
        times=await free_times(request, wanted, step.day) if step.service and not askew else None,
        last=await booking.last(me, whose, step.service) if step.service and whose else None,
        coming={} if step.service or patient is None else await _coming(request, [patient]),
        choices=[] if step.service or patient is None else await _choices(request, patient),
        done=request.query.get("done", ""),
        there=await services(request).timing.resources.bookable(me),
        ways=catalogue.ways,
    )


async def _confirm(request: Request, step: Step, patient: Patient, catalogue: Catalogue) -> Response:
    return page(
        request,
        "staff/book_confirm.html",
        **_chosen(request, step, catalogue),
        once=new_key(request),
        patient=patient,
        ways=services(request).booking.ways(patient),
        there=await services(request).timing.resources.bookable(actor(request)),
    )


def _chosen(request: Request, step: Step, catalogue: Catalogue) -> dict[str, Any]:
    """Return what was chosen, and by whose clock its time is told; raises NotFound."""
    service = next((each for each in catalogue.services if each.id == step.service), None)
    person = next((each for each in catalogue.practitioners if each.id == step.practitioner), None)
    if service is None or (step.practitioner and person is None):
        raise NotFound
    sites = {each.id: each.zone for each in catalogue.locations}
    zone = sites[person.location_id] if person else own_zone(request, catalogue)
    return {"step": step, "service": service, "practitioner": person, "zone": zone}


async def _fill_in(
    request: Request, step: Step, catalogue: Catalogue, others: Sequence[FreeSlot] = ()
) -> Response:
    """Ask who the new patient is whose time was chosen; `others` are times in place of one that is taken."""
    chosen = _chosen(request, step, catalogue)
    own: dict[str, Any] = {"own_zone": own_zone(request, catalogue), "genders": list(Gender)}
    own["there"] = await services(request).timing.resources.bookable(actor(request))
    return page(request, "staff/book_new.html", **chosen, **own, once=new_key(request), others=others)


async def book_new(request: Request) -> Response:
    """Register somebody new and book their visit: both or neither."""
    sent = await form(request, NewVisitBody)
    wanted = BookingRequest(
        "",
        sent.service_id,
        sent.practitioner_id,
        sent.start,
        language=sent.spoken,
        new=new_patient(sent),
        needs=Needs(sent.room, sent.device, sent.interpreting),
        modality=sent.modality,
    )
    booked = await services(request).booking.book(actor(request), wanted, await once(request))
    return await _booked(request, booked, booked.appointment.patient_id)


async def again_new(request: Request) -> Response:
    """Show the form as it was filled in; where the time is taken by now, with others to choose from."""
    sent = request[FILLED]
    ids = [OPTIONAL_IDENTIFIER.read(sent.get(f"{name}_id", ""), name) for name in ("service", "practitioner")]
    spoken = Text(LANGUAGE_LIMIT).read(sent.get("spoken", ""), "spoken")
    start = Instant().read(sent.get("start", ""), "start")
    room, device = (OPTIONAL_IDENTIFIER.read(sent.get(name, ""), name) for name in ("room", "device"))
    interpreting = Text(LANGUAGE_LIMIT).read(sent.get("interpreting", ""), "interpreting")
    step = Step("", ids[0], ids[1], None, start, spoken, new=True)
    step = replace(step, room=room, device=device, interpreter=interpreting, modality=_way(sent))
    catalogue = await services(request).desk.catalogue(actor(request))
    others: Sequence[FreeSlot] = ()
    if isinstance(request.get(REFUSED), SlotTaken):
        zone = own_zone(request, catalogue)
        wanted = Wanted(
            step.service,
            step.practitioner,
            zone,
            language=step.language,
            needs=step.needs,
            modality=step.modality,
        )
        found = await free_times(request, wanted, start.astimezone(zone_of(zone)).date())
        others = [slot for _, slots in found.days for slot in slots][:MOST_OTHERS]
    return await _fill_in(request, step, catalogue, others)


async def confirm(request: Request) -> Response:
    """Book. Loading this page again sends the same form: the same booking answers, with the same link."""
    sent = await form(request, BookingBody)
    booked = await services(request).booking.book(actor(request), booking_request(sent), await once(request))
    return await _booked(request, booked, sent.patient_id)


async def _booked(request: Request, booked: Booked, patient_id: str) -> Response:
    patient = await services(request).desk.get(actor(request), patient_id)
    people = (await services(request).desk.catalogue(actor(request))).practitioners
    return page(
        request,
        "staff/booked.html",
        booked=booked,
        patient=patient,
        practitioner=next((e for e in people if e.id == booked.appointment.practitioner_id), None),
        ways=services(request).booking.ways(patient),
    )


async def again_confirm(request: Request) -> Response:
    """Show the choice of times again after a refusal such as a time just taken."""
    sent = await posted(request)
    names = ("patient", "service", "practitioner")
    ids = [OPTIONAL_IDENTIFIER.read(sent.get(f"{name}_id", ""), name) for name in names]
    spoken = Text(LANGUAGE_LIMIT)
    step = Step(
        patient=ids[0],
        service=ids[1],
        practitioner=ids[2],
        language=spoken.read(sent.get("language", ""), "language"),
        room=OPTIONAL_IDENTIFIER.read(sent.get("room", ""), "room"),
        device=OPTIONAL_IDENTIFIER.read(sent.get("device", ""), "device"),
        interpreter=spoken.read(sent.get("interpreter", ""), "interpreter"),
        modality=_way(sent),
    )
    patient = await services(request).desk.get(actor(request), step.patient)
    return await _choose(request, step, patient, await services(request).desk.catalogue(actor(request)))


def _way(sent: Mapping[str, object]) -> Modality | None:
    return Modality(Choice(Modality).read(sent["modality"], "modality")) if sent.get("modality") else None


async def show_new_patient(request: Request) -> Response:
    """Show the form for a new patient."""
    zone = own_zone(request, await services(request).desk.catalogue(actor(request)))
    return page(request, "staff/new_patient.html", genders=list(Gender), zone=zone, once=new_key(request))


async def new(request: Request) -> Response:
    """Register the patient and go on to booking."""
    sent = await form(request, PatientBody)
    patient = await services(request).desk.register(actor(request), new_patient(sent), await once(request))
    return see(f"/book?patient={patient.id}")
