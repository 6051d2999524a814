"""Pages from templates: one Jinja2 environment per language, and what every template may count on.

A handler says `return page(request, "staff/clinic.html", day=day)`. Every template has:

| name | is |
|---|---|
| `lang`, `dir`, `languages` | the page's language, `ltr` or `rtl`, all that are offered |
| `nonce` | for each `<script nonce>` and `<style nonce>` |
| `csrf` | the masked token: hidden field `csrf`, `<meta name="csrf">` |
| `static(name)`, `preloads(name)` | addresses of built files by source name: `static("clinic.js")` |
| `inline(name)` | a built file's own text, for styles that must not cost a request |
| `icons(names)` | a sprite of some icons, or with `others=True` of all others |
| `language_name(code)` | a language's name in itself |
| `url_for(name, **parts)` | the address of a page by its name in routes/ |
| `me` | the Actor behind the request, or None |
| `phone`, `organization` | the help line and its owner; handlers hand in the right ones, else empty |
| `path`, `public_url` | the address asked for, without query; the service's own address |
| `refused`, `problems`, `filled` | why a form comes back, `{field: sentence}`, and what it held |
| `now` | the present instant, UTC |
| `date`, `day`, `time`, `day_and_time` | filters: `{{ start|time(zone) }}`, in the page's language |
| `city`, `days_ahead`, `differs` | filters: a zone's city, days until an instant, whether clocks differ |
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from functools import partial

from aiohttp.web import AppKey, Request, Response
from babel.dates import format_date, format_datetime, format_time, get_date_format
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from telehealth.domain.errors import BadInput
from web.csrf import token_for
from web.keys import ACTOR, FILLED, LANGUAGE, NONCE, REFUSED, SETTINGS
from web.language import direction, own_name
from web.settings import WebSettings
from web.statics import STATICS
from web.translations import SOURCE, translations
from web.zones import city_of, days_ahead, differs, zone_of

DATES = {"en": "en_GB"}
"""English texts are nobody's in particular; their dates name the day before the month, as most readers do."""
YEAR = re.compile(r"(?:[\s,،፣]|'[^']*')*y+$")
"""The year at the end of a full date's pattern, with what leads to it, such as ` 'de' y`."""


class Renderer:
    """The environments by language; templates are compiled once and kept."""

    def __init__(self, settings: WebSettings) -> None:
        loader = FileSystemLoader(settings.templates)
        self._environments = {
            language: _environment(loader, settings, language) for language in settings.languages
        }

    def render(self, language: str, template: str, context: Mapping[str, object]) -> str:
        """Return the page as text."""
        return self._environments[language].get_template(template).render(context)

    def say(self, language: str, template: str, macro: str, *facts: object) -> str:
        """Return what a macro says as plain text, for answers that are no pages."""
        module = self._environments[language].get_template(template).module
        return str(getattr(module, macro)(*facts).unescape())


RENDERER = AppKey("renderer", Renderer)


def _environment(loader: FileSystemLoader, settings: WebSettings, language: str) -> Environment:
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.policies["ext.i18n.trimmed"] = True
    catalogue = translations(settings.locale, language)
    environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
    locale = DATES.get(language, language.replace("-", "_"))
    environment.filters["date"] = partial(_date, locale=locale)
    environment.filters["day"] = partial(_day, locale=locale)
    environment.filters["time"] = partial(_time, locale=locale)
    environment.filters["day_and_time"] = partial(_day_and_time, locale=locale)
    environment.filters["city"] = partial(city_of, locale=locale)
    environment.filters["days_ahead"] = days_ahead
    environment.filters["differs"] = differs
    return environment


def page(request: Request, template: str, /, *, status: int = 200, **context: object) -> Response:
    """Answer with a rendered page in the request's language; staff pages speak the source language only."""
    if template.startswith("staff/") and SOURCE in request.app[SETTINGS].languages:
        request[LANGUAGE] = SOURCE
    text = request.app[RENDERER].render(request[LANGUAGE], template, _common(request) | context)
    return Response(text=text, status=status, content_type="text/html", charset="utf-8")


def _common(request: Request) -> dict[str, object]:
    settings, statics = request.app[SETTINGS], request.app[STATICS]
    refused = request.get(REFUSED)
    problems = {each.field: each.detail for each in refused.problems} if isinstance(refused, BadInput) else {}
    return {
        "lang": request[LANGUAGE],
        "dir": direction(request[LANGUAGE]),
        "languages": settings.languages,
        "nonce": request[NONCE],
        "csrf": token_for(request),
        "static": statics.url,
        "preloads": statics.preloads,
        "inline": statics.inline,
        "icons": statics.icons,
        "language_name": own_name,
        "url_for": partial(address, request),
        "me": request.get(ACTOR),
        "phone": "",
        "organization": "",
        "path": request.path,
        "public_url": settings.public_url,
        "refused": refused,
        "problems": problems,
        "filled": request.get(FILLED, {}),
        "now": settings.clock.now(),
    }


def address(request: Request, name: str, **parts: str) -> str:
    """Return the path of the page called `name` in routes/, its parts filled in."""
    return str(request.app.router[name].url_for(**parts))


def _zone(zone: str | tzinfo) -> tzinfo:
    return zone_of(zone) if isinstance(zone, str) else zone


def _date(day: date | datetime, zone: str | tzinfo = "UTC", style: str = "full", *, locale: str) -> str:
    local = day.astimezone(_zone(zone)).date() if isinstance(day, datetime) else day
    return format_date(local, style, locale=locale)


def _day(instant: datetime, zone: str | tzinfo, *, locale: str) -> str:
    """Return a day near enough to need no year: the language's own full date decides order and words."""
    pattern = YEAR.sub("", get_date_format("full", locale=locale).pattern)
    return format_date(instant.astimezone(_zone(zone)).date(), pattern, locale=locale)


def _time(instant: datetime, zone: str | tzinfo, style: str = "HH:mm", *, locale: str) -> str:
    return format_time(instant, style, tzinfo=_zone(zone), locale=locale)


def _day_and_time(instant: datetime, zone: str | tzinfo, *, locale: str) -> str:
    return format_datetime(instant, "EEEE d MMMM, HH:mm", tzinfo=_zone(zone), locale=locale)
