"""Have hypothesis look for a history that breaks a law; the same ones in every run."""

from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.histories.kinds import Kind, Twice
from tests.histories.machine import Histories
from tests.histories.world import Sabotage, Tally


def search(
    machine: type[Histories],
    *,
    blank: Path,
    tally: Tally,
    histories: int,
    steps: int = 30,
    sabotage: Sabotage | None = None,
    kinds: tuple[Kind, ...] = tuple(Kind),
    twices: tuple[Twice, ...] = tuple(Twice),
    limits: tuple[bool, ...] = (False, True),
) -> None:
    """Raises Violation with the history. It is not made shorter: that takes minutes."""
    chosen = {"blank": blank, "tally": tally, "kinds": kinds, "twices": twices, "limits": limits}
    members = {**chosen, "sabotage": sabotage or Sabotage()}
    run_state_machine_as_test(
        type(machine.__name__, (machine,), members),
        settings=settings(
            max_examples=histories,
            stateful_step_count=steps,
            derandomize=True,
            database=None,
            deadline=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        ),
    )
