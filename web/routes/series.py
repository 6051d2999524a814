"""Addresses about visits that come back."""

from web.api import series, series_changes
from web.api import series_shapes as tell
from web.pages import series as pages
from web.pages import series_changes as changes
from web.route import api, post, show

OF_VISIT = "/appointments/{appointment}/series"

SERIES = (
    show("/book/series", pages.ask, "series_ask"),
    post("/book/series/look", pages.look, pages.again_look),
    post("/book/series", pages.book, pages.again_book),
    show("/series/{series}", pages.show, "series"),
    post("/move/{visit}/series", changes.move, changes.again_move),
    post("/cancel/{visit}/series", changes.cancel, changes.again_cancel),
    api("POST", "/series/preview", series.foresee, body=series.SeriesBody, answer=tell.OutlookShape),
    api("POST", "/series", series.book, body=series.BookingBody, answer=tell.SeriesShape, status=201),
    api("GET", "/series/{series}", series.show, answer=tell.SeriesShape),
    api(
        "POST",
        f"{OF_VISIT}/move/preview",
        series_changes.foresee,
        body=series_changes.MoveBody,
        answer=tell.MoveOutlookShape,
    ),
    api(
        "POST",
        f"{OF_VISIT}/move",
        series_changes.move,
        body=series_changes.MoveBody,
        answer=tell.SeriesShape,
    ),
    api(
        "POST",
        f"{OF_VISIT}/cancel",
        series_changes.cancel,
        body=series_changes.WishBody,
        answer=tell.SeriesShape,
    ),
)
