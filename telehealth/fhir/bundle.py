"""FHIR R4 Bundle of what a search or an operation found, or of a resource's versions."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from telehealth.domain.record import ResourceVersion
from telehealth.fhir.text import Resource, instant


def searchset(
    base_url: str,
    resources: Sequence[Resource],
    *,
    total: int | None = None,
    included: Sequence[Resource] = (),
) -> Resource:
    """Return the resources as a searchset; `total` counts what matches, shown or not, where it is known.

    `included` came along with them.
    """
    entries = [
        {
            "fullUrl": f"{base_url}/fhir/R4/{each['resourceType']}/{each['id']}",
            "resource": each,
            "search": {"mode": mode},
        }
        for mode, several in (("match", resources), ("include", included))
        for each in several
    ]
    found: Resource = {"resourceType": "Bundle", "type": "searchset"}
    found |= {} if total is None else {"total": total}
    return found | {"entry": entries} if entries else found


def searchset_text(
    base: str,
    found: Sequence[ResourceVersion],
    *,
    total: int,
    links: Mapping[str, str],
    included: Sequence[ResourceVersion] = (),
    told: Resource | None = None,
) -> str:
    """Return stored resources as a searchset, each to the letter; `base` is the address of our FHIR door.

    `included` came along with what was found; `told` is an OperationOutcome about the search itself.
    """
    entries = [
        f'{{"fullUrl":{json.dumps(_url(base, each))},"resource":{each.text},"search":{{"mode":"{mode}"}}}}'
        for mode, several in (("match", found), ("include", included))
        for each in several
    ]
    if told is not None:
        entries.append(json.dumps({"resource": told, "search": {"mode": "outcome"}}))
    return _text("searchset", entries, total=total, links=links)


def history_text(
    base: str, versions: Sequence[ResourceVersion], *, total: int, links: Mapping[str, str]
) -> str:
    """Return versions of one resource as its history, each to the letter, with what made it."""
    entries = []
    for each in versions:
        new = each.version == 1
        url = each.type if new else f"{each.type}/{each.id}"
        request = {"method": "POST" if new else "PUT", "url": url}
        response = {
            "status": "201 Created" if new else "200 OK",
            "etag": f'W/"{each.version}"',
            "lastModified": instant(each.updated_at),
        }
        entries.append(
            f'{{"fullUrl":{json.dumps(_url(base, each))},"resource":{each.text},'
            f'"request":{json.dumps(request)},"response":{json.dumps(response)}}}'
        )
    return _text("history", entries, total=total, links=links)


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one request of a Bundle; `text` is what it shows, empty for nothing.

    `outcome` says why it was refused.
    """

    status: int
    text: str = ""
    version: ResourceVersion | None = None
    outcome: Resource | None = None


def answers_text(kind: str, base: str, answers: Sequence[Answered]) -> str:
    """Return the answers to a `transaction` or a `batch`, in its order; resources to the letter."""
    told = f'{{"resourceType":"Bundle","type":"{kind}-response"'
    entries = ",".join(_answer(base, each) for each in answers)
    return f'{told},"entry":[{entries}]}}' if entries else f"{told}}}"


def _answer(base: str, answered: Answered) -> str:
    response: Resource = {"status": f"{answered.status} {HTTPStatus(answered.status).phrase}"}
    head, made = "", answered.version
    if made is not None:
        head = f'"fullUrl":{json.dumps(_url(base, made))},'
        response |= {
            "location": f"{_url(base, made)}/_history/{made.version}",
            "etag": f'W/"{made.version}"',
            "lastModified": instant(made.updated_at),
        }
    if answered.outcome is not None:
        response["outcome"] = answered.outcome
    shown = f'"resource":{answered.text},' if answered.text else ""
    return f'{{{head}{shown}"response":{json.dumps(response)}}}'


def _url(base: str, resource: ResourceVersion) -> str:
    return f"{base}/{resource.type}/{resource.id}"


def _text(kind: str, entries: Sequence[str], *, total: int, links: Mapping[str, str]) -> str:
    """Put entries together as text: what is read and written again is not what was sent any more."""
    head = {
        "resourceType": "Bundle",
        "type": kind,
        "total": total,
        "link": [{"relation": name, "url": url} for name, url in links.items()],
    }
    told = json.dumps(head)
    return f'{told[:-1]},"entry":[{",".join(entries)}]}}' if entries else told
