"""Links to what waits for a patient's answer before there is a visit. Tokens are derived and kept nowhere."""

from telehealth.crypto.tokens import CODE_LENGTH, TOKEN_LENGTH
from telehealth.services.ports import LinkKeys


class OfferLinks:
    """The link of an offer, or of an invitation, and the code beside it, each the patient's alone."""

    def __init__(self, *, keys: LinkKeys, page: str) -> None:
        """`page` is the address where it is answered."""
        self._keys = keys
        self._page = page

    def url(self, offer_id: str, patient_id: str, language: str) -> str:
        """Return where an offer is answered: the language in the query, the token in the fragment."""
        return f"{self._page}?lang={language}#{self.token(offer_id, patient_id)}"

    def token(self, offer_id: str, patient_id: str) -> str:
        """Return the token itself, for whoever came by the code."""
        return self._keys.derive(offer_id, patient_id, 1)

    def code(self, offer_id: str, patient_id: str) -> str:
        """Return the code that stands beside the link, in two groups of four."""
        code = self._keys.spoken(offer_id, patient_id, 1)
        return f"{code[:4]}-{code[4:]}"

    def digests(self, offer_id: str, patient_id: str) -> tuple[bytes, bytes]:
        """Return what the database keeps of token and code."""
        code = self._keys.spoken(offer_id, patient_id, 1)
        return self.digest(self.token(offer_id, patient_id)), self.digest(code)

    def digest(self, typed: str) -> bytes:
        """Return the digest of a token or code that somebody holds; nobody's of what can be neither."""
        return self._keys.digest(typed if len(typed) in {TOKEN_LENGTH, CODE_LENGTH} else "-")
