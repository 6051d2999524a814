"""A proposed time's id says everything that is needed to take it, and fits into FHIR's 64 characters."""

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telehealth.domain.proposal import Proposal, mark, read_proposal

FHIR_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(MOMENTS.map(lambda each: each.replace(microsecond=0)), st.uuids(), st.uuids(), st.uuids())
def test_it_comes_back_as_it_went(start: datetime, service: UUID, practitioner: UUID, patient: UUID) -> None:
    proposal = Proposal(start, mark(str(service)), mark(str(practitioner)), str(patient))
    assert FHIR_ID.fullmatch(proposal.id)
    assert read_proposal(proposal.id) == proposal


def test_it_may_be_for_nobody_yet() -> None:
    proposal = Proposal(datetime(2026, 11, 23, 9, tzinfo=UTC), mark("heart"), mark("amara"), "")
    assert read_proposal(proposal.id) == proposal


@pytest.mark.parametrize(
    "other", ["", "01a207bd-a9c0-7c75-933d-17307e131901", "a.b.c.d", "fffffffff.0123456789.0123456789.bo"]
)
def test_other_ids_are_no_proposals(other: str) -> None:
    assert read_proposal(other) is None
