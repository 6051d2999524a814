"""The OpenAPI document: complete, consistent in itself, and made of the table."""

import json
import re
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any

import pytest

from telehealth.domain.errors import BadInput
from web.api.openapi import PREFIX, document
from web.paging import after, position
from web.routes import routes


def told() -> dict[str, Any]:
    return document(routes(), "https://care.example", secure=True)


def references(value: Any) -> set[str]:
    return set(re.findall(r'"\$ref": "#/components/schemas/(\w+)"', json.dumps(value)))


def test_every_route_of_the_api_is_described() -> None:
    described = {(method.upper(), path) for path, methods in told()["paths"].items() for method in methods}
    served = {
        (route.method, route.path.removeprefix(PREFIX)) for route in routes() if route.path.startswith(PREFIX)
    }
    assert described == served


def test_every_reference_leads_somewhere_and_nothing_is_left_over() -> None:
    found = told()
    schemas = found["components"]["schemas"]
    assert references(found) == set(schemas)


def test_operations_have_unique_names_and_a_summary() -> None:
    operations = [each for methods in told()["paths"].values() for each in methods.values()]
    assert len({each["operationId"] for each in operations}) == len(operations)
    assert all(each["summary"].endswith(".") for each in operations)


def test_cookies_are_named_as_they_are_set() -> None:
    assert told()["components"]["securitySchemes"]["staff"]["name"] == "__Host-staff"
    plain = document(routes(), "http://localhost:8080", secure=False)
    assert plain["components"]["securitySchemes"]["staff"]["name"] == "staff"


def test_writes_with_a_cookie_ask_for_the_token() -> None:
    operation = told()["paths"]["/appointments"]["post"]
    names = {each["name"]: each["required"] for each in operation["parameters"]}
    assert names == {"X-CSRF-Token": True, "Idempotency-Key": False}


def test_a_cursor_comes_back_as_it_went() -> None:
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert position(after(start, "prac-1")) == (start, "prac-1")


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01T00:00:00+14:00 prac-1",
        "9999-12-31T23:59:59-14:00 prac-1",
        "2026-11-23T09:00:00+00:00 prac\0",
        "2026-11-23T09:00:00 prac-1",
        "2026-11-23T09:00:00+00:00",
    ],
)
def test_a_cursor_that_no_database_takes_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        position(urlsafe_b64encode(text.encode()).decode().rstrip("="))
