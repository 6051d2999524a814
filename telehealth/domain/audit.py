"""The audit log's vocabulary and shape: who did what to whom, as the bytes that are chained (IHE BALP)."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class AuditAction(StrEnum):
    """Everything that leaves an entry, as `thing:part:verb`."""

    SIGN_IN = "account:sign-in"
    SIGN_IN_FAILED = "account:sign-in:failed"
    SIGN_OUT = "account:sign-out"
    STEP_UP = "account:step-up"
    SESSION_LOCKED = "account:lock"
    SESSION_UNLOCKED = "account:unlock"
    SESSION_REVOKED = "account:session:revoke"
    PASSWORD_RESET_ASKED = "account:password:reset-asked"  # noqa: S105 (an event's name)
    LANGUAGE_CHANGED = "account:language:change"
    LANGUAGES_SPOKEN_CHANGED = "account:languages-spoken:change"
    PASSWORD_CHANGED = "account:password:change"  # noqa: S105
    TOTP_RESET_ASKED = "account:totp:reset-asked"
    TOTP_RESET_APPROVED = "account:totp:reset-approved"
    TOTP_SHOWN = "account:totp:show"
    TOTP_CHANGED = "account:totp:change"
    RECOVERY_CODE_USED = "account:recovery-code:use"
    PREFERENCES_CHANGED = "account:preferences:change"
    CALENDAR_MADE = "calendar:make"
    CALENDAR_ENDED = "calendar:end"
    CALENDAR_READ = "calendar:read"
    STAFF_INVITED = "staff:invite"
    STAFF_JOINED = "staff:join"
    STAFF_LISTED = "staff:list"
    STAFF_DISABLED = "staff:disable"
    PLACE_ADDED = "place:add"
    PREPARING_CHANGED = "organization:preparing:change"
    CLOSURE_ADDED = "closure:add"
    CLOSURE_REMOVED = "closure:remove"
    RESOURCE_ADDED = "resource:add"
    RESOURCE_CHANGED = "resource:change"
    RESOURCE_RETIRED = "resource:retire"
    HOURS_ADDED = "hours:add"
    HOURS_CHANGED = "hours:change"
    HOURS_REMOVED = "hours:remove"
    HOURS_EXCEPTION_ADDED = "hours:exception:add"
    HOURS_EXCEPTION_CHANGED = "hours:exception:change"
    HOURS_EXCEPTION_REMOVED = "hours:exception:remove"
    SITE_REGION_CHANGED = "site:region:change"
    SITE_HOLIDAY_CHANGED = "site:holiday:change"
    SERVICE_TERMS_CHANGED = "service:terms:change"
    SERVICE_OPENED = "service:open"
    SERVICE_CLOSED = "service:close"
    TEXT_CHANGED = "text:change"
    TEXT_RESET = "text:reset"
    REMINDERS_CHANGED = "service:reminders:change"
    PATIENT_SEARCHED = "patient:search"
    PATIENT_READ = "patient:read"
    PATIENT_CREATED = "patient:create"
    APPOINTMENT_HELD = "appointment:hold"
    APPOINTMENT_BOOKED = "appointment:book"
    OWN_BOOKING_REFUSED = "appointment:own:refused"
    OWN_BOOKING_CODE = "appointment:own:code"
    APPOINTMENT_READ = "appointment:read"
    APPOINTMENT_CANCELLED = "appointment:cancel"
    APPOINTMENT_MOVED = "appointment:move"
    SERIES_FORESEEN = "series:foresee"
    SERIES_BOOKED = "series:book"
    SERIES_READ = "series:read"
    SERIES_MOVED = "series:move"
    SERIES_CANCELLED = "series:cancel"
    ABSENCE_READ = "absence:read"
    ABSENCE_ARRANGED = "absence:arrange"
    LINE_READ = "line:read"
    WALK_INS_READ = "walk-in:read"
    WALK_IN_ADDED = "walk-in:add"
    WALK_IN_ASSESSED = "walk-in:assess"
    WALK_IN_SENT = "walk-in:send"
    WALK_IN_LEFT = "walk-in:leave"
    WALK_IN_RETURNED = "walk-in:return"
    WALK_IN_CALLED = "walk-in:call"
    WAITLIST_READ = "waitlist:read"
    WAITLIST_ADDED = "waitlist:add"
    OWN_WISH_CODE = "waitlist:own:code"
    OWN_WISH_REFUSED = "waitlist:own:refused"
    WAITLIST_LEFT = "waitlist:leave"
    OFFER_MADE = "waitlist:offer:make"
    OFFER_TAKEN = "waitlist:offer:take"
    OFFER_DECLINED = "waitlist:offer:decline"
    OFFER_EXPIRED = "waitlist:offer:expire"
    CHOICE_MADE = "choice:make"
    CHOICES_READ = "choice:read"
    CHOICE_SENT_AGAIN = "choice:send-again"
    CHOICE_OPENED = "choice:open"
    CHOICE_ENDED = "choice:end"
    CLINIC_READ = "clinic:read"
    CLINIC_OVERSEEN = "clinic:oversee"
    CLINIC_LATE = "clinic:late"
    CLINIC_PAUSED = "clinic:pause"
    CLINIC_RESUMED = "clinic:resume"
    CLINIC_MESSAGE_LEFT = "visit:message"
    LINK_OPENED = "link:open"
    LINK_REFUSED = "link:refused"
    LINK_NOT_MINE = "link:not-mine"
    VISIT_READ = "visit:read"
    VISIT_CONSENTED = "visit:consent"
    VISIT_WAITING = "visit:wait"
    VISIT_STEPPED_OUT = "visit:step-out"
    VISIT_CONFIRMED = "visit:confirm"
    VISIT_ADMITTED = "visit:admit"
    VISIT_PREPARED = "visit:prepare"
    VISIT_JOINED = "visit:join"
    VISIT_LEFT = "visit:leave"
    VISIT_SAID = "visit:say"
    CONVERSATION_READ = "visit:conversation:read"
    RECORDING_ASKED = "recording:ask"
    RECORDING_AGREED = "recording:agree"
    RECORDING_DECLINED = "recording:decline"
    RECORDING_WITHDRAWN = "recording:withdraw"
    RECORDING_STARTED = "recording:start"
    RECORDING_ENDED = "recording:end"
    RECORDING_LISTED = "recording:list"
    RECORDING_PLAYED = "recording:play"
    RECORDING_EXPORTED = "recording:export"
    RECORDING_ERASED = "recording:erase"
    VISIT_ENDED = "visit:end"
    VISIT_MISSED = "visit:miss"
    VISIT_MISSED_UNDONE = "visit:miss:undo"
    VISIT_OVERLOOKED = "visit:overlook"
    VISIT_CORRECTED = "visit:correct"
    VISIT_PRIORITIZED = "visit:prioritize"
    TEXT_ME_CHANGED = "visit:text-me"
    DEVICE_REPORTED = "visit:device"
    LINE_CHECKED = "visit:line:check"
    PHONE_ASKED = "visit:phone:ask"
    PHONE_DROPPED = "visit:phone:drop"
    VISIT_PHONED = "visit:phone:call"
    TRANSFER_ISSUED = "visit:transfer:issue"
    TRANSFER_REDEEMED = "visit:transfer:redeem"
    DEVICE_ASKED = "visit:device:ask"
    DEVICE_LET_IN = "visit:device:let-in"
    DEVICE_TURNED_AWAY = "visit:device:turn-away"
    FEEDBACK_GIVEN = "feedback:give"
    FEEDBACK_READ = "feedback:read"
    FEEDBACK_COUNTED = "feedback:count"
    QUALITY_READ = "quality:read"
    QUALITY_REPORTED = "quality:report"
    GUESTS_READ = "guest:read"
    GUEST_INVITED = "guest:invite"
    GUEST_OPENED = "guest:open"
    GUEST_WAITING = "guest:wait"
    GUEST_ADMITTED = "guest:admit"
    GUEST_LEFT = "guest:leave"
    GUEST_REMOVED = "guest:remove"
    NOTE_READ = "note:read"
    NOTE_SAVED = "note:save"
    NOTE_SIGNED = "note:sign"
    NOTE_ADDED = "note:addendum"
    NOTE_WITHDRAWN = "note:withdraw"
    NOTE_REFILED = "note:refile"
    SNIPPET_KEPT = "snippet:keep"
    SNIPPET_REMOVED = "snippet:remove"
    RECORD_READ = "record:read"
    RECORD_SEARCHED = "record:search"
    RECORD_TAKEN = "record:everything:read"
    RECORD_SUMMED_UP = "record:summary:read"
    RECORD_WRITTEN = "record:write"
    RECORD_CREATED = "record:create"
    RECORD_UPDATED = "record:update"
    CONSENT_READ = "consent:read"
    CONSENT_CHANGED = "consent:change"
    ALERTS_READ = "alert:list"
    ALERT_SEEN = "alert:confirm"
    GLASS_BROKEN = "glass:break"
    GLASS_CLOSED = "glass:close"
    GLASSES_READ = "glass:read"
    GLASS_REVIEWED = "glass:review"
    LINK_SENT_AGAIN = "link:send-again"
    MESSAGES_READ = "message:read"
    MESSAGE_SENT = "message:send"
    MESSAGE_DELIVERED = "message:deliver"
    MESSAGE_FAILED = "message:fail"
    AUDIT_READ = "audit:read"
    BACKUP_MADE = "backup:make"
    BACKUP_RESTORED = "backup:restore"
    KEYS_COPIED = "keys:backup"
    KEYS_ROTATED = "keys:rotate"
    KEYS_RENEWED = "keys:renew"
    ACCESS_REFUSED = "access:refused"


class AuditOutcome(StrEnum):
    """FHIR audit-event-outcome in words."""

    SUCCESS = "success"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry, ids only: no name, text, address or token ever stands in it."""

    id: str
    at: datetime
    action: AuditAction
    outcome: AuditOutcome
    actor_kind: str
    actor_id: str
    actor_role: str
    organization_id: str
    session_id: str
    request_id: str
    patient_ids: tuple[str, ...] = ()
    entity: str = ""
    entity_id: str = ""
    reason: str = ""

    def canonical(self) -> bytes:
        """Return the bytes that the chain hashes: sorted JSON, UTC instants with microseconds."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        fields["at"] = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        fields["patient_ids"] = list(self.patient_ids)
        return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


@dataclass(frozen=True, slots=True)
class ChainLink:
    """An entry's place in the chain: `number` from 1, its leaf hash and the running head after it."""

    number: int
    entry_id: str
    leaf: bytes
    head: bytes
