"""POST /fhir/R4: several requests in one Bundle, all or nothing (transaction) or each for itself (batch)."""

from collections.abc import Collection
from urllib.parse import parse_qsl

from aiohttp.web import Request, Response
from multidict import MultiDict

from telehealth.domain.errors import NotFound, Refused
from telehealth.domain.record import ResourceVersion
from telehealth.fhir.bundle import Answered, answers_text
from telehealth.fhir.conditions import identifier_in
from telehealth.fhir.parameters import ID, refusal
from telehealth.fhir.posted import MOST_BUNDLED, TRANSACTION, Entry, references, requests_of
from telehealth.fhir.received import received
from telehealth.services.arriving import Arrival, Saved
from telehealth.services.transactions import told_of
from web.errors import part_refused
from web.fhir.record import base, version_of, written
from web.fhir.sought import found_text
from web.fhir.writing import wants_little
from web.reading import fhir_bytes
from web.request import actor, services

METHODS = frozenset({"GET", "POST", "PUT"})
MOST_ANSWERED = 8_000_000
"""Characters of what a batch's readings answer together, a little more at most: two pages of a search."""


async def carry_out(request: Request) -> Response:
    """Carry out what a Bundle asks for, in the order of its entries."""
    kind, entries = requests_of(received(await fhir_bytes(request), MOST_BUNDLED))
    if kind == TRANSACTION:
        transactions = services(request).record.transactions
        saved = await transactions.carry_out(actor(request), entries, base(request))
        answers = [_saved(request, each) for each in saved]
    else:
        names = {each.full_url for each in entries if each.full_url}
        answers, room = list[Answered](), MOST_ANSWERED
        for each in entries:
            answers.append(await _apart(request, each, names, room))
            room -= len(answers[-1].text)
    return written(answers_text(kind, base(request), answers))


async def _apart(request: Request, entry: Entry, names: Collection[str], room: int) -> Answered:
    """Carry one request out by itself; what it is refused for keeps the others from nothing."""
    try:
        with told_of(entry):
            path, query = entry.address(base(request))
            if entry.method not in METHODS:
                raise refusal(f"{entry.where}.request.method", "value", "A batch takes GET, POST and PUT.")
            if entry.method == "GET":
                if room <= 0:
                    raise refusal(entry.where, "too-long", "The answer is full: ask for this by itself.")
                return await _read(request, path, query)
            _refuse_linked(entry, names)
            return _saved(request, await _write(request, entry, path, query))
    except Refused as refused:
        status, outcome = await part_refused(request, refused)
        return Answered(status, outcome=outcome)


async def _read(request: Request, path: str, query: str | None) -> Answered:
    type_, _, rest = path.partition("/")
    if query is not None or not rest:
        given = MultiDict(parse_qsl(query or "", keep_blank_values=True))
        return Answered(200, await found_text(request, path, given))
    id_, versioned, version = rest.partition("/_history/")
    number = version_of(version) if versioned else None
    found = await services(request).record.read(actor(request), type_, _id(id_), number)
    return Answered(200, found.text, found)


async def _write(request: Request, entry: Entry, path: str, query: str | None) -> Saved:
    """Write one resource as the door of its type does."""
    arriving, who = services(request).record.arriving, actor(request)
    type_, slash, id_ = path.partition("/")
    arrival = Arrival(type_, entry.resource(), base(request))
    if entry.method == "POST" and not slash and query is None:
        return await arriving.create(who, arrival, entry.condition)
    if entry.method == "PUT" and not slash and query is not None:
        identifier = identifier_in(f"{entry.where}.request.url", query)
        return await arriving.put(who, arrival, identifier, entry.version)
    if entry.method == "PUT" and query is None:
        return await arriving.update(who, arrival, _id(id_), entry.version)
    raise NotFound


def _refuse_linked(entry: Entry, names: Collection[str]) -> None:
    """Refuse what depends on another entry: of a batch, each stands for itself (http, 3.1.0.11.1)."""
    for where, named in references(entry.resource().resource, f"{entry.where}.resource"):
        if named in names:
            raise refusal(
                where, "value", "Entries of a batch do not refer to each other; send a transaction."
            )


def _id(text: str) -> str:
    if not ID.fullmatch(text):
        raise NotFound
    return text


def _saved(request: Request, saved: Saved) -> Answered:
    made: ResourceVersion = saved.resource
    shown = saved.shown and not wants_little(request)
    return Answered(201 if saved.new else 200, made.text if shown else "", made)
