"""The waiting room's addresses: the clinic's controls over its line, the patient's wish for a message."""

from web.api import line, my
from web.api import visit_shapes as tell
from web.route import Access, api

LINE = (
    api("PUT", "/clinic/late", line.late, body=line.Lateness, answer=tell.RunningShape),
    api("POST", "/clinic/pause", line.pause, body=line.Pause, answer=tell.RunningShape),
    api("POST", "/clinic/resume", line.resume, answer=tell.RunningShape),
    api("POST", "/clinic/messages", line.message_all, body=line.MessageBody, answer=tell.SentShape),
    api("POST", "/visits/{visit}/messages", line.message, body=line.MessageBody, answer=tell.SentShape),
    api(
        "PUT",
        "/visits/{visit}/priority",
        line.prioritize,
        body=line.PriorityBody,
        answer=tell.PriorityShape,
    ),
    api("POST", "/visits/{visit}/miss", line.miss, answer=tell.VisitState),
    api("POST", "/visits/{visit}/attended", line.attended, answer=tell.RecalledShape),
    api("POST", "/visits/{visit}/presence", line.correct, body=line.PresenceBody, answer=tell.VisitState),
    api(
        "POST",
        "/my/{visit}/text-me",
        my.text_me,
        access=Access.VISITOR,
        body=my.TextWish,
        answer=tell.MyVisitShape,
    ),
)
