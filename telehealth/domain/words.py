"""What may stand in names, addresses, numbers: no sign that is invisible and changes how the rest is read."""

import re
import unicodedata

_CONTROLS = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff"
_BREAKS = r"\t\n\r\x85\u2028\u2029"
_OVERRIDES = r"\u202d\u202e"
_DIRECTIONS = r"\u202a-\u202e\u2066-\u2069"

UNREADABLE_IN_A_LINE = re.compile(f"[{_CONTROLS}{_BREAKS}{_DIRECTIONS}]")
"""Controls, line breaks, and marks of direction that reach beyond the name they stand in. The joiners that
Persian and Indian names are written with are none of these."""
UNREADABLE_IN_A_TEXT = re.compile(f"[{_CONTROLS}{_OVERRIDES}]")
"""As above for texts of many lines: these keep their breaks, and the marks that programs put around names."""

EMAIL = re.compile(r"[^\s@<>,;:\"\\()\[\]]+@[^\s@<>,;:\"\\()\[\]]+\.?[^\s@<>,;:\"\\()\[\].]+")
EMAIL_LIMIT = 254
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)
LANGUAGE_LIMIT = 35
TELEPHONE = re.compile(r"\+?[0-9][0-9 ()/-]{4,24}")


def is_a_line(text: str) -> bool:
    """Whether a name can be shown as it is, alone and among other names."""
    return UNREADABLE_IN_A_LINE.search(text) is None


def is_email(text: str) -> bool:
    """Whether this is one bare e-mail address, of up to 254 characters: no name, no list, no brackets."""
    return len(text) <= EMAIL_LIMIT and text.isprintable() and EMAIL.fullmatch(text) is not None


def telephone(text: str) -> str:
    """Return a number that can be dialled as it was typed, in digits that every phone has; empty for none."""
    digits = "".join(_digit(each) for each in text.strip())
    return digits if TELEPHONE.fullmatch(digits) else ""


def _digit(sign: str) -> str:
    """Return 7 for ٧ and for 7, and anything else as it is."""
    value = unicodedata.decimal(sign, None)
    return sign if value is None else str(value)


def is_language(text: str) -> bool:
    """Whether this has the shape of a language tag (BCP 47), such as `es-MX`."""
    return len(text) <= LANGUAGE_LIMIT and LANGUAGE.fullmatch(text) is not None
