"""The words of messages that ask a patient to choose the time of their visit by themselves."""

from telehealth.domain.sentences import N_
from telehealth.notify.texts import LINK, Text

CHOICE_TEXTS: dict[str, Text] = {
    "choose-time": Text(
        N_("{clinic}: please choose the time of your visit"),
        (
            N_("{clinic}: please choose when your visit shall be. You can choose until {day}:"),
            LINK,
            N_("The link is for you alone. Please do not pass it on."),
            N_("If it does not open, go to {page} and type this code and your date of birth: {code}"),
        ),
        N_("Choose a time"),
        N_("{clinic}: please choose the time of your visit until {day}: {link}"),
        N_("{clinic}, choose a time: {link}"),
    ),
}
