"""Logs: only known keys, constant messages and classes of errors pass; nothing that names a person."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from aiohttp.test_utils import make_mocked_request
from aiohttp.web import Response

from telehealth.observability import (
    AccessLog,
    JsonLines,
    PlainLines,
    current_request,
    enter_request,
    leave_request,
    start_logging,
)


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    start_logging("debug", plain=False, stream=stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_known_keys_pass_and_unknown_ones_do_not(stream: io.StringIO) -> None:
    extra = {"visit_id": "v1", "count": 3, "email": "bo@home.example", "patient": "Bo"}
    logging.getLogger("telehealth").info("visit admitted", extra=extra)
    (line,) = lines(stream)
    assert (line["message"], line["visit_id"], line["count"], line["level"]) == (
        "visit admitted",
        "v1",
        3,
        "info",
    )
    assert "bo@home.example" not in stream.getvalue()
    assert "patient" not in line


def test_arguments_of_a_message_stay_out(stream: io.StringIO) -> None:
    logging.getLogger("library").warning("mail to %s failed", "bo@home.example")
    assert lines(stream)[0]["message"] == "mail to %s failed"


def test_an_error_is_its_class_and_place_without_its_words(stream: io.StringIO) -> None:
    try:
        int("Bo Lindqvist")
    except ValueError:
        logging.getLogger("telehealth").exception("could not")
    (line,) = lines(stream)
    assert str(line["error"]).startswith("ValueError at test_observability.py:")
    assert "Lindqvist" not in stream.getvalue()


def test_values_are_cut_and_cannot_forge_lines(stream: io.StringIO) -> None:
    extra = {"reason": "a\nlevel=error \x1b[2J" + "x" * 500, "state": ["a list"]}
    logging.getLogger("telehealth").info("seen", extra=extra)
    (line,) = lines(stream)
    assert str(line["reason"]).startswith("alevel=error [2Jxxx")
    assert len(str(line["reason"])) <= 200
    assert "state" not in line


def test_the_request_id_is_on_every_line_until_it_is_left(stream: io.StringIO) -> None:
    token = enter_request("r1")
    logging.getLogger("telehealth").info("one")
    leave_request(token)
    logging.getLogger("telehealth").info("two")
    assert [line.get("request_id") for line in lines(stream)] == ["r1", None]
    assert current_request() == ""


def test_chatty_libraries_are_held_back(stream: io.StringIO) -> None:
    logging.getLogger("sqlalchemy.engine").info("INSERT INTO patient")
    logging.getLogger("engineio").info("packet")
    assert stream.getvalue() == ""


def test_the_plain_form_is_one_line() -> None:
    record = logging.LogRecord("telehealth", logging.INFO, __file__, 1, "visit admitted", (), None)
    record.visit_id = "v1"
    line = PlainLines().format(record)
    assert line.endswith(" info telehealth visit admitted visit_id=v1")
    assert json.loads(JsonLines().format(record))["visit_id"] == "v1"


def test_an_object_as_message_is_named_by_its_class() -> None:
    record = logging.LogRecord("telehealth", logging.INFO, __file__, 1, ValueError("Bo"), (), None)
    assert "Bo" not in JsonLines().format(record)


def test_access_lines_have_no_query_string(stream: io.StringIO) -> None:
    access = AccessLog(logging.getLogger("telehealth.access"), "")
    assert access.enabled
    access.log(make_mocked_request("GET", "/v?lang=es&token=secret"), Response(status=200), 0.01234)
    (line,) = lines(stream)
    assert (line["method"], line["path"], line["status"], line["seconds"]) == ("GET", "/v", 200, 0.0123)
    assert "secret" not in stream.getvalue()


def test_an_address_that_is_a_secret_is_not_written(stream: io.StringIO) -> None:
    request = make_mocked_request("GET", f"/calendar/{'s' * 43}.ics?lang=es")
    AccessLog(logging.getLogger("telehealth.access"), "").log(request, Response(), 0.1)
    assert lines(stream)[0]["path"] == "/calendar/…"
