"""How many short messages a text takes on the air: GSM 7-bit where its alphabet has every letter, else UCS-2.

Alphabet and escapes: 3GPP TS 23.038, sections 6.2.1 and 6.2.1.1; lengths of joined messages: TS 23.040.
"""

import unicodedata
from collections.abc import Callable, Iterable

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
ESCAPED = frozenset("\f^{}\\[~]|€")
"""These take two septets, which are never parted."""
GSM_ALONE, GSM_JOINED = 160, 153
UCS_ALONE, UCS_JOINED = 70, 67
MOST_SEGMENTS = 3

ALIKE = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " ", "\u202f": " "}
)
"""What typographers write and the GSM alphabet has a plain letter for."""


def is_gsm(text: str) -> bool:
    """Whether every letter is one of the GSM 7-bit alphabet or its extension."""
    return all(letter in GSM or letter in ESCAPED for letter in text)


def segments(text: str) -> int:
    """Return how many parts the text is sent in; an empty text takes none."""
    if is_gsm(text):
        return _parts(text, _septets, GSM_ALONE, GSM_JOINED)
    return _parts(text, _units, UCS_ALONE, UCS_JOINED)


def _septets(letter: str) -> int:
    return 2 if letter in ESCAPED else 1


def _units(letter: str) -> int:
    return len(letter.encode("utf-16-le")) // 2


def _parts(text: str, width: Callable[[str], int], alone: int, joined: int) -> int:
    widths = [width(letter) for letter in text]
    if sum(widths) <= alone:
        return int(bool(widths))
    return _filled(widths, joined)


def _filled(widths: Iterable[int], room: int) -> int:
    """Count parts of `room`; a letter of width two never lies across an edge."""
    parts, used = 1, 0
    for width in widths:
        if used + width > room:
            parts, used = parts + 1, 0
        used += width
    return parts


def plain(text: str) -> str:
    """Return the text with typographers' signs as the GSM alphabet writes them."""
    return text.translate(ALIKE)


def folded(text: str) -> str:
    """Return the text without the accents that the GSM alphabet lacks: García becomes Garcia."""
    return "".join(letter if letter in GSM else _base(letter) for letter in plain(text))


def _base(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[0]
    return base if base in GSM else letter
