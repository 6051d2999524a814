"""The clinic's controls over its waiting room, as one thing to hand on."""

from telehealth.services.clinic_messages import ClinicMessages
from telehealth.services.correcting import Correcting
from telehealth.services.line_desk import LineDesk
from telehealth.services.ports import Announcer, LinkKeys
from telehealth.services.running import ClinicRunning
from telehealth.services.trail import Work
from telehealth.services.visit_making import Invitations
from telehealth.services.walk_in_calls import WalkInCalls
from telehealth.services.walk_in_changes import WalkInChanges
from telehealth.services.walk_in_door import WalkInDoor
from telehealth.services.walk_ins import WalkIns


class WaitingRoom:
    """How the clinic runs, who goes first or did not come, who came without an appointment, what is told."""

    def __init__(
        self,
        *,
        work: Work,
        announcer: Announcer,
        invitations: Invitations,
        keys: LinkKeys,
        tzdata: str,
    ) -> None:
        self.running = ClinicRunning(work=work, announcer=announcer, invitations=invitations)
        self.line = LineDesk(work=work, announcer=announcer)
        self.correcting = Correcting(work=work, announcer=announcer)
        self.messages = ClinicMessages(work=work, announcer=announcer)
        self.queue = WalkIns(work=work, invitations=invitations, announcer=announcer)
        self.places = WalkInChanges(work=work, announcer=announcer)
        self.door = WalkInDoor(work=work, keys=keys, places=self.places)
        self.calls = WalkInCalls(work=work, invitations=invitations, announcer=announcer, tzdata=tzdata)
