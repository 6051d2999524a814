"""How letters of other alphabets, and Latin letters that are no accented ones, are written in a name index.

It need not be beautiful, only the same for the usual spellings of a name; accents are gone before it is used.
"""

_SPECIAL = {
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ł": "l",
    "ħ": "h",
    "ŋ": "ng",
    "ı": "i",
    "ĸ": "k",
    "ə": "a",
    "ß": "ss",
}
_GREEK = dict(zip("αβγδεζηικλμνξοπρστυφω", "avgdeziiklmnxoprstyfo", strict=True)) | {
    "ς": "s",
    "θ": "th",
    "χ": "ch",
    "ψ": "ps",
}
_CYRILLIC = dict(zip("абвгдезиклмнопрстуфыэ", "abvgdeziklmnoprstufye", strict=True)) | {
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ъ": "",
    "ь": "",
    "ю": "yu",
    "я": "ya",
    "є": "ye",
    "і": "i",
    "ґ": "g",
    "ј": "j",
    "љ": "lj",
    "њ": "nj",
    "ђ": "dj",
    "ћ": "c",
    "џ": "dz",
    "ә": "a",
    "ө": "o",
    "ү": "u",
    "ұ": "u",
    "қ": "k",
    "ғ": "g",
    "ң": "n",
    "һ": "h",
}
# One name is typed on Arabic, Persian and Urdu keyboards with different code points for the same letter.
_ARABIC = {"ى": "ي", "ی": "ي", "ے": "ي", "ة": "ه", "ہ": "ه", "ھ": "ه", "ک": "ك", "ٱ": "ا", "ـ": ""}

LETTERS = str.maketrans(_SPECIAL | _GREEK | _CYRILLIC | _ARABIC)
