"""Conditions of a write, as headers and the requests within a Bundle name them (FHIR R4 http, 3.1.0.5)."""

import re
from urllib.parse import parse_qsl

from telehealth.domain.people import Identifier
from telehealth.fhir.parameters import refusal

TAG = re.compile(r'(W/)?"([1-9][0-9]{0,5})"', re.ASCII)


def identifier_in(where: str, query: str) -> Identifier:
    """Return the identifier of `identifier=system|value`; raises BadInput naming `where`."""
    pairs = parse_qsl(query, keep_blank_values=True)
    system, bar, value = pairs[0][1].partition("|") if pairs else ("", "", "")
    if [name for name, _ in pairs] != ["identifier"] or not (bar and value):
        raise refusal(where, "malformed", "Write the condition as identifier=system|value.")
    return Identifier(system, value)


def version_in(where: str, tag: str) -> int:
    """Return the version of `W/"1"`; raises BadInput naming `where`."""
    found = TAG.fullmatch(tag)
    if found is None:
        raise refusal(where, "malformed", 'Write the version as W/"1".')
    return int(found[2])
