"""The words of the staff's own letters; in English as the source of translation."""

from telehealth.domain.sentences import N_
from telehealth.notify.texts import LINK, Text

OPEN_PAGE = N_("Open this link")

STAFF_TEXTS = {
    "staff-invitation": Text(
        N_("{clinic}: your account for video visits"),
        (
            N_("{clinic} has made an account for you, {name}."),
            N_("Have an authenticator app at hand. Then choose a password and connect the app."),
            LINK,
            N_("The link works once, until {day}, {time} ({zone})."),
        ),
        OPEN_PAGE,
    ),
    "password-reset": Text(
        N_("{clinic}: choose a new password"),
        (
            N_("{name}, somebody asked for a new password for your account."),
            N_("If it was you, go on. You need a code of your authenticator app or a recovery code."),
            LINK,
            N_("The link works once, until {time} ({zone}). If it was not you, do nothing and tell us."),
        ),
        OPEN_PAGE,
    ),
    "totp-reset": Text(
        N_("{clinic}: connect a new authenticator app"),
        (
            N_("{name}, two of your colleagues agreed that you may connect a new authenticator app."),
            N_("You need your present password."),
            LINK,
            N_("The link works once, until {day}, {time} ({zone})."),
            N_("If you did not ask for this, call us at once."),
        ),
        OPEN_PAGE,
    ),
    "glass-broken": Text(
        N_("{clinic}: a record was opened in an emergency"),
        (
            N_("{name}, somebody who does not treat the patient opened a record: {day}, {time} ({zone})."),
            N_("Who it was, whose record, and why stands under To review. Please look into it."),
            LINK,
        ),
        OPEN_PAGE,
    ),
}
