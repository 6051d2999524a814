"""The words of messages about visits that are not by video: `{how}` says what the patient does instead.

Each stands for the message of the same name in texts.py and series_texts.py. The link is for moving and
cancelling: whoever is phoned, or comes to a site, opens nothing, and does without it where letters are short.
"""

from telehealth.domain.outbox import NOT_BY_VIDEO
from telehealth.domain.sentences import N_
from telehealth.notify.texts import LINK, TIMES, Text

BY_PHONE = N_("{practitioner} phones you then, on your number ending in {digits}.")
AT_SITE = N_("Please come to {site}. Staff there help you.")
PHONE_TITLE, PHONE_PLACE = N_("Visit by phone"), N_("By phone")
SITE_TITLE = N_("Visit at the clinic")
HOW = "{how}"
SEE = N_("See, move or cancel my visit")
ALONE = N_("The link is for you alone. Please do not pass it on.")
DEAD = N_("The link that we sent you before opens nothing any more.")
CODE = N_("If it does not open, go to {page} and type this code and your date of birth: {code}")

WAY_TEXTS: dict[str, Text] = {
    NOT_BY_VIDEO["visit-invitation"]: Text(
        N_("{clinic}: your visit on {day} at {time}"),
        (
            N_("{clinic}: your visit with {practitioner} is on {day} at {time} ({zone})."),
            HOW,
            LINK,
            ALONE,
            CODE,
        ),
        SEE,
        N_("{clinic}: your visit with {practitioner} is {when}. {how} To move or cancel it: {link}"),
        N_("{clinic}, {when}. {how}"),
        N_("{clinic}, {practitioner} {when}. {how} {link}"),
    ),
    NOT_BY_VIDEO["visit-moved"]: Text(
        N_("{clinic}: new time for your visit, {day} at {time}"),
        (
            N_("{clinic}: your visit with {practitioner} was moved. It is now on {day} at {time} ({zone})."),
            HOW,
            LINK,
            DEAD,
            ALONE,
            CODE,
        ),
        SEE,
        N_("{clinic}: your visit with {practitioner} is now {when}. {how} To move or cancel it: {link}"),
        N_("{clinic}, new time {when}. {how}"),
    ),
    NOT_BY_VIDEO["visit-stand-in"]: Text(
        N_("{clinic}: {practitioner} will see you on {day} at {time}"),
        (
            N_(
                "{clinic}: another specialist, {practitioner}, will see you."
                " Your visit is on {day} at {time} ({zone})."
            ),
            HOW,
            LINK,
            DEAD,
            ALONE,
            CODE,
        ),
        SEE,
        N_(
            "{clinic}: another specialist, {practitioner}, will see you {when}."
            " {how} To move or cancel it: {link}"
        ),
        N_("{clinic}, new specialist {when}. {how}"),
    ),
    NOT_BY_VIDEO["visit-cancelled"]: Text(
        N_("{clinic}: your visit on {day} is cancelled"),
        (
            N_("{clinic}: your visit with {practitioner} on {day} at {time} ({zone}) is cancelled."),
            N_("The link that we sent you before opens nothing any more. Call us for another time."),
        ),
        "",
        N_("{clinic}: your visit with {practitioner} {when} is cancelled. Call us for another time."),
        N_("{clinic}: your visit {when} is cancelled."),
    ),
    NOT_BY_VIDEO["visit-reminder"]: Text(
        N_("{clinic}: reminder of your visit on {day} at {time}"),
        (
            N_("{clinic}: we remind you of your visit with {practitioner} on {day} at {time} ({zone})."),
            HOW,
            LINK,
            N_("If you cannot come, please call us. Then somebody else can have the time."),
            CODE,
        ),
        SEE,
        N_("{clinic}: reminder of your visit with {practitioner} {when}. {how} To move or cancel it: {link}"),
        N_("{clinic}, reminder {when}. {how}"),
    ),
    NOT_BY_VIDEO["visit-soon"]: Text(
        N_("{clinic}: your visit begins at {time}"),
        (N_("{clinic}: your visit with {practitioner} begins at {time} ({zone})."), HOW),
        "",
        N_("{clinic}: your visit with {practitioner} begins at {time}. {how}"),
        N_("{clinic}, visit at {time}. {how}"),
    ),
    NOT_BY_VIDEO["visit-late"]: Text(
        N_("{clinic}: your visit may begin late"),
        (N_("{clinic}: your visit with {practitioner} {when} may begin about {minutes} minutes late."),),
        "",
        N_("{clinic}: your visit with {practitioner} {when} may begin about {minutes} minutes late."),
        N_("{clinic}: your visit {when} may begin {minutes} minutes late."),
    ),
    NOT_BY_VIDEO["visit-on-time"]: Text(
        N_("{clinic}: your visit begins on time"),
        (N_("{clinic}: your visit with {practitioner} {when} begins on time after all."),),
        "",
        N_("{clinic}: your visit with {practitioner} {when} begins on time after all."),
        N_("{clinic}: your visit {when} begins on time."),
    ),
    NOT_BY_VIDEO["series-booked"]: Text(
        N_("{clinic}: your visits from {day} on"),
        (
            N_("{clinic}: your visits with {practitioner}. All times are in {zone}:"),
            TIMES,
            HOW,
            N_("Each visit has its own link. We send it again before each visit."),
            N_("The links are for you alone. Please do not pass them on."),
        ),
        "",
        N_(
            "{clinic}: your visits with {practitioner} ({count}). The first is {when}."
            " {how} To move or cancel it: {link}"
        ),
        N_("{clinic}, first visit {when}. {how}"),
    ),
    NOT_BY_VIDEO["series-moved"]: Text(
        N_("{clinic}: new times for your visits"),
        (
            N_(
                "{clinic}: your visits with {practitioner} have new times."
                " These are all that are ahead, in {zone}:"
            ),
            TIMES,
            HOW,
            N_("Please use these links. Those of moved visits that we sent before open nothing any more."),
        ),
        "",
        N_(
            "{clinic}: new times for your visits with {practitioner}. The next is {when}."
            " {how} To move or cancel it: {link}"
        ),
        N_("{clinic}, next visit {when}. {how}"),
    ),
    NOT_BY_VIDEO["series-cancelled"]: Text(
        N_("{clinic}: your visits from {day} on are cancelled"),
        (
            N_("{clinic}: these visits with {practitioner} are cancelled. The times are in {zone}:"),
            TIMES,
            N_("Their links open nothing any more. Call us for other times."),
        ),
        "",
        N_(
            "{clinic}: your visits with {practitioner} from {day} on are cancelled ({count})."
            " Call us for other times."
        ),
        N_("{clinic}: your visits from {day} on are cancelled."),
    ),
}
