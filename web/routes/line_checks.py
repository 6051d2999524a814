"""Checks of lines: for anybody, before a visit by its link, and in it."""

from web.api import line_check_shapes as tell
from web.api import line_checks
from web.limits import CHECK_ADDRESS, CHECK_SESSION, JOIN_ADDRESS
from web.pages import line_check
from web.route import Access, api, show

PUBLIC, VISITOR = Access.PUBLIC, Access.VISITOR

LINE_CHECK_PAGES = (
    show("/test", line_check.anybody, "test", access=PUBLIC, camera=True),
    show("/v/{visit}/test", line_check.own, "own_test", access=VISITOR, camera=True),
    show("/check-line", line_check.staff, "check_line", camera=True),
    show("/line-check", line_check.part, "line_check", access=PUBLIC),
)

LINE_CHECKS = (
    api(
        "POST",
        "/line-checks/offer",
        line_checks.offer,
        access=PUBLIC,
        limits=(CHECK_ADDRESS,),
        csrf=False,
        body=line_checks.LineOffer,
        answer=tell.AnsweredShape,
    ),
    api(
        "POST",
        "/line-checks",
        line_checks.advise,
        access=PUBLIC,
        limits=(CHECK_ADDRESS,),
        csrf=False,
        body=line_checks.FiguresBody,
        answer=tell.PlanShape,
    ),
    api(
        "POST",
        "/visit-links/line-check",
        line_checks.keep_by_link,
        access=PUBLIC,
        limits=(JOIN_ADDRESS,),
        csrf=False,
        body=line_checks.LinkFigures,
        answer=tell.PlanShape,
    ),
    api(
        "POST",
        "/my/{visit}/line-check",
        line_checks.keep,
        access=VISITOR,
        limits=(CHECK_SESSION,),
        body=line_checks.FiguresBody,
        answer=tell.PlanShape,
    ),
)
