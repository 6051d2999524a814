"""What programs come to: the API's description, FHIR, health, reports, static files."""

from telehealth.services.programs import TOKEN_ENDPOINT
from web.api import openapi
from web.fhir import (
    audit,
    bundles,
    exports,
    programs,
    record,
    scheduling,
    slots,
    sought,
    subscriptions,
    whole,
    writing,
)
from web.limits import API, BUNDLES, EXPORTS, HOOKS, PAGES, PROGRAM_TOKEN, REPORTS, WHOLE
from web.pages import health, hooks
from web.route import Access, Route, api, fhir
from web.statics import show as static_file

PUBLIC = Access.PUBLIC

DESCRIPTION = (api("GET", "/openapi.json", openapi.show, access=PUBLIC, limits=(PAGES,)),)

FHIR = (
    Route(method="GET", path="/fhir/R4/metadata", handler=record.metadata, access=PUBLIC),
    fhir("GET", "/.well-known/smart-configuration", programs.configuration, access=PUBLIC, limits=(PAGES,)),
    Route(
        method="POST",
        path=TOKEN_ENDPOINT,
        handler=programs.token,
        access=PUBLIC,
        limits=(PROGRAM_TOKEN,),
        csrf=False,
    ),
    fhir("POST", "/Appointment/$find", scheduling.find),
    fhir("POST", "/Appointment/$hold", scheduling.hold),
    fhir("POST", "/Appointment/$book", scheduling.book),
    fhir("GET", "/Appointment", scheduling.search),
    fhir("GET", "/Appointment/{id}", scheduling.read),
    fhir("GET", "/Schedule", slots.schedules),
    fhir("GET", "/Schedule/{id}", slots.schedule),
    fhir("GET", "/Slot", slots.search),
    fhir("GET", "/Slot/{id}", slots.slot),
    fhir("GET", "/AuditEvent", audit.search),
    fhir("GET", "/AuditEvent/{id}", audit.read),
    fhir("POST", "", bundles.carry_out, limits=(API, BUNDLES), programs=True),
    fhir("GET", "/Patient/{id}/$everything", whole.everything, limits=(API, WHOLE), programs=True),
    fhir("GET", "/Patient/{id}/$summary", whole.summary, limits=(API, WHOLE), programs=True),
    fhir("GET", "/$export", exports.start, limits=(API, EXPORTS), programs=True),
    fhir("GET", "/Patient/$export", exports.start, limits=(API, EXPORTS), programs=True),
    fhir("GET", "/export-status/{export}", exports.status, programs=True),
    fhir("DELETE", "/export-status/{export}", exports.end, programs=True),
    fhir("GET", "/export-file/{export}/{file}", exports.file, programs=True),
    fhir("POST", "/Subscription", subscriptions.create, programs=True),
    fhir("GET", "/Subscription", subscriptions.search, programs=True),
    fhir("GET", "/Subscription/{id}", subscriptions.read, programs=True),
    fhir("DELETE", "/Subscription/{id}", subscriptions.end, programs=True),
    fhir("GET", "/{type}", sought.search, programs=True),
    fhir("POST", "/{type}", writing.create, programs=True),
    fhir("POST", "/{type}/_search", sought.search_by_form, programs=True),
    fhir("PUT", "/{type}", writing.put, programs=True),
    fhir("GET", "/{type}/{id}", record.read, programs=True),
    fhir("PUT", "/{type}/{id}", writing.update, programs=True),
    fhir("GET", "/{type}/{id}/_history", record.history, programs=True),
    fhir("GET", "/{type}/{id}/_history/{version}", record.vread, programs=True),
)

PLAIN = (
    Route(method="GET", path="/health/live", handler=health.live, access=PUBLIC, limits=()),
    Route(method="GET", path="/health/ready", handler=health.ready, access=PUBLIC, limits=()),
    Route(method="GET", path="/static/{name}", handler=static_file, access=PUBLIC, limits=()),
    Route(method="POST", path="/hooks/sms", handler=hooks.sms, access=PUBLIC, limits=(HOOKS,), csrf=False),
    Route(
        method="POST", path="/reports", handler=health.reports, access=PUBLIC, limits=(REPORTS,), csrf=False
    ),
)
