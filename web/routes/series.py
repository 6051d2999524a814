"""Addresses about visits that come back."""

from web.api import series
from web.api import series_shapes as tell
from web.route import api

SERIES = (
    api("POST", "/series/preview", series.foresee, body=series.SeriesBody, answer=tell.OutlookShape),
    api("POST", "/series", series.book, body=series.BookingBody, answer=tell.SeriesShape, status=201),
    api("GET", "/series/{series}", series.show, answer=tell.SeriesShape),
)
