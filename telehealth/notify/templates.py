"""Puts letters into words: the reader's language where there is a catalogue, the reader's wall time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from gettext import NullTranslations

from babel import Locale
from babel.dates import (
    format_date,
    format_datetime,
    format_skeleton,
    format_time,
    get_datetime_format,
    get_timezone,
    get_timezone_location,
)

from telehealth.domain.own_text import OwnText
from telehealth.domain.segments import MOST_SEGMENTS, folded, is_gsm, plain, segments
from telehealth.notify import markup
from telehealth.notify.choice_texts import CHOICE_TEXTS
from telehealth.notify.contact_texts import CONTACT_TEXTS
from telehealth.notify.filling import bare, direction, fill, isolated, led, marked, one_line
from telehealth.notify.series_texts import OFF, SERIES_TEXTS, WITH
from telehealth.notify.staff_texts import STAFF_TEXTS
from telehealth.notify.texts import (
    ADVICE,
    HELP,
    LINK,
    OTHER_DAY,
    SHORT_HELP,
    TEXTS,
    TIMES,
    TITLE,
    TODAY,
    WHERE,
    Text,
)
from telehealth.notify.waitlist_texts import WAITLIST_TEXTS
from telehealth.notify.way_texts import AT_SITE, BY_PHONE, PHONE_PLACE, PHONE_TITLE, SITE_TITLE, WAY_TEXTS
from telehealth.services.letters import Letter, NotDelivered, Rendered
from telehealth.services.several import Dated

SOURCE = "en"
ALL_TEXTS = (STAFF_TEXTS, TEXTS, WAY_TEXTS, SERIES_TEXTS, CONTACT_TEXTS, WAITLIST_TEXTS, CHOICE_TEXTS)
DATES = {"en": "en-GB"}
"""English texts are nobody's in particular; their dates name the day before the month, as the pages do."""


class Wording:
    """Renders letters: the `Words` that Delivery asks."""

    def __init__(
        self,
        catalogues: Mapping[str, NullTranslations] | None = None,
        staff: Mapping[str, NullTranslations] | None = None,
    ) -> None:
        """`catalogues` are the translations by language, `staff` those of the staff's own letters.

        English needs none.
        """
        self._catalogues = {SOURCE: NullTranslations(), **(catalogues or {})}
        self._staff = {SOURCE: NullTranslations(), **(staff or {})}

    def language(self, *wanted: str) -> str:
        """Return the first language that can be spoken: as wanted or its base language; English at last."""
        return _spoken(self._catalogues, *wanted)

    def kinds(self) -> tuple[str, ...]:
        """Return the templates that an organization may word itself: those to patients."""
        return (*TEXTS, *WAY_TEXTS, *SERIES_TEXTS, *WAITLIST_TEXTS, *CHOICE_TEXTS)

    def standard(self, template: str, language: str) -> OwnText:
        """Return a template's standard wording in a language, of no organization."""
        text = self._text(template, language)
        return OwnText("", template, language, text.subject, "\n\n".join(text.paragraphs), text.sms)

    def __call__(self, letter: Letter) -> Rendered:
        """Return the letter in words; raise NotDelivered (`no-template`) for an unknown template."""
        language = _spoken(self._of(letter.template), letter.language)
        text = worded(self._text(letter.template, language), letter.own)
        facts = {name: one_line(value) for name, value in letter.values.items()}
        facts |= self._when(letter, language)
        title, place, facts["how"] = self._way(facts, language)
        subject = led(one_line(fill(text.subject, facts)), language)
        paragraphs = [*text.paragraphs, *self._help(HELP, text.paragraphs, facts, language)]
        times = _times(letter, language, self._catalogues[language].gettext)
        sms, shortened = self._sms(text, facts, language)
        return Rendered(
            subject=subject,
            text="\n\n".join(_plain(each, facts, text.button, times, language) for each in paragraphs) + "\n",
            html=markup.page(language, subject, paragraphs, facts, text.button, times),
            sms=sms,
            sender=facts["clinic"],
            shortened=shortened,
            title=title,
            advice=self._advice(facts, language),
            place=place,
        )

    def _of(self, template: str) -> Mapping[str, NullTranslations]:
        return self._staff if template in STAFF_TEXTS else self._catalogues

    def _text(self, template: str, language: str) -> Text:
        """Return a template in a language; the empty text is nothing to translate."""
        text = next((each[template] for each in ALL_TEXTS if template in each), None)
        if text is None:
            raise NotDelivered("no-template", final=True)
        say = self._of(template)[language].gettext
        paragraphs = tuple(each if each in {LINK, TIMES} else say(each) for each in text.paragraphs)
        button, *forms = (each and say(each) for each in (text.button, text.sms, text.brief, text.short))
        return Text(say(text.subject), paragraphs, button, *forms)

    def _help(self, wording: str, said: Sequence[str], facts: Mapping[str, str], language: str) -> list[str]:
        """Return the help line, where there is a phone and no wording of the organization's own names it."""
        wanted = facts.get("phone") and not any("{phone}" in each for each in said)
        return [self._catalogues[language].gettext(wording)] if wanted else []

    def _advice(self, facts: Mapping[str, str], language: str) -> str:
        """Return how a visit is opened, or what the patient does instead, for calendars."""
        done = facts["how"] or self._catalogues[language].gettext(ADVICE)
        sentences = [done, *self._help(HELP, [], facts, language)]
        return " ".join(fill(each, facts) for each in sentences)

    def _way(self, facts: Mapping[str, str], language: str) -> tuple[str, str, str]:
        """Return what a visit is called in calendars, where it is there, and what its patient does for it.

        By video it is nowhere, and each message says by itself how it is opened.
        """
        say = self._catalogues[language].gettext
        if "site" in facts:
            return say(SITE_TITLE), facts["site"], fill(say(AT_SITE), facts)
        if "digits" in facts:
            return say(PHONE_TITLE), say(PHONE_PLACE), fill(say(BY_PHONE), facts)
        return say(TITLE), "", ""

    def _sms(self, text: Text, facts: Mapping[str, str], language: str) -> tuple[str, bool]:
        """Return the first form that fits three parts, and whether it is not the full one.

        Where none fits it is the shortest, whatever its length.
        """
        if not text.sms:
            return "", False
        fact = marked if direction(language) == "rtl" else bare
        facts = {**facts, **{name: _cheap(facts[name]) for name in ("when", "list")}}
        full, *others = (
            led(
                plain(
                    fill(" ".join([form, *self._help(SHORT_HELP, [form], facts, language)]), facts, fact=fact)
                ),
                language,
            )
            for form in filter(None, (text.sms, text.short, text.brief))
        )
        forms = [full, folded(full), *(each for form in others for each in (form, folded(form)))]
        fitting = next((form for form in forms if segments(form) <= MOST_SEGMENTS), forms[-1])
        return fitting, fitting not in forms[:2]

    def _when(self, letter: Letter, language: str) -> dict[str, str]:
        """Return day, time and the zone's name, as the language writes them."""
        locale = _locale(language)
        zone, say = get_timezone(letter.zone), self._catalogues[language].gettext
        local = letter.at.astimezone(zone)
        time = _clock(letter.at, zone, locale)
        short = {"time": time, "day": format_skeleton("MMMEd", local, locale=locale)}
        today = local.date() == letter.now.astimezone(zone).date()
        times = "; ".join(_brief(each, zone, locale, say) for each in letter.dates)
        city = get_timezone_location(letter.zone, locale=locale, return_city=True).rpartition("/")[2]
        when = fill(say(TODAY if today else OTHER_DAY), short)
        return {
            "day": format_date(local.date(), "full", locale=locale),
            "time": time,
            "when": fill(say(WHERE), {"when": when, "city": city}),
            "list": fill(say(WHERE), {"when": times, "city": city}),
            # Of several times some are in summer and some in winter.
            "zone": format_datetime(
                letter.at, "vvvv" if letter.dates else "zzzz", tzinfo=zone, locale=locale
            ),
        }


