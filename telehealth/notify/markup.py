"""The HTML part of an e-mail: the words of its plain part, readable on a phone, nothing loaded from anywhere.

Mail programs drop style sheets, so every style stands at its element. The colours are those of the pages.
"""

from collections.abc import Mapping, Sequence
from html import escape

from telehealth.notify.filling import direction, fill
from telehealth.notify.texts import LINK, TIMES

TALL = frozenset({"ar", "fa", "ur", "hi", "am", "my", "km", "th", "ne", "bn"})
"""Scripts that need more room between their lines."""
PAGE = (
    '<!doctype html>\n<html lang="{lang}" dir="{dir}">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width">\n<title>{title}</title>\n</head>\n'
    '<body style="margin:0;padding:16px;background:#F4F7F6">\n'
    '<div lang="{lang}" dir="{dir}" style="max-width:544px;margin:0 auto;padding:24px;background:#FFFFFF;'
    "border:1px solid #CFD8D7;border-radius:16px;color:#16262B;text-align:{start};"
    'font:18px/{height} system-ui,-apple-system,Roboto,Arial,sans-serif">\n{body}\n</div>\n</body>\n</html>\n'
)
PARAGRAPH = '<p style="margin:0 0 16px">{}</p>'
BUTTON = (
    '<p style="margin:24px 0 8px"><a href="{link}" style="display:inline-block;padding:16px 24px;'
    "background:#0B5C63;border:2px solid #0B5C63;border-radius:16px;color:#FFFFFF;font-weight:700;"
    'text-decoration:none">{label}</a></p>\n'
    '<p style="margin:0 0 24px;font-size:14px;overflow-wrap:anywhere">'
    '<a href="{link}" style="color:#0B5C63"><bdi dir="ltr">{link}</bdi></a></p>'
)
FACTS = {
    "link": '<a href="{0}" style="color:#0B5C63;overflow-wrap:anywhere"><bdi dir="ltr">{0}</bdi></a>',
    "page": '<bdi dir="ltr" style="overflow-wrap:anywhere">{0}</bdi>',
    "code": '<b><bdi dir="ltr" style="white-space:nowrap">{0}</bdi></b>',
    "phone": '<a href="tel:{0}" style="color:#0B5C63;white-space:nowrap"><bdi dir="ltr">{0}</bdi></a>',
}
LIST = '<ol style="margin:0 0 16px">\n{}\n</ol>'
ANY_FACT = "<bdi>{0}</bdi>"


def page(
    language: str,
    subject: str,
    paragraphs: Sequence[str],
    facts: Mapping[str, str],
    button: str,
    times: Sequence[tuple[str, str]],
) -> str:
    """Return the document; `{link}` alone becomes a button with the address in full below it.

    `{times}` alone becomes the list of `times`, each with its link where there is one.
    """
    shown = [_times(times) if each == TIMES else _block(each, facts, button) for each in paragraphs]
    base = language.partition("-")[0]
    return PAGE.format(
        lang=escape(language),
        dir=direction(language),
        title=escape(subject),
        start="right" if direction(language) == "rtl" else "left",
        height="1.75" if base in TALL else "1.5",
        body="\n".join(shown),
    )


def _block(wording: str, facts: Mapping[str, str], button: str) -> str:
    if wording == LINK and "link" in facts:
        return BUTTON.format(link=escape(facts["link"]), label=escape(button))
    words = fill(wording, facts, literal=_literal, fact=_fact)
    return PARAGRAPH.format(words)


def _times(times: Sequence[tuple[str, str]]) -> str:
    shown = []
    for words, link in times:
        opened = f"<br>{FACTS['link'].format(escape(link))}" if link else ""
        shown.append(f"<li>{escape(words)}{opened}</li>")
    return LIST.format("\n".join(shown))


def _literal(text: str) -> str:
    return escape(text).replace("\n", "<br>\n")


def _fact(name: str, value: str) -> str:
    return FACTS.get(name, ANY_FACT).format(escape(value))
