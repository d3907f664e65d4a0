"""The states of a notice hang together: each has an owner, and one that is not the end leads on to others."""

from rollcall.rules.notice_path import BY_ID, TABLE, state_of


def test_every_state_has_an_owner_an_exit_and_is_reached() -> None:
    reached = {"proposed"} | {to for state in TABLE for to in state.next}
    for state in TABLE:
        assert state.owner and state.words
        assert state.next or state.over
        assert state.id in reached
        assert set(state.next) <= set(BY_ID)


def test_a_state_is_told_from_what_was_recorded() -> None:
    told = {
        "proposed": {"authorised": False, "issued": False, "due": "not received", "events": ()},
        "authorised": {"authorised": True, "issued": False, "due": "not received", "events": ()},
        "not_received": {"authorised": True, "issued": True, "due": "not received", "events": ()},
        "reduced": {"authorised": False, "issued": True, "due": "reduced", "events": ("received",)},
        "full": {"authorised": False, "issued": True, "due": "full", "events": ()},
        "unpaid": {"authorised": False, "issued": True, "due": "unpaid", "events": ("paid",)},
        "not_prosecuted": {"authorised": False, "issued": True, "due": "unpaid", "events": ("not_prosecuted",)},
        "prosecuted": {"authorised": False, "issued": True, "due": "unpaid", "events": ("prosecuted",)},
        "paid": {"authorised": False, "issued": True, "due": "paid", "events": ("paid",)},
        "withdrawn": {"authorised": False, "issued": True, "due": "paid", "events": ("paid", "withdrawn")},
        "dropped": {"authorised": True, "issued": False, "due": "not received", "events": ("dropped",)},
    }
    assert set(told) == set(BY_ID)
    assert {name: state_of(**given).id for name, given in told.items()} == {name: name for name in told}
