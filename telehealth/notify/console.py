"""Messages on the terminal, where no server or gateway takes them; never into a file or the log."""

from typing import TextIO

from telehealth.domain.segments import segments
from telehealth.services.ports import OutgoingMessage

RULE = "─" * 72
HIDDEN = (
    "A message was not shown: this output is no terminal."
    " TELEHEALTH_SMTP_URL and TELEHEALTH_SMS_URL send messages.\n"
)


class ConsoleMessenger:
    """Prints what would have been sent."""

    def __init__(self, stream: TextIO) -> None:
        """`stream` is the terminal; anything else gets no name, address or link."""
        self._stream = stream

    async def send(self, message: OutgoingMessage) -> None:
        """Print one message."""
        self._stream.write(printed(message) if self._stream.isatty() else HIDDEN)
        self._stream.flush()


def printed(message: OutgoingMessage) -> str:
    """Return the message as shown; control characters, which could steer a terminal, are taken out."""
    kind = f"Subject: {message.subject}" if message.subject else f"SMS, parts: {segments(message.text)}"
    lines = ["", RULE, f"To: {message.to}", kind, "", *message.text.splitlines(), RULE]
    return "\n".join("".join(filter(str.isprintable, line)) for line in lines) + "\n"
