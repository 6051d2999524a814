"""Pages from templates: an environment per language and kind of reader, and what a template may count on.

A handler says `return page(request, "staff/clinic.html", day=day)`. Every template has:

| name | is |
|---|---|
| `lang`, `dir` | the page's language, `ltr` or `rtl` |
| `languages`, `staff_languages` | all that are offered, and those that the pages of staff speak |
| `nonce` | for each `<script nonce>` and `<style nonce>` |
| `csrf` | the masked token: hidden field `csrf`, `<meta name="csrf">` |
| `static(name)`, `preloads(name)` | addresses of built files by source name: `static("clinic.js")` |
| `inline(name)` | a built file's own text, for styles that must not cost a request |
| `icons(names)` | a sprite of some icons, or with `others=True` of all others |
| `language_name(code)` | a language's name in itself |
| `in_language(code)` | the address asked for, in another language: only its query, `//host` is somebody's |
| `url_for(name, **parts)` | the address of a page by its name in routes/ |
| `me` | the Actor behind the request, or None |
| `phone`, `organization` | the help line and its owner; handlers hand in the right ones, else empty |
| `path`, `public_url` | the address asked for, without query; the service's own address |
| `refused`, `why` | the refusal behind a form that comes back, or None; its sentence in words |
| `problems`, `filled` | `{field: sentence}`, and what the form held |
| `comma`, `colon` | what the page's language writes between the parts of a list, and after a label |
| `now` | the present instant, UTC |
| `records` | whether recording with consent is offered |
| `date`, `day`, `time`, `day_and_time` | filters: `{{ start|time(zone) }}`, in the page's language |
| `listed`, `language_named` | filters: a name with the family name first; a language's name in the page's |
| `city`, `days_ahead`, `differs` | filters: a zone's city, days until an instant, whether clocks differ |
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, tzinfo
from functools import cache, partial
from gettext import NullTranslations
from pathlib import Path

from aiohttp.web import AppKey, Request, Response
from babel.dates import format_date, format_datetime, format_time, get_date_format
from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.bccache import Bucket
from jinja2.runtime import Context

from telehealth.domain.errors import BadInput
from telehealth.domain.people import HumanName
from web.csrf import token_for
from web.keys import ACTOR, FILLED, LANGUAGE, NONCE, REFUSED, SERVICES, SETTINGS
from web.language import colon, comma, direction, name_in, own_name
from web.speech import speak_to_staff, told
from web.statics import STATICS
from web.translations import CATALOGUES, Catalogues
from web.zones import city_of, days_ahead, differs, zone_of

DATES = {"en": "en_GB"}
"""English texts are nobody's in particular; their dates name the day before the month, as most readers do."""
YEAR = re.compile(r"(?:[\s,،፣]|'[^']*')*y+$")
"""The year at the end of a full date's pattern, with what leads to it, such as ` 'de' y`."""


class Compiled(BytecodeCache):
    """Templates as bytecode, in memory: to compile one takes long, and all languages share what it gives."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket if its template is known."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


class Renderer:
    """The environments by language; templates are compiled once and kept."""

    def __init__(self, templates: Path, languages: Iterable[str], catalogues: Catalogues) -> None:
        loader = FileSystemLoader(templates)
        self._patients = {each: _environment(loader, each, catalogues.patients(each)) for each in languages}
        self._staff = {
            each: _environment(loader, each, catalogues.staff(each)) for each in catalogues.staff_languages
        }

    def render(self, language: str, template: str, context: Mapping[str, object]) -> str:
        """Return the page as text."""
        environments = self._staff if for_staff(template) else self._patients
        return environments[language].get_template(template).render(context)

    def say(self, language: str, template: str, macro: str, *facts: object) -> str:
        """Return what a macro of the patient's says as plain text, for answers that are no pages."""
        module = self._patients[language].get_template(template).module
        return str(getattr(module, macro)(*facts).unescape())


def for_staff(template: str) -> bool:
    """Whether a page is for members of staff."""
    return template.startswith("staff/")


RENDERER = AppKey("renderer", Renderer)


@cache
def _compiled(_templates: Path) -> Compiled:
    """Return what is known of a folder's templates, which stay as they are while a process serves them."""
    return Compiled()


def _spoken(said: Callable[..., str]) -> Callable[..., str]:
    """Return it as a filter that speaks when a page is made: once compiled, it would say one thing to all."""

    @pass_context
    def speak(_context: Context, *facts: object, **more: object) -> str:
        return said(*facts, **more)

    return speak


def _environment(loader: FileSystemLoader, language: str, texts: NullTranslations) -> Environment:
    environment = Environment(
        loader=loader,
        bytecode_cache=_compiled(Path(loader.searchpath[0])),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(texts, newstyle=True)  # type: ignore[attr-defined]
    locale = DATES.get(language, language.replace("-", "_"))
    environment.globals |= {"comma": comma(language), "colon": colon(language)}
    environment.filters["language_named"] = _spoken(partial(name_in, language))
    environment.filters["listed"] = _spoken(partial(HumanName.listed_with, comma=comma(language)))
    environment.filters["date"] = _spoken(partial(_date, locale=locale))
    environment.filters["day"] = _spoken(partial(_day, locale=locale))
    environment.filters["time"] = _spoken(partial(_time, locale=locale))
    environment.filters["day_and_time"] = _spoken(
        partial(_day_and_time, locale=locale, comma=comma(language))
    )
    environment.filters["city"] = _spoken(partial(city_of, locale=locale))
    environment.filters["days_ahead"] = days_ahead
    environment.filters["differs"] = differs
    return environment


def page(request: Request, template: str, /, *, status: int = 200, **context: object) -> Response:
    """Answer with a rendered page in the language of whoever reads it."""
    text = rendered(request, template, **context)
    return Response(text=text, status=status, content_type="text/html", charset="utf-8")


def rendered(request: Request, template: str, /, **context: object) -> str:
    """Return a page's text in the language of whoever reads it."""
    if for_staff(template):
        speak_to_staff(request)
    return request.app[RENDERER].render(request[LANGUAGE], template, _common(request) | context)


def _common(request: Request) -> dict[str, object]:
    settings, statics = request.app[SETTINGS], request.app[STATICS]
    refused = request.get(REFUSED)
    wrong = refused.problems if isinstance(refused, BadInput) else ()
    return {
        "lang": request[LANGUAGE],
        "dir": direction(request[LANGUAGE]),
        "languages": settings.languages,
        "staff_languages": request.app[CATALOGUES].staff_languages,
        "nonce": request[NONCE],
        "csrf": token_for(request),
        "static": statics.url,
        "preloads": statics.preloads,
        "inline": statics.inline,
        "icons": statics.icons,
        "language_name": own_name,
        "in_language": lambda language: f"?{request.rel_url.update_query(lang=language).raw_query_string}",
        "url_for": partial(address, request),
        "me": request.get(ACTOR),
        "phone": "",
        "organization": "",
        "path": request.path,
        "public_url": settings.public_url,
        "refused": refused,
        "why": told(request, refused.detail) if refused else "",
        "problems": {each.field: told(request, each.detail) for each in wrong},
        "filled": request.get(FILLED, {}),
        "now": settings.clock.now(),
        "records": request.app[SERVICES].company.recordings.offered,
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


def _day_and_time(instant: datetime, zone: str | tzinfo, *, locale: str, comma: str) -> str:
    return format_datetime(instant, f"EEEE d MMMM{comma}HH:mm", tzinfo=_zone(zone), locale=locale)
