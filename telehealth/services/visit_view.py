"""What the patient's page shows of the own visit."""

from dataclasses import dataclass
from datetime import datetime

from telehealth.calendars import CalendarEntry
from telehealth.domain.clinic_message import ClinicMessage
from telehealth.domain.closures import Closure
from telehealth.domain.consultation import Consultation, Hold
from telehealth.domain.line_check import LineCheck
from telehealth.domain.queue import Place, TextMe
from telehealth.services.agreed import Agreed


@dataclass(frozen=True, slots=True)
class VisitView:
    """The patient's own visit: its place in the line, what the clinic told them; the rest as in FirstScreen.

    `text_me` is None where there is no contact to write to. `own_phone` is the end of the number on file;
    `call_on` is what they asked to be phoned on, in full only when they typed it themselves. `closure` is
    what keeps the visit from taking place; `open_service` is its service where anybody may book that by its
    public page, else empty.
    """

    visit: Consultation
    practitioner: str
    organization: str
    phone: str
    patient: str
    start: datetime
    end: datetime
    zone: str
    home: str
    early: bool
    changeable: bool
    entry: CalendarEntry
    language: str
    place: Place
    messages: list[ClinicMessage]
    text_me: TextMe | None
    agreed: Agreed
    own_phone: str
    call_on: str
    hold: Hold
    closure: Closure | None
    open_service: str
    check: LineCheck | None
