"""What is done in the background, in one list. No broker: each job looks into a table of its own.

A job does one bounded piece of what is due and says in a line what it did; None where nothing is
due. It is asked again at once after a piece, else after its pause. Several workers may ask at the
same time, and one may be killed at any moment: what a job takes, it marks in the table.
"""

from collections.abc import Callable
from dataclasses import dataclass

from entries.links.checking import check_when_allowed
from entries.workflow.schedule import make_next
from imports.queue import decide_next
from imports.storing import read_next


@dataclass(frozen=True)
class Job:
    name: str
    work: Callable[[], str | None]
    pause: float  # seconds between looks while nothing is due


JOBS = (
    Job("imports", read_next, pause=1),
    Job("proposals", decide_next, pause=1),
    Job("schedule", make_next, pause=20),
    Job("links", check_when_allowed, pause=20),
)
