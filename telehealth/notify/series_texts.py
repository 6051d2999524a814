"""The words of messages about several visits at once; `{times}` alone is the list of times and links."""

from telehealth.domain.sentences import N_
from telehealth.notify.texts import TIMES, Text

WITH = N_("{time}, with {practitioner}")
OFF = N_("{time}: cancelled")
"""One of several changed visits in the list of times."""

SERIES_TEXTS: dict[str, Text] = {
    "series-booked": Text(
        N_("{clinic}: your video visits from {day} on"),
        (
            N_("{clinic}: your video visits with {practitioner}. All times are in {zone}:"),
            TIMES,
            N_("Each visit has its own link. We send it again before each visit."),
            N_("The links are for you alone. Please do not pass them on."),
        ),
        "",
        N_(
            "{clinic}: your video visits with {practitioner} ({count}). The first is {when}."
            " Open this link then: {link}"
        ),
        N_("{clinic}, first visit {when}: {link}"),
    ),
    "series-moved": Text(
        N_("{clinic}: new times for your video visits"),
        (
            N_(
                "{clinic}: your video visits with {practitioner} have new times."
                " These are all that are ahead, in {zone}:"
            ),
            TIMES,
            N_("Please use these links. Those of moved visits that we sent before open nothing any more."),
        ),
        "",
        N_(
            "{clinic}: new times for your video visits with {practitioner}. The next is {when}."
            " Open this link then: {link}"
        ),
        N_("{clinic}, next visit {when}: {link}"),
    ),
    "series-cancelled": Text(
        N_("{clinic}: your video visits from {day} on are cancelled"),
        (
            N_("{clinic}: these video visits with {practitioner} are cancelled. The times are in {zone}:"),
            TIMES,
            N_("Their links open nothing any more. Call us for other times."),
        ),
        "",
        N_(
            "{clinic}: your video visits with {practitioner} from {day} on are cancelled ({count})."
            " Call us for other times."
        ),
        N_("{clinic}: your video visits from {day} on are cancelled."),
    ),
    "visits-changed": Text(
        N_("{clinic}: changes to your video visits"),
        (
            N_("{clinic}: these video visits of yours have changed. All times are in {zone}:"),
            TIMES,
            N_("Please use these links. Those that we sent before for these visits open nothing any more."),
        ),
        "",
        N_("{clinic}: your video visits have changed: {list}. Open this link for the first: {link}"),
        N_("{clinic}: your video visits have changed ({count}). The first: {when}. {link}"),
    ),
}
