"""What programs come to: the API's description, FHIR, health, reports, static files."""

from web.api import openapi
from web.fhir import record, scheduling
from web.limits import API, HOOKS, PAGES, REPORTS
from web.pages import health, hooks
from web.route import Access, Route, api
from web.statics import show as static_file

PUBLIC, STAFF = Access.PUBLIC, Access.STAFF

DESCRIPTION = (api("GET", "/openapi.json", openapi.show, access=PUBLIC, limits=(PAGES,)),)

FHIR = (
    Route(method="GET", path="/fhir/R4/metadata", handler=record.metadata, access=PUBLIC),
    Route(
        method="POST",
        path="/fhir/R4/Appointment/$find",
        handler=scheduling.find,
        access=STAFF,
        limits=(API,),
    ),
    Route(
        method="POST",
        path="/fhir/R4/Appointment/$hold",
        handler=scheduling.hold,
        access=STAFF,
        limits=(API,),
    ),
    Route(
        method="POST",
        path="/fhir/R4/Appointment/$book",
        handler=scheduling.book,
        access=STAFF,
        limits=(API,),
    ),
    Route(
        method="GET",
        path="/fhir/R4/Appointment",
        handler=scheduling.search,
        access=STAFF,
        limits=(API,),
    ),
    Route(
        method="GET",
        path="/fhir/R4/Appointment/{id}",
        handler=scheduling.read,
        access=STAFF,
        limits=(API,),
    ),
    Route(method="GET", path="/fhir/R4/{type}/{id}", handler=record.read, access=STAFF, limits=(API,)),
    Route(
        method="GET",
        path="/fhir/R4/{type}/{id}/_history/{version}",
        handler=record.vread,
        access=STAFF,
        limits=(API,),
    ),
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
