"""What is there once the server stands is gone through by no collection any more."""

import gc

from telehealth.serving import settle


def test_what_was_loaded_is_set_aside_and_what_comes_later_is_not() -> None:
    try:
        settle()
        aside, later = gc.get_freeze_count(), [[] for _ in range(1000)]
        assert aside > 10_000
        assert any(each is later for each in gc.get_objects())
    finally:
        gc.unfreeze()
    assert gc.get_freeze_count() == 0
