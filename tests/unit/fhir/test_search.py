"""Dates of a FHIR search become half-open spans in UTC; what is none is refused by name."""

from datetime import UTC, datetime

import pytest

from telehealth.domain.errors import BadInput
from telehealth.fhir.search import bounds, of_type

DAY, NEXT = datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 24, tzinfo=UTC)
NOVEMBER, NEW_YEAR = datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
HALF_PAST = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "texts, start, end",
    [
        ([], None, None),
        (["2026-11-23"], DAY, NEXT),
        (["eq2026-11-23"], DAY, NEXT),
        (["ge2026-11-23"], DAY, None),
        (["gt2026-11-23"], NEXT, None),
        (["le2026-11-23"], None, NEXT),
        (["lt2026-11-23"], None, DAY),
        (["ge2026-11-23", "lt2026-11-24"], DAY, NEXT),
        (["ge2026-11-23T09:30:00+01:00"], HALF_PAST, None),
        (["lt2026-11-23T08:30Z"], None, HALF_PAST),
        (["sa2026-11-23"], NEXT, None),
        (["eb2026-11"], None, NOVEMBER),
        (["ge2026-11", "lt2027"], NOVEMBER, NEW_YEAR),
    ],
)
def test_a_date_is_a_span(texts: list[str], start: datetime | None, end: datetime | None) -> None:
    assert bounds("date", texts) == (start, end)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "today",
        "ap2026-11-23",
        "2026-13-01",
        "2026-11-23T09:30:00",
        "ge2026-11-23Tnoon",
        "ne2026-11-23",
        "2026-02-30",
        "0001",
        "9999",
        "le9999-12-31",
        "9999-12-31T23:59:59-23:59",
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        bounds("date", [text])
    assert refused.value.problems[0].field == "date"


def test_a_reference_names_its_type_or_nothing() -> None:
    assert {of_type("patient", text, "Patient") for text in ("Patient/bo", "bo")} == {"bo"}
    for text in ("Practitioner/bo", "", "a b"):
        with pytest.raises(BadInput):
            of_type("patient", text, "Patient")
