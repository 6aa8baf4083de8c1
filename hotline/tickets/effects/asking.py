"""Asking the citizen for more: the dispatch clock stands still until words come, or until the city has waited long enough."""

from __future__ import annotations

from datetime import timedelta

from hotline.tickets import deadlines
from hotline.tickets.context import ActionContext


def start_asking(scene: ActionContext) -> None:
    """The dispatch clock pauses; after the city's days the matter goes on with what is known."""
    scene.ticket.asking_more = True
    scene.ticket.wait_until = scene.now + timedelta(days=scene.city.policy.ask_more_days)
    deadlines.pause(scene, ("dispatch",), "ask_more")


def hear_citizen(scene: ActionContext) -> None:
    """Words have come: what was asked is answered, and a matter that was imported in silence is alive."""
    if scene.actor.kind != "system":
        scene.ticket.quiet = False
    stop_asking(scene)


def stop_asking(scene: ActionContext) -> None:
    """The hands move again, from where they stood."""
    if not scene.ticket.asking_more:
        return
    scene.ticket.asking_more = False
    scene.ticket.wait_until = None
    deadlines.stop(scene, ("wait",))
    deadlines.resume(scene, ("dispatch",))
    deadlines.show_nearest(scene)
