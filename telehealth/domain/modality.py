"""How patient and specialist meet: by video, assisted at a site, or by phone."""

from enum import StrEnum


class Modality(StrEnum):
    """The ways of a visit, the most usual first.

    By `video` the patient opens a link wherever they are. `assisted` they come to a site, where a room and
    staff wait, and the specialist is on the screen there. By `phone` the specialist rings the number on file.
    """

    VIDEO = "video"
    ASSISTED = "assisted"
    PHONE = "phone"


BY_VIDEO = (Modality.VIDEO,)
