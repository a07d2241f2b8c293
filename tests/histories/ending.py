"""How a history ends: well, so that whatever is wrong then is wrong for ever.

The vendor is healthy again, nothing is frozen, people settle what is left to them, and time passes
until nothing is due any more.
"""

from datetime import timedelta

from providers.base import Progress
from storage.waking import next_wake
from tests.domain.sample import BEN, CLEO, ROSTER
from tests.histories import law
from tests.histories.office import Office
from tests.histories.world import World

UNSETTLED = 25
"""Looks after which people settle what the bot has not."""
AT_MOST = 400
"""Looks within which everything must have ended."""


def end(world: World, office: Office) -> None:
    """Let everything end, with all laws holding after each look; then look at all of it."""
    _heal(world, office)
    for turn in range(AT_MOST):
        _help_along(world, office, settle=turn > UNSETTLED)
        wake = next_wake(world.eyes.tx)
        if wake is None and not office.orders("in_doubt") and not world.pier.late:
            break
        pause = wake - world.now() if wake is not None and not world.pier.late else timedelta(0)
        world.move_clock(max(pause, timedelta(seconds=5)))
        world.examine()
    for order in office.orders():
        world.counts[f"ended {order.state.value}"] += 1
    law.at_end(world.eyes, world.pier, told=office.told, let_go=office.let_go)


def _heal(world: World, office: Office) -> None:
    world.die_at = world.copy_at = None
    world.pier.plans.clear()
    world.pier.unreadable = world.pier.away = False
    world.people.roster = ROSTER
    if world.pier.hung:
        office.answer_at_last()
    office.unfreeze(BEN, CLEO, BEN)


def _help_along(world: World, office: Office, *, settle: bool) -> None:
    """The vendor ends what is underway, people pay and settle."""
    for deal in world.pier.deals:
        if deal.progress is Progress.UNDERWAY:
            deal.progress = Progress.COMPLETED
    for order in office.orders("awaiting_payment"):
        office.pay(order)
    for order in office.orders("in_doubt", "accepted") if settle else []:
        office.settle(order)
