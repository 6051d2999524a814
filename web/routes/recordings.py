"""The addresses of recordings: what the call's pages fetch about them, a visit's list, and playing them."""

from web.limits import PLAYING
from web.pages import recordings
from web.route import Access, Route, show

RECORDINGS = (
    show("/v/recording", recordings.words, "recording_words", access=Access.PUBLIC),
    show("/clinic-recording", recordings.panel, "clinic_recording"),
    show("/recordings/{visit}", recordings.of_visit, "recordings"),
    Route(
        method="GET",
        path="/recording/{recording}/{participant}",
        handler=recordings.played,
        access=Access.STAFF,
        name="recording_played",
        limits=(PLAYING,),
    ),
    Route(
        method="GET",
        path="/recording/{recording}/{participant}/file",
        handler=recordings.saved,
        access=Access.STAFF,
        name="recording_saved",
        limits=(PLAYING,),
    ),
)
