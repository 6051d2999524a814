"""The words of messages to somebody who is not known yet: the code that shows that they can be reached."""

from telehealth.domain.sentences import N_
from telehealth.notify.texts import Text

CONTACT_TEXTS: dict[str, Text] = {
    "contact-code": Text(
        N_("{clinic}: your code is {code}"),
        (
            N_("{clinic}: type this code to go on: {code}"),
            N_("The code is for you alone. Nobody of us will ask you for it."),
            N_("You did not ask for a code? Then do nothing: nothing is booked without it."),
        ),
        "",
        N_("{clinic}: type this code to go on: {code}"),
        N_("{clinic}, code: {code}"),
    ),
}
