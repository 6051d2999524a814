"""FHIR R4 Bundle of what a search or an operation found."""

from collections.abc import Sequence

from telehealth.fhir.text import Resource


def searchset(base_url: str, resources: Sequence[Resource], *, total: int | None = None) -> Resource:
    """Return the resources as a searchset; `total` counts what matches, shown or not, where it is known."""
    entries = [
        {
            "fullUrl": f"{base_url}/fhir/R4/{each['resourceType']}/{each['id']}",
            "resource": each,
            "search": {"mode": "match"},
        }
        for each in resources
    ]
    found: Resource = {"resourceType": "Bundle", "type": "searchset"}
    found |= {} if total is None else {"total": total}
    return found | {"entry": entries} if entries else found
