"""The words of the staff's own letters; in English only, as their pages are."""

from telehealth.notify.texts import LINK, Text

OPEN_PAGE = "Open this link"

STAFF_TEXTS = {
    "staff-invitation": Text(
        "{clinic}: your account for video visits",
        (
            "{clinic} has made an account for you, {name}.",
            "Have an authenticator app at hand. Then choose a password and connect the app.",
            LINK,
            "The link works once, until {day}, {time} ({zone}).",
        ),
        OPEN_PAGE,
    ),
    "password-reset": Text(
        "{clinic}: choose a new password",
        (
            "{name}, somebody asked for a new password for your account.",
            "If it was you, go on. You need a code of your authenticator app or a recovery code.",
            LINK,
            "The link works once, until {time} ({zone}). If it was not you, do nothing and tell us.",
        ),
        OPEN_PAGE,
    ),
    "totp-reset": Text(
        "{clinic}: connect a new authenticator app",
        (
            "{name}, two of your colleagues agreed that you may connect a new authenticator app.",
            "You need your present password.",
            LINK,
            "The link works once, until {day}, {time} ({zone}).",
            "If you did not ask for this, call us at once.",
        ),
        OPEN_PAGE,
    ),
}
