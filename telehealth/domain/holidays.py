"""Public holidays of a region, as ISO 3166 names it: DE, DE-BY. The package `holidays` knows the dates."""

from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache

NONE: Mapping[date, str] = {}
ENGLISH = "en_US"


@cache
def regions() -> frozenset[str]:
    """Return every region whose holidays are known: countries and their parts."""
    from holidays import list_supported_countries

    known = list_supported_countries(include_aliases=False)
    return frozenset(known) | {f"{country}-{part}" for country, parts in known.items() for part in parts}


@lru_cache(maxsize=256)
def holidays_of(region: str, year: int, language: str = "en") -> Mapping[date, str]:
    """Return the days of a year that a region keeps, with their names; in English where not in `language`.

    None for no region, and for one that is not known any more. The language never comes from the environment.
    """
    if region not in regions():
        return NONE
    from holidays import country_holidays

    country, _, part = region.partition("-")
    spoken = _spoken(country, language)
    return dict(sorted(country_holidays(country, subdiv=part or None, years=year, language=spoken).items()))


def _spoken(country: str, language: str) -> str | None:
    from holidays import list_localized_countries

    offered = list_localized_countries().get(country, [])
    own = [each for each in offered if each.partition("_")[0] == language.partition("-")[0]]
    english = [ENGLISH] if ENGLISH in offered else []
    return next(iter([*own, *english]), None)


def is_holiday(region: str, day: date) -> bool:
    """Whether a region keeps that day."""
    return bool(region) and day in holidays_of(region, day.year)
