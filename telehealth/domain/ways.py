"""Which ways of a visit go together with its service, its patient and what it needs."""

from collections.abc import Iterable

from telehealth.domain.errors import BadInput, FieldProblem
from telehealth.domain.modality import Modality
from telehealth.domain.people import Patient
from telehealth.domain.sentences import N_

NO_WAY = N_("Choose at least one way.")
NOT_OFFERED = N_("This service is not offered in this way.")
NO_PLACE = N_("Choose the room or the site to which the patient comes.")
NO_NUMBER = N_("There is no phone number on file.")
AT_A_SITE = N_("This service is offered only at a site. Book a time with a room instead.")


def ways_of(wanted: Iterable[Modality]) -> tuple[Modality, ...]:
    """Return each way once, the most usual first; raises BadInput where there is none."""
    found = tuple(each for each in Modality if each in set(wanted))
    if not found:
        raise BadInput(FieldProblem("modalities", "missing", NO_WAY))
    return found


def way_among(offered: tuple[Modality, ...], wanted: Modality | None) -> Modality:
    """Return the way of a visit, the first where none is wanted; raises BadInput for one not offered."""
    if wanted is not None and wanted not in offered:
        raise BadInput(FieldProblem("modality", "not-offered", NOT_OFFERED))
    return wanted or offered[0]


def way_anywhere(offered: tuple[Modality, ...], phone: str) -> Modality:
    """Return the first way that leads to somebody with this number, or none, wherever they are.

    Raises BadInput where no way does.
    """
    leading = {Modality.VIDEO, Modality.PHONE} if phone else {Modality.VIDEO}
    found = next((each for each in offered if each in leading), None)
    if found is None and Modality.PHONE in offered:
        raise BadInput(FieldProblem("service_id", "no-number", NO_NUMBER))
    if found is None:
        raise BadInput(FieldProblem("service_id", "at-a-site", AT_A_SITE))
    return found


def check_place(way: Modality, room: str) -> None:
    """Pass where somebody assisted has a room, or a site for any there; raises BadInput."""
    if way is Modality.ASSISTED and not room:
        raise BadInput(FieldProblem("room", "missing", NO_PLACE))


def check_number(way: Modality, patient: Patient, field: str) -> None:
    """Pass where whoever is to be phoned has a number; raises BadInput naming `field`."""
    if way is Modality.PHONE and not patient.phone:
        raise BadInput(FieldProblem(field, "no-number", NO_NUMBER))
