"""A resource as the text that is stored and sent: `meta` is ours, everything else as it was given."""

import json
from datetime import UTC, datetime
from html import escape
from html.parser import HTMLParser
from typing import Any

Resource = dict[str, Any]
"""A FHIR resource as parsed JSON."""

XHTML = "http://www.w3.org/1999/xhtml"


def to_text(resource: Resource, *, version: int, updated_at: datetime) -> str:
    """Return the resource's JSON with `meta.versionId` and `meta.lastUpdated` set."""
    meta = {"versionId": str(version), "lastUpdated": instant(updated_at)}
    head = {"resourceType": resource["resourceType"], "id": resource["id"], "meta": meta}
    return json.dumps(
        head | {key: value for key, value in resource.items() if key not in head}, ensure_ascii=False
    )


def instant(moment: datetime) -> str:
    """Return a FHIR instant in UTC with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def narrative(*paragraphs: str) -> dict[str, str]:
    """Return a generated narrative: escaped paragraphs, line breaks kept, nothing executable."""
    lines = "".join(
        f"<p>{escape(text, quote=True).replace(chr(10), '<br/>')}</p>" for text in paragraphs if text
    )
    return {"status": "generated", "div": f'<div xmlns="{XHTML}">{lines or "<p>-</p>"}</div>'}


class _Paragraphs(HTMLParser):
    """Hears a narrative's XHTML."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "p":
            self.found.append("")
        elif tag == "br" and self.found:
            self.found[-1] += "\n"

    def handle_data(self, data: str) -> None:
        if self.found:
            self.found[-1] += data


def paragraphs(story: dict[str, str]) -> list[str]:
    """Return the paragraphs of a narrative as they were typed."""
    reader = _Paragraphs()
    reader.feed(story["div"])
    reader.close()
    return reader.found


def coding(system: str, code: str, display: str) -> dict[str, str]:
    """Return one Coding."""
    return {"system": system, "code": code, "display": display}


def reference(type_: str, id_: str) -> dict[str, str]:
    """Return a relative literal reference."""
    return {"reference": f"{type_}/{id_}"}


def words_of(concept: Resource) -> str:
    """Return what people read of a concept; others may have written the words of its codes alone."""
    words = [concept.get("text"), *(each.get("display") for each in concept.get("coding", ()))]
    return next((each for each in words if each), "")
