"""Writes what pages have told of their lines, many at once."""

from telehealth.services.line_records import LineRecorder
from telehealth.workers.loops import Loop

EVERY = 60.0


def recording(recorder: LineRecorder) -> Loop:
    """Return the loop."""
    return Loop("line records", recorder.flush, EVERY)
