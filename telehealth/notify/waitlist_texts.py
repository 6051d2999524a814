"""The words of messages to those on a waiting list: a time is free and kept for them for a while."""

from telehealth.domain.sentences import N_
from telehealth.notify.texts import LINK, Text

WAITLIST_TEXTS: dict[str, Text] = {
    "waitlist-offer": Text(
        N_("{clinic}: a time is free for you, {day} at {time}"),
        (
            N_("{clinic}: you can have a video visit with {practitioner} on {day} at {time} ({zone})."),
            N_("We keep this time for you for a short while. Please answer soon:"),
            LINK,
            N_("If it does not open, go to {page} and type this code and your date of birth: {code}"),
        ),
        N_("See the time"),
        N_("{clinic}: you can have a video visit with {practitioner} {when}. Please answer soon: {link}"),
        N_("{clinic}, free time {when}: {link}"),
    ),
}
