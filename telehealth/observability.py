"""What the service tells its operator: logs by allow-list, the request's id, access without query strings.

Only ids and figures pass: a message is a constant, whatever varies goes through `extra` under a known key.
"""

import json
import logging
import re
import sys
from contextvars import ContextVar, Token
from datetime import UTC, datetime
from typing import TextIO

from aiohttp.abc import AbstractAccessLogger
from aiohttp.web import BaseRequest, StreamResponse

KNOWN = (
    "request_id",
    "visit_id",
    "session_id",
    "actor_id",
    "appointment_id",
    "message_id",
    "template",
    "event",
    "code",
    "loop",
    "method",
    "path",
    "status",
    "seconds",
    "bytes",
    "count",
    "number",
    "state",
    "host",
    "port",
    "reason",
    "version",
)
"""Keys of `extra` that are written; everything else is dropped."""

SECRET = re.compile(r"^(/calendar/).+")
"""The one address with a secret in its path: calendar programs send nothing else."""

LONGEST = 200
"""Characters of one value; longer ones are cut."""

_request: ContextVar[str] = ContextVar("request", default="")


def current_request() -> str:
    """Return the id of the request being served, or an empty text."""
    return _request.get()


def enter_request(request_id: str) -> Token[str]:
    """Everything that is logged or audited from here on belongs to this request."""
    return _request.set(request_id)


def leave_request(token: Token[str]) -> None:
    """The request that `token` began is over."""
    _request.reset(token)


def known_facts(record: logging.LogRecord) -> dict[str, str | int | float | bool]:
    """Return the allowed facts of a record: known keys with plain values, control characters taken out."""
    facts: dict[str, str | int | float | bool] = {}
    if current_request():
        facts["request_id"] = current_request()
    for key in KNOWN:
        value = record.__dict__.get(key)
        if isinstance(value, str):
            facts[key] = "".join(letter for letter in value[:LONGEST] if letter.isprintable())
        elif isinstance(value, bool | int | float):
            facts[key] = value
    return facts


def constant(record: logging.LogRecord) -> str:
    """Return the message as it stands in the source: arguments may be personal and stay out."""
    return record.msg if isinstance(record.msg, str) else type(record.msg).__name__


def failure(record: logging.LogRecord) -> str:
    """Return where and with what class of exception it went wrong, without the exception's own words."""
    if not record.exc_info or record.exc_info[0] is None:
        return ""
    place, trace = "", record.exc_info[2]
    while trace is not None:
        code = trace.tb_frame.f_code
        place = f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno} {code.co_name}"
        trace = trace.tb_next
    return f"{record.exc_info[0].__name__} at {place}"


class _Lines(logging.Formatter):
    """What both forms of log share."""

    def facts(self, record: logging.LogRecord) -> dict[str, str | int | float | bool]:
        """Return everything that a line tells, in order."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        head: dict[str, str | int | float | bool] = {
            "at": at,
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": constant(record),
        }
        wrong = failure(record)
        return head | known_facts(record) | ({"error": wrong} if wrong else {})


class JsonLines(_Lines):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the record."""
        return json.dumps(self.facts(record), ensure_ascii=False)


class PlainLines(_Lines):
    """For a terminal: instant, level, logger, message, key=value."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the record."""
        facts = self.facts(record)
        head = " ".join(str(facts.pop(key)) for key in ("at", "level", "logger", "message"))
        return " ".join([head, *(f"{key}={value}" for key, value in facts.items())])


def start_logging(level: str, *, plain: bool, stream: TextIO | None = None) -> None:
    """Send all logs to `stream` (standard error) in one form; raises ValueError for an unknown level."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(PlainLines() if plain else JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # Their info and debug lines carry addresses, SQL values, SDP and packets.
    for noisy in (
        *("sqlalchemy", "alembic", "aiosqlite", "socketio", "engineio"),
        *("aiortc", "aioice", "asyncio", "mail"),
    ):
        logging.getLogger(noisy).setLevel(logging.WARNING)


class AccessLog(AbstractAccessLogger):
    """One line per answered request: method, path without query and secret, status, bytes, seconds."""

    def log(self, request: BaseRequest, response: StreamResponse, time: float) -> None:
        """Write the line."""
        extra = {
            "method": request.method,
            "path": SECRET.sub(r"\1…", request.path),
            "status": response.status,
            "bytes": response.body_length,
            "seconds": round(time, 4),
        }
        self.logger.info("request", extra=extra)

    @property
    def enabled(self) -> bool:
        """Whether anyone would see the line."""
        return self.logger.isEnabledFor(logging.INFO)
