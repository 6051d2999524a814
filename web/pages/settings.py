"""How a member of staff likes to work: keys, sounds, notices. Complete without scripts."""

from dataclasses import dataclass
from typing import Annotated

from aiohttp.web import Request, Response

from telehealth.domain.preferences import CHORDS, Chords, Preferences
from web.gates import see
from web.keys import STANDING
from web.readers import Flag, Text
from web.reading import form
from web.render import page
from web.request import actor, services

CHORD = Text(40)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """Which chord does what, empty for none; a box that is not ticked does not come at all."""

    sign: Annotated[str, CHORD] = ""
    sign_next: Annotated[str, CHORD] = ""
    admit_next: Annotated[str, CHORD] = ""
    mute: Annotated[str, CHORD] = ""
    camera: Annotated[str, CHORD] = ""
    jump: Annotated[str, CHORD] = ""
    question_mark: Annotated[bool, Flag()] = False
    sounds: Annotated[bool, Flag()] = False
    notices: Annotated[bool, Flag()] = False

    @property
    def preferences(self) -> Preferences:
        """What an account keeps of them."""
        chords = Chords(self.sign, self.sign_next, self.admit_next, self.mute, self.camera, self.jump)
        return Preferences(chords, self.question_mark, self.sounds, self.notices)


async def show(request: Request) -> Response:
    """Show what is kept, or the form that was refused."""
    done = request.query.get("done", "")
    kept = request[STANDING].preferences
    return page(request, "staff/settings.html", kept=kept, usual=Chords(), chords=CHORDS, done=done)


async def keep(request: Request) -> Response:
    """Keep how the person likes to work; open pages follow when they are loaded again."""
    wishes = await form(request, Wishes)
    await services(request).account.prefer(actor(request), wishes.preferences)
    return see("/settings?done=kept")
