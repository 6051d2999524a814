"""What can go wrong while a visit is played, each as the end of the sentence "The probe failed at …"."""


class Trouble(Exception):
    """Something is not as it must be; the text says what, without a full stop."""


class ServerRefused(Trouble):
    """The server said no. `code` is its own stable word, `fields` those of wrong input."""

    def __init__(self, status: int, code: str, detail: str, fields: tuple[str, ...] = ()) -> None:
        self.status, self.code, self.fields = status, code, fields
        words = f"{code or 'no code'}: {detail.rstrip('.')}" if detail else code or "no reason"
        super().__init__(f"the server answered {status} ({words})")


class ProbeFailed(Exception):
    """The visit could not be played to its end; the text is one whole sentence."""

    def __init__(self, step: str, reason: str) -> None:
        self.step = step
        super().__init__(f"The probe failed at '{step}': {reason}.")


class WrongUse(Exception):
    """The command was called with something it cannot use; the text is one whole sentence."""
