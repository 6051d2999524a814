"""What is said in writing during a call: own words, or a phrase that each reader gets in their language."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from telehealth.domain.guests import GuestKind

TEXT_LIMIT = 500
UTTERANCE_LIMIT = 1000
"""So many utterances a visit: an hour of nothing but typing."""
GUESTS_LIMIT = 500
"""So many of them by guests, all together: what is left is for patient and specialist."""


class Kind(StrEnum):
    """How something is shown: in the list, large over the picture as well, or as a report of trouble."""

    CHAT = "chat"
    CAPTION = "caption"
    PROBLEM = "problem"


class Phrase(StrEnum):
    """What is often said in a call, by name; the sentences stand in the pages. OWN: other words."""

    OWN = ""
    LOUDER = "louder"
    SLOWER = "slower"
    STILL = "still"
    LIGHT = "light"
    CLOSER = "closer"
    SHOW = "show"
    WRITING = "writing"
    MOMENT = "moment"
    UNDERSTOOD = "understood"
    CANNOT_HEAR = "cannot-hear"
    CANNOT_SEE = "cannot-see"
    AGAIN = "again"
    WAIT = "wait"
    YES = "yes"
    NO = "no"
    NOT_UNDERSTOOD = "not-understood"
    BAD_SOUND = "bad-sound"
    BAD_PICTURE = "bad-picture"
    NOT_HEARD = "not-heard"
    NOT_SEEN = "not-seen"
    OTHER_PROBLEM = "other-problem"


PROBLEMS = frozenset(
    {Phrase.BAD_SOUND, Phrase.BAD_PICTURE, Phrase.NOT_HEARD, Phrase.NOT_SEEN, Phrase.OTHER_PROBLEM}
)


@dataclass(frozen=True, slots=True)
class Speech:
    """What somebody wants to say. `key` is the speaker's own name for it: said twice, it counts once.

    Either `phrase` or `text` is there, never both.
    """

    key: str
    kind: Kind
    phrase: Phrase
    text: str


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something that was said in a visit's call. `seq` numbers a visit's utterances from 1 without a gap.

    `sender` is the participant's id in the call, `name` what they were called there, `author_id` the person;
    `part` is what a guest was in the visit, None for patient and specialist.
    """

    id: str
    visit_id: str
    patient_id: str
    organization_id: str
    author_id: str
    key: str
    sender: str
    seq: int
    kind: Kind
    phrase: Phrase
    said_at: datetime
    name: str
    text: str
    part: GuestKind | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said after a number. `last` is the number up to which this tells; `more` come after it."""

    said: tuple[Utterance, ...]
    last: int
    more: bool
