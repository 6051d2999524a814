"""Looks through the audit log for odd patterns of reading, a few minutes after they were entered."""

from telehealth.services.alerting import Alerting
from telehealth.workers.loops import Loop

EVERY = 300.0


def alerting(alerts: Alerting) -> Loop:
    """Return the loop."""
    return Loop("alerting", alerts.look, EVERY)
