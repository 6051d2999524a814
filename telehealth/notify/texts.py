"""The words of every message to patients, per template, in English as the source of translation.

The sender's clinic comes first, one link, the help phone last; nothing clinical. `{link}` alone is the button
of an e-mail. `{day}` and `{time}` are wall time where the reader is; `{when}` is both in few letters,
with the city whose clock is meant: nobody knows whether the phone that it reaches has the zone on file.
`{page}` is where `{code}` is typed. An SMS has up to three forms: `sms`, and `short` and `brief` for when
names and script make that longer than three parts.
"""

from dataclasses import dataclass

from telehealth.domain.sentences import N_


@dataclass(frozen=True, slots=True)
class Text:
    """One message before its facts are filled in; `button` is what its link is called."""

    subject: str
    paragraphs: tuple[str, ...]
    button: str = ""
    sms: str = ""
    brief: str = ""
    short: str = ""


LINK, TIMES = "{link}", "{times}"
TITLE = N_("Video visit")
ADVICE = N_("Open the link from your message when it is time.")
"""What calendars show: neither with whom nor why, for they are often shared."""
HELP = N_("Need help? Call {phone}.")
SHORT_HELP = N_("Help: {phone}")
TODAY = N_("today at {time}")
OTHER_DAY = N_("on {day} at {time}")
WHERE = N_("{when} (time in {city})")
OPEN_VISIT = N_("Open this link when it is time")
OPEN_NOW = N_("Open my visit")

TEXTS: dict[str, Text] = {
    "visit-invitation": Text(
        N_("{clinic}: your video visit on {day} at {time}"),
        (
            N_("{clinic}: your video visit with {practitioner} is on {day} at {time} ({zone})."),
            LINK,
            N_("The link is for you alone. Please do not pass it on."),
            N_("If it does not open, go to {page} and type this code and your date of birth: {code}"),
        ),
        OPEN_VISIT,
        N_(
            "{clinic}: your video visit with {practitioner} is {when}. Open this link when it is time: {link}"
        ),
        N_("{clinic}, {when}: {link}"),
        N_("{clinic}, {practitioner} {when}: {link}"),
    ),
    "visit-moved": Text(
        N_("{clinic}: new time for your video visit, {day} at {time}"),
        (
            N_(
                "{clinic}: your video visit with {practitioner} was moved."
                " It is now on {day} at {time} ({zone})."
            ),
            LINK,
            N_("The link that we sent you before opens nothing any more."),
            N_("The link is for you alone. Please do not pass it on."),
            N_("If it does not open, go to {page} and type this code and your date of birth: {code}"),
        ),
        OPEN_VISIT,
        N_(
            "{clinic}: your video visit with {practitioner} is now {when}."
            " Open this link when it is time: {link}"
        ),
        N_("{clinic}, new time {when}: {link}"),
    ),
    "visit-stand-in": Text(
        N_("{clinic}: {practitioner} will see you on {day} at {time}"),
        (
            N_(
                "{clinic}: another specialist, {practitioner}, will see you."
                " Your video visit is on {day} at {time} ({zone})."
            ),
            LINK,
            N_("The link that we sent you before opens nothing any more."),
            N_("The link is for you alone. Please do not pass it on."),
            N_("If it does not open, go to {page} and type this code and your date of birth: {code}"),
        ),
        OPEN_VISIT,
        N_(
            "{clinic}: another specialist, {practitioner}, will see you {when}."
            " Open this link when it is time: {link}"
        ),
        N_("{clinic}, new specialist {when}: {link}"),
    ),
    "visit-cancelled": Text(
        N_("{clinic}: your video visit on {day} is cancelled"),
        (
            N_("{clinic}: your video visit with {practitioner} on {day} at {time} ({zone}) is cancelled."),
            N_("The link that we sent you before opens nothing any more. Call us for another time."),
        ),
        "",
        N_("{clinic}: your video visit with {practitioner} {when} is cancelled. Call us for another time."),
        N_("{clinic}: your video visit {when} is cancelled."),
    ),
    "visit-reminder": Text(
        N_("{clinic}: reminder of your video visit on {day} at {time}"),
        (
            N_(
                "{clinic}: we remind you of your video visit with {practitioner} on {day} at {time} ({zone})."
            ),
            LINK,
            N_("If you cannot come, please call us. Then somebody else can have the time."),
            N_("If it does not open, go to {page} and type this code and your date of birth: {code}"),
        ),
        OPEN_VISIT,
        N_("{clinic}: reminder of your video visit with {practitioner} {when}. Open this link then: {link}"),
        N_("{clinic}, reminder {when}: {link}"),
    ),
    "visit-soon": Text(
        N_("{clinic}: your video visit begins at {time}"),
        (
            N_(
                "{clinic}: your video visit with {practitioner} begins at {time} ({zone})."
                " Please open it now:"
            ),
            LINK,
        ),
        OPEN_NOW,
        N_("{clinic}: your video visit with {practitioner} begins at {time}. Please open it now: {link}"),
        N_("{clinic}, visit at {time}: {link}"),
    ),
    "visit-late": Text(
        N_("{clinic}: your video visit may begin late"),
        (
            N_(
                "{clinic}: your video visit with {practitioner} {when}"
                " may begin about {minutes} minutes late."
            ),
            N_("You can open your link at the planned time. The page shows when it is your turn."),
        ),
        "",
        N_(
            "{clinic}: your video visit with {practitioner} {when} may begin about {minutes} minutes late."
            " Your link stays the same."
        ),
        N_("{clinic}: your video visit {when} may begin {minutes} minutes late."),
    ),
    "visit-on-time": Text(
        N_("{clinic}: your video visit begins on time"),
        (
            N_("{clinic}: your video visit with {practitioner} {when} begins on time after all."),
            N_("Please open your link at the planned time."),
        ),
        "",
        N_("{clinic}: your video visit with {practitioner} {when} begins on time after all."),
        N_("{clinic}: your video visit {when} begins on time."),
    ),
    "visit-nearly": Text(
        N_("{clinic}: it is nearly your turn"),
        (N_("{clinic}: it is nearly your turn to see {practitioner}. Please open your visit again:"), LINK),
        OPEN_NOW,
        N_("{clinic}: it is nearly your turn to see {practitioner}. Open your visit again: {link}"),
        N_("{clinic}, nearly your turn: {link}"),
    ),
}