def _spoken(catalogues: Mapping[str, NullTranslations], *wanted: str) -> str:
    for each in wanted:
        for tag in (each, each.partition("-")[0]):
            if tag in catalogues:
                return tag
    return SOURCE


def worded(text: Text, own: OwnText | None) -> Text:
    """Return a template in the organization's own words, where it has some; its brief form stays."""
    if own is None:
        return text
    return replace(text, subject=own.subject, paragraphs=own.paragraphs, sms=own.sms)


def _locale(language: str) -> Locale:
    return Locale.parse(DATES.get(language, language), sep="-")


def _clock(at: datetime, zone: tzinfo, locale: Locale) -> str:
    """Return a wall time by the clock of the pages: who has read 14:00 there need not look for 2:00."""
    return format_time(at, "HH:mm", tzinfo=zone, locale=locale)


def _cheap(text: str) -> str:
    """Return a text in the plain alphabet where only its accents keep it out: they would double the parts."""
    return folded(text) if is_gsm(folded(plain(text))) else text


def _times(letter: Letter, language: str, say: Callable[[str], str]) -> list[tuple[str, str]]:
    """Return the times of several visits in words, each with its link."""
    zone, locale = get_timezone(letter.zone), _locale(language)
    together = str(get_datetime_format("medium", locale=locale)).replace("'", "")
    fact = isolated if direction(language) == "rtl" else bare
    found = []
    for each in letter.dates:
        day = format_date(each.at.astimezone(zone).date(), "full", locale=locale)
        words = together.replace("{1}", day).replace("{0}", _clock(each.at, zone, locale))
        if each.who:
            words = fill(say(WITH), {"time": words, "practitioner": one_line(each.who)}, fact=fact)
        if each.off:
            words = fill(say(OFF), {"time": words})
        found.append((led(words, language), each.link))
    return found


def _brief(dated: Dated, zone: tzinfo, locale: Locale, say: Callable[[str], str]) -> str:
    """Return a time of several in few letters."""
    day = format_skeleton("MMMEd", dated.at.astimezone(zone), locale=locale)
    words = f"{day} {_clock(dated.at, zone, locale)}"
    return fill(say(OFF), {"time": words}) if dated.off else words


def _plain(
    wording: str, facts: Mapping[str, str], button: str, times: Sequence[tuple[str, str]], language: str
) -> str:
    """Return one paragraph of the plain part; a link alone stands on a line of its own below its name."""
    if wording == TIMES:
        return "\n".join("\n".join(filter(None, each)) for each in times)
    if wording == LINK and "link" in facts:
        return f"{led(button, language)}:\n{facts['link']}"
    fact = isolated if direction(language) == "rtl" else bare
    return led(fill(wording, facts, fact=fact), language)
