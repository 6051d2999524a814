"""The query of a FHIR search: known parameters only, each once unless it narrows further."""

from collections.abc import Collection, Mapping

from aiohttp.web import Request
from multidict import MultiMapping

from telehealth.fhir.parameters import refusal
from web.readers import Whole

PAGE, MOST = 50, 200


def asked(request: Request, known: Collection[str], repeated: Collection[str] = ()) -> Mapping[str, str]:
    """Return the parameters; raises BadInput naming one that is not known, or stands there twice."""
    refuse_unknown(request.query, known, repeated)
    return request.query


def refuse_unknown(given: MultiMapping[str], known: Collection[str], repeated: Collection[str] = ()) -> None:
    """Raise BadInput naming a parameter that is not known, or stands there twice."""
    for name in given:
        if name not in known:
            raise refusal(name, "unknown", "This parameter is not known here.")
        if name not in repeated and len(given.getall(name)) > 1:
            raise refusal(name, "too-many", "Give this parameter once.")


def count_of(given: Mapping[str, str]) -> int:
    """Return how many resources are to be shown."""
    return Whole(0, MOST).read(given.get("_count", str(PAGE)), "_count")
