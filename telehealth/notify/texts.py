"""The words of every message, per template: subject and paragraphs, in English as the source of translation.

The sender's clinic comes first, one link, the help phone last; nothing clinical.
`{day}` and `{time}` are wall time where the reader is.
"""

from dataclasses import dataclass


def N_(text: str) -> str:  # noqa: N802 (gettext's name for a text that is translated later)
    """Mark a text for translation."""
    return text


@dataclass(frozen=True, slots=True)
class Text:
    """One message before its facts are filled in."""

    subject: str
    paragraphs: tuple[str, ...]


HELP = N_("Need help? Call {phone}.")

TEXTS = {
    "visit-invitation": Text(
        N_("{clinic}: your video visit on {day} at {time}"),
        (
            N_("{clinic}: your video visit with {practitioner} is on {day} at {time} ({zone})."),
            N_("Open this link when it is time:"),
            "{url}",
            N_("The link is for you alone. Please do not pass it on."),
            N_("If it does not open, type this code and your date of birth on the visit page: {code}"),
        ),
    ),
    "visit-cancelled": Text(
        N_("{clinic}: your video visit on {day} is cancelled"),
        (
            N_("{clinic}: your video visit with {practitioner} on {day} at {time} ({zone}) is cancelled."),
            N_("The link that we sent you before opens nothing any more. Call us for another time."),
        ),
    ),
    "staff-invitation": Text(
        N_("{clinic}: your account for video visits"),
        (
            N_("{clinic} has made an account for you, {name}."),
            N_("Have an authenticator app at hand. Open this link, choose a password and connect the app:"),
            "{url}",
            N_("The link works once, until {day}, {time} ({zone})."),
        ),
    ),
    "password-reset": Text(
        N_("{clinic}: choose a new password"),
        (
            N_("{name}, somebody asked for a new password for your account."),
            N_(
                "If it was you, open this link. You need a code of your authenticator app or a recovery code:"
            ),
            "{url}",
            N_("The link works once, until {time} ({zone}). If it was not you, do nothing and tell us."),
        ),
    ),
    "totp-reset": Text(
        N_("{clinic}: connect a new authenticator app"),
        (
            N_("{name}, two of your colleagues agreed that you may connect a new authenticator app."),
            N_("Open this link. You need your present password:"),
            "{url}",
            N_("The link works once, until {day}, {time} ({zone})."),
            N_("If you did not ask for this, call us at once."),
        ),
    ),
}
