"""Whom we rang tells us, signed, how far they are: 110 in a three-way call, a citizen who is called back."""

from __future__ import annotations

import pytest

from webhooks.events import LegMoved
from webhooks.simulator import sid


def moved(installation, knock) -> LegMoved | None:
    before = len(installation.inbox.acted)
    assert installation.knock(knock).status_code in (200, 204)
    return installation.inbox.acted[-1] if len(installation.inbox.acted) > before else None


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("ringing", "ringing"),
        ("in-progress", "connected"),
        ("completed", "left"),
        ("busy", "busy"),
        ("no-answer", "no_answer"),
        ("canceled", "no_answer"),
        ("failed", "failed"),
    ],
)
def test_each_status_of_a_leg_is_one_state(installation, status, state):
    event = moved(installation, installation.phone.leg("leg-1", "CA110", status))
    assert (event.ref, event.who, event.state, event.leg_id) == ("leg-1", "outside", state, sid("CA110"))


def test_steps_before_ringing_are_no_news(installation):
    assert moved(installation, installation.phone.leg("leg-1", "CA110", "queued")) is None


def test_a_pressed_refuse_is_told_from_a_busy_line(installation):
    assert moved(installation, installation.phone.leg("out-1", "CA2", "busy", "citizen", sip="603")).state == "refused"
    assert moved(installation, installation.phone.leg("out-2", "CA2", "busy", "citizen", sip="486")).state == "busy"


@pytest.mark.parametrize(("what", "state"), [("participant-join", "connected"), ("participant-leave", "left")])
@pytest.mark.parametrize("who", ["outside", "agent", "caller"])
def test_the_room_tells_who_enters_and_who_leaves(installation, what, state, who):
    event = moved(installation, installation.phone.room("CA1", "CA9", "leg-1", what, who))
    assert (event.ref, event.who, event.state) == ("leg-1", who, state)


def test_other_news_of_a_room_is_no_news(installation):
    assert moved(installation, installation.phone.room("CA1", "CA9", "leg-1", "participant-mute")) is None


def test_after_the_citizens_side_the_staff_hear_a_sentence(installation):
    answer = installation.knock(installation.phone.called_back("out-1", "CA7", "busy"))
    assert "没有接通" in answer.text
    assert installation.inbox.acted[-1].state == "busy"


def test_how_long_they_talked_comes_along(installation):
    assert moved(installation, installation.phone.called_back("out-1", "CA7", "completed", seconds=75)).seconds == 75


def test_the_same_news_twice_is_one_event(installation):
    knock = installation.phone.leg("leg-1", "CA110", "completed")
    assert moved(installation, knock) is not None
    assert moved(installation, knock) is None


@pytest.mark.parametrize("change", [{"ref": ""}, {"who": "somebody"}])
def test_a_leg_that_is_none_of_ours_is_refused(installation, change):
    given = {"ref": "leg-1", "leg": "CA110", "status": "ringing", **change}
    assert installation.knock(installation.phone.leg(**given)).status_code == 400


def test_a_label_that_is_none_of_ours_is_refused(installation):
    assert installation.knock(installation.phone.room("CA1", "CA9", "", "participant-join")).status_code == 400


@pytest.mark.parametrize("path", ["back", "leg", "room"])
def test_nobody_but_the_network_moves_a_leg(installation, path):
    answer = installation.client.post(
        f"/webhooks/twilio/voice/{path}?ref=leg-1&who=outside", data={"CallSid": sid("CA1"), "CallStatus": "ringing"}
    )
    assert answer.status_code == 403
    assert installation.inbox.acted == []
