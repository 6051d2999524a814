"""FHIR R4 Subscription, channel rest-hook: read strictly, written out, and what the hook is told.

Told are ids, never what was found: whoever reads the message has to come here for it. The message has the
shape of the R5 backport's notification (a history Bundle with the subscription's status first), of no topic.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from telehealth.domain.subscriptions import Event, Subscription
from telehealth.fhir.parameters import refusal
from telehealth.fhir.record_search import PARAMETERS, Test, test_of
from telehealth.fhir.search import of_type
from telehealth.fhir.spans import span_of
from telehealth.fhir.text import Resource, instant
from telehealth.fhir.validation.primitives import FITS

MEMBERS = frozenset({"resourceType", "id", "meta", "status", "reason", "criteria", "channel", "end"})
OF_CHANNEL = frozenset({"type", "endpoint", "payload", "header"})
FHIR_JSON = "application/fhir+json"
LONGEST, LONGEST_ADDRESS, MOST_HEADERS = 1_000, 500, 5
HEADER = re.compile(r"(Authorization|X-[A-Za-z0-9-]{1,60}): [\x21-\x7e](?:[\x20-\x7e]{0,498}[\x21-\x7e])?")
ADDRESS = re.compile(r"[\x21-\x7e]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is watched: a type, one patient or all of the house's, and what a resource has to pass."""

    type: str
    patient_id: str
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A Subscription as somebody asks for it."""

    criteria: str
    reason: str
    endpoint: str
    ids: bool
    header: tuple[str, ...]
    ends_at: datetime | None


def wanted(resource: Resource) -> Wanted:
    """Return what is asked for; raises BadInput naming the element that cannot be."""
    _known(resource, MEMBERS, "Subscription")
    if resource.get("resourceType") != "Subscription":
        raise refusal("resourceType", "value", "A resource of type Subscription is expected.")
    if resource.get("status") not in {"requested", "active"}:
        raise refusal("Subscription.status", "value", "Ask for it with the status requested.")
    channel = resource.get("channel")
    if not isinstance(channel, dict):
        raise refusal("Subscription.channel", "required", "Say where the news goes.")
    _known(channel, OF_CHANNEL, "Subscription.channel")
    if channel.get("type") != "rest-hook":
        raise refusal("Subscription.channel.type", "value", "The only channel is rest-hook.")
    if channel.get("payload") not in {None, FHIR_JSON}:
        raise refusal("Subscription.channel.payload", "value", f"Leave it out, or ask for {FHIR_JSON}.")
    return Wanted(
        _text(resource, "criteria", "Subscription"),
        _text(resource, "reason", "Subscription"),
        _endpoint(_text(channel, "endpoint", "Subscription.channel")),
        "payload" in channel,
        _headers(channel.get("header", [])),
        _end(resource.get("end")),
    )


def criteria_of(text: str, base: str) -> Criteria:
    """Return what a query such as `Observation?category=laboratory` watches; raises BadInput naming it."""
    type_, _, query = text.partition("?")
    if type_ not in PARAMETERS:
        raise refusal("Subscription.criteria", "value", "Nothing of this type is searched here.")
    patient_id, tests = "", list[Test]()
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name == "patient" and not patient_id:
            patient_id = of_type("patient", value, "Patient")
        elif name in PARAMETERS[type_]:
            tests.append(test_of(type_, name, value, base))
        else:
            raise refusal("Subscription.criteria", "unknown", f"This cannot be asked for here: {name[:60]}")
    return Criteria(type_, patient_id, tuple(tests))


def to_fhir(subscription: Subscription) -> Resource:
    """Return it as it is shown to the program that it belongs to, without the header's secrets."""
    channel: Resource = {"type": "rest-hook", "endpoint": subscription.endpoint}
    found: Resource = {
        "resourceType": "Subscription",
        "id": subscription.id,
        "status": subscription.state.value,
        "reason": subscription.reason,
        "criteria": subscription.criteria,
        "channel": channel | ({"payload": FHIR_JSON} if subscription.ids else {}),
    }
    found |= {"end": instant(subscription.ends_at)} if subscription.ends_at else {}
    return found | {"error": subscription.error} if subscription.error else found


def notification(
    subscription: Subscription, events: Sequence[Event], key: UUID, now: datetime, base: str
) -> Resource:
    """Return what the hook is told of these events, by id; they are numbered on from those that arrived."""
    status = [
        {"name": "subscription", "valueReference": {"reference": f"{base}/Subscription/{subscription.id}"}},
        {"name": "status", "valueCode": subscription.state.value},
        {"name": "type", "valueCode": "event-notification"},
        {
            "name": "events-since-subscription-start",
            "valueString": str(subscription.told + len(events)),
        },
        *(_told(subscription, each, number) for number, each in enumerate(events, subscription.told + 1)),
    ]
    here = f"{base}/Subscription/{subscription.id}/$status"
    entry = {
        "fullUrl": f"urn:uuid:{key}",
        "resource": {"resourceType": "Parameters", "parameter": status},
        "request": {"method": "GET", "url": here},
        "response": {"status": "200"},
    }
    return {"resourceType": "Bundle", "type": "history", "timestamp": instant(now), "entry": [entry]}


def _told(subscription: Subscription, event: Event, number: int) -> Resource:
    focus = {"reference": f"{subscription.type}/{event.resource_id}/_history/{event.version}"}
    return {
        "name": "notification-event",
        "part": [
            {"name": "event-number", "valueString": str(number)},
            {"name": "timestamp", "valueInstant": instant(event.at)},
            {"name": "focus", "valueReference": focus},
        ],
    }


def _known(given: Mapping[str, object], names: frozenset[str], where: str) -> None:
    other = next((each for each in given if each not in names), None)
    if other is not None:
        raise refusal(f"{where}.{other[:60]}", "unknown", "This element is not taken here.")


def _text(given: Mapping[str, object], name: str, where: str) -> str:
    text = given.get(name)
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST:
        raise refusal(f"{where}.{name}", "required", f"A text of at most {LONGEST} characters is expected.")
    return text


def _endpoint(text: str) -> str:
    """Return an address: https, no sign-in, no fragment. Where it leads is looked at when it is opened."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    plain = ADDRESS.fullmatch(text) and "@" not in parts.netloc and not parts.fragment
    if not plain or parts.scheme != "https" or not parts.hostname or port == 0 or len(text) > LONGEST_ADDRESS:
        raise refusal(
            "Subscription.channel.endpoint", "value", "An address that begins with https:// goes here."
        )
    return text


def _headers(given: object) -> tuple[str, ...]:
    where = "Subscription.channel.header"
    if not isinstance(given, list) or len(given) > MOST_HEADERS:
        raise refusal(where, "value", f"A list of at most {MOST_HEADERS} headers is expected.")
    for place, each in enumerate(given):
        if not isinstance(each, str) or not HEADER.fullmatch(each):
            raise refusal(f"{where}[{place}]", "value", "A header as Authorization: … or X-…: … is expected.")
    return tuple(given)


def _end(given: object) -> datetime | None:
    if given is None:
        return None
    if not isinstance(given, str) or not FITS["instant"](given):
        raise refusal("Subscription.end", "value", "An instant such as 2026-12-31T00:00:00Z is expected.")
    return span_of(given)[0]
