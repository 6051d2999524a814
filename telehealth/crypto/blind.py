"""Blind indexes: finding a person by identifier, phone, e-mail or name and birth date, none of them in clear.

Each field is normalised, then HMAC-SHA256 with a key of its own. Only fields and combinations that cannot be
enumerated by whoever holds the database alone; the key never leaves the keyring's reach.
"""

import hmac
import unicodedata

from telehealth.crypto.derive import derive, fields
from telehealth.crypto.purposes import Purpose
from telehealth.crypto.transliteration import LETTERS


class BlindIndex:
    """Turns what is searched for into 32 opaque bytes, the same for every spelling of the same thing."""

    def __init__(self, secret: bytes) -> None:
        """`secret` is the keyring's derived secret for Purpose.BLIND_INDEX."""
        self._secret = secret

    def identifier(self, system: str, value: str) -> bytes:
        """An identifier such as a hospital number; `system` is compared to the letter (FHIR: a URI)."""
        return self._index(Purpose.INDEX_IDENTIFIER, system, "".join(folded(value).split()))

    def resource_identifier(self, system: str, value: str) -> bytes:
        """An identifier of something in the shared record; both parts are compared to the letter (FHIR)."""
        return self._index(Purpose.INDEX_RESOURCE, system, value)

    def phone(self, e164: str) -> bytes:
        """A phone number in E.164 form; signs between the digits and foreign digits do not matter."""
        return self._index(
            Purpose.INDEX_PHONE, "".join(sign for sign in folded(e164) if sign in "+0123456789")
        )

    def email(self, address: str) -> bytes:
        """An e-mail address."""
        return self._index(Purpose.INDEX_EMAIL, folded(address))

    def family_and_birth(self, family: str, birth_date_text: str) -> bytes:
        """A family name with a birth date of FHIR's forms YYYY, YYYY-MM or YYYY-MM-DD."""
        return self._index(Purpose.INDEX_FAMILY_BIRTH, family_letters(family), folded(birth_date_text))

    def _index(self, purpose: Purpose, *parts: str) -> bytes:
        return hmac.digest(derive(self._secret, purpose), fields(parts), "sha256")


def folded(text: str) -> str:
    """Case, width, outer and repeated space, invisible signs and the script of digits taken away."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    text = "".join(_plain(sign) for sign in text if unicodedata.category(sign) != "Cf")
    return " ".join(text.split())


def family_letters(name: str) -> str:
    """A family name as its letters alone: no accents, and Latin letters for Greek and Cyrillic ones.

    Vowel signs that carry the name in the scripts of India and South-East Asia stay.
    """
    decomposed = unicodedata.normalize("NFKD", folded(name))
    bare = "".join(sign for sign in decomposed if not _is_accent(sign))
    latin = unicodedata.normalize("NFC", bare.translate(LETTERS))
    return "".join(sign for sign in latin if unicodedata.category(sign)[0] in "LM")


def _plain(sign: str) -> str:
    digit = unicodedata.decimal(sign, None)
    return sign if digit is None else str(digit)


def _is_accent(sign: str) -> bool:
    """Whether a mark is an accent (Unicode class 200 and more, 1) or a point of Hebrew or Arabic (10 to 36).

    The marks of other scripts have classes of their own and are part of the letter.
    """
    mark = unicodedata.combining(sign)
    return mark == 1 or 10 <= mark <= 36 or mark >= 200  # noqa: PLR2004 - Unicode's classes, named above
