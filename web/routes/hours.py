"""When specialists can be booked: weekly hours, exceptions, holidays of sites, terms of services."""

from web.api import hours, timing
from web.api import hours_shapes as tell
from web.pages import sites, week, weekly
from web.route import api, post, show

PERSON, SITE = "/staff/{practitioner}", "/sites/{site}"
WEEKLY = "/hours/{person}/weekly"

HOURS_PAGES = (
    show("/hours", week.show, "hours"),
    post("/hours/{person}/exceptions", week.add, week.again),
    post("/hours/{person}/exceptions/{exception}/remove", week.remove),
    show(WEEKLY, weekly.new, "new_hours"),
    post(WEEKLY, weekly.add, weekly.again_new),
    show(f"{WEEKLY}/{{hours}}", weekly.show, "weekly_hours"),
    post(f"{WEEKLY}/{{hours}}", weekly.change, weekly.again),
    post(f"{WEEKLY}/{{hours}}/remove", weekly.remove, weekly.again),
    show("/sites", sites.listed, "sites"),
    show(SITE, sites.show, "site"),
    post(SITE, sites.keep, sites.show),
    post(f"{SITE}/holidays/{{day}}", sites.work_on),
    show("/services/{service}", sites.terms, "terms"),
    post("/services/{service}", sites.keep_terms, sites.terms),
)

HOURS = (
    api("GET", f"{PERSON}/hours", hours.listed, answer=tell.HoursList),
    api("POST", f"{PERSON}/hours", hours.add, body=hours.HoursBody, answer=tell.HoursShape, status=201),
    api("PUT", f"{PERSON}/hours/{{hours}}", hours.change, body=hours.HoursChange, answer=tell.HoursShape),
    api("DELETE", f"{PERSON}/hours/{{hours}}", hours.remove, query=hours.Version, status=204),
    api("GET", f"{PERSON}/exceptions", hours.exceptions, query=hours.Days, answer=tell.ExceptionList),
    api(
        "POST",
        f"{PERSON}/exceptions",
        hours.add_exception,
        body=hours.ExceptionBody,
        answer=tell.KeptExceptionShape,
        status=201,
    ),
    api(
        "PUT",
        f"{PERSON}/exceptions/{{exception}}",
        hours.change_exception,
        body=hours.ExceptionChange,
        answer=tell.KeptExceptionShape,
    ),
    api(
        "DELETE",
        f"{PERSON}/exceptions/{{exception}}",
        hours.remove_exception,
        query=hours.Version,
        status=204,
    ),
    api("GET", "/sites", timing.sites, answer=tell.SiteList),
    api("PUT", f"{SITE}/region", timing.keep_region, body=timing.RegionBody, answer=tell.SiteShape),
    api("GET", f"{SITE}/holidays", timing.holidays, query=timing.Year, answer=tell.HolidayList),
    api("PUT", f"{SITE}/holidays/{{day}}", timing.work_on, body=timing.WorkedBody, status=204),
    api("GET", "/services/{service}/terms", timing.terms, answer=tell.TermsShape),
    api(
        "PUT",
        "/services/{service}/terms",
        timing.change_terms,
        body=timing.TermsBody,
        answer=tell.TermsShape,
    ),
    api(
        "PUT",
        "/services/{service}/open",
        timing.open_service,
        body=timing.OpenBody,
        answer=tell.TermsShape,
    ),
)
