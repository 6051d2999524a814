"""A proposed time's id says everything that is needed to take it, and fits into FHIR's 64 characters."""

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telehealth.domain.modality import Modality
from telehealth.domain.proposal import Proposal, mark, read_proposal

FHIR_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


MARKS = st.text().map(mark)
NEEDS = st.just("") | MARKS


@given(
    MOMENTS.map(lambda each: each.replace(microsecond=0)),
    MARKS,
    MARKS,
    st.uuids(),
    st.tuples(NEEDS, NEEDS, NEEDS),
    st.none() | st.sampled_from(Modality),
)
def test_it_comes_back_as_it_went(
    start: datetime,
    service: str,
    practitioner: str,
    patient: UUID,
    needs: tuple[str, str, str],
    way: Modality | None,
) -> None:
    proposal = Proposal(start, service, practitioner, str(patient), needs, way)
    assert FHIR_ID.fullmatch(proposal.id)
    assert read_proposal(proposal.id) == proposal


def test_it_may_be_for_nobody_yet() -> None:
    proposal = Proposal(datetime(2026, 11, 23, 9, tzinfo=UTC), mark("heart"), mark("amara"), "")
    assert read_proposal(proposal.id) == proposal


@pytest.mark.parametrize(
    "other", ["", "p", "01a207bd-a9c0-7c75-933d-17307e131901", "a.b.c.d", "p" + "A" * 38, "p" + "A" * 64]
)
def test_other_ids_are_no_proposals(other: str) -> None:
    assert read_proposal(other) is None


def test_every_proposal_has_one_id_only() -> None:
    identifier = Proposal(datetime(2026, 11, 23, 9, tzinfo=UTC), mark("heart"), mark("amara"), "bo").id
    assert read_proposal(identifier) is not None
    assert read_proposal(identifier[:-1] + chr(ord(identifier[-1]) + 1)) is None, "bits beyond the last byte"


@pytest.mark.parametrize("patient", ["\0bo", "b o", "bo/bo", "\x7f"])
def test_what_no_patient_can_be_called_is_in_no_proposal(patient: str) -> None:
    forged = Proposal(datetime(2026, 11, 23, 9, tzinfo=UTC), mark("heart"), mark("amara"), patient)
    assert read_proposal(forged.id) is None
