"""All background work of a server, for the composition root to run."""

from telehealth.domain.outbox import Channel
from telehealth.services.audit_chain import AuditChain
from telehealth.services.delivery import Delivery
from telehealth.services.lapses import Lapses
from telehealth.services.lines import Lines
from telehealth.services.ports import Announcer
from telehealth.services.sessions import Sessions
from telehealth.services.trail import Work
from telehealth.services.waitlist_offers import WaitlistOffers
from telehealth.workers.attendance import Attendance, Connected
from telehealth.workers.auditing import auditing
from telehealth.workers.cleaning import cleaning
from telehealth.workers.expiry import expiry
from telehealth.workers.lines import following
from telehealth.workers.loops import Loop
from telehealth.workers.outbox import outbox
from telehealth.workers.revocation import RevocationWatch
from telehealth.workers.waitlist import offering


def background(
    *,
    work: Work,
    delivery: Delivery,
    chain: AuditChain,
    sessions: Sessions,
    announcer: Announcer,
    lines: Lines,
    connected: Connected,
    offers: WaitlistOffers,
) -> list[Loop]:
    """Return every loop; run them with `loops.running`."""
    watch = RevocationWatch(sessions=sessions, announcer=announcer, clock=work.clock)
    attendance = Attendance(sessions=sessions, announcer=announcer, connected=connected)
    steps = [
        *(outbox(delivery, channel) for channel in Channel),
        *auditing(chain),
        expiry(work, Lapses(work=work, announcer=announcer)),
        cleaning(work),
        offering(offers),
    ]
    return [*steps, *following(lines), watch.loop(), attendance.loop()]
