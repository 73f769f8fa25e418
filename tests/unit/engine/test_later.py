"""What waits for its moment."""

from flux.engine.later import Later


def test_what_is_due_is_tried_once_and_the_rest_waits() -> None:
    later, tried = Later(), list[str]()
    later.put(0.0, lambda: tried.append("now"))
    later.put(3600.0, lambda: tried.append("in an hour"))
    later.put(0.0, lambda: tried.append("now too"))
    later.take_due()
    later.take_due()
    assert tried == ["now", "now too"]


def test_a_try_may_ask_for_another_which_is_not_tried_in_the_same_breath() -> None:
    later, tried = Later(), list[str]()

    def again() -> None:
        tried.append("again")
        later.put(0.0, again)

    later.put(0.0, again)
    later.take_due()
    assert tried == ["again"]
