"""Crockford's base 32: texts that people read aloud and type, without I, L, O and U."""

import re
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0"})


def encode(data: bytes) -> str:
    """The bytes as digits of 5 bits, the last one filled up with zero bits."""
    count = -(-len(data) * 8 // 5)
    number = int.from_bytes(data, "big") << (count * 5 - len(data) * 8)
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(count)))


def decode(text: str, size: int) -> bytes | None:
    """The `size` bytes of a text made by `encode`, or None when it is no such text."""
    count = -(-size * 8 // 5)
    if len(text) != count or not set(text) <= set(ALPHABET):
        return None
    number = 0
    for digit in text:
        number = number << 5 | ALPHABET.index(digit)
    spare = count * 5 - size * 8
    if number & (1 << spare) - 1:
        return None
    return (number >> spare).to_bytes(size, "big")


def normalise(text: str) -> str:
    """What a person typed, as digits of the alphabet: in any case and width, with look-alikes and dashes."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return re.sub(r"[\s\u2010-\u2015\-_.]", "", plain).translate(_LOOKALIKES)


def grouped(text: str, size: int) -> str:
    """The text in groups of `size` joined by dashes."""
    return "-".join(text[start : start + size] for start in range(0, len(text), size))
