"""The addresses of those who come without an appointment."""

from web.pages import queue
from web.route import post, show

QUEUE = (
    show("/queue", queue.show, "queue"),
    show("/queue/add", queue.show_add, "queue_add"),
    post("/queue/add", queue.add, queue.again_add),
    post("/queue/next/{service}", queue.take_next, queue.show),
    post("/queue/{walk_in}/triage", queue.assess, queue.show),
    show("/queue/{walk_in}/send", queue.show_send, "queue_send"),
    post("/queue/{walk_in}/send", queue.send, queue.show_send),
    post("/queue/{walk_in}/leave", queue.leave, queue.show),
    post("/queue/{walk_in}/return", queue.back, queue.show),
)
