"""What is done in the background: without a broker, from the tables themselves."""

import signal
import time

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from imports.storing import read_import, take_next

PAUSE = 1  # seconds between looks, where there was nothing to do


class Command(BaseCommand):
    help = "Reads the imports that wait, until it is stopped; killed, the next one goes on."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="stops when nothing waits")

    def handle(self, once, **options):
        self.stopped = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self.stopped:
            found = self._look()
            if found is None:
                if once:
                    return
                time.sleep(PAUSE)
                close_old_connections()

    def _stop(self, *args):
        self.stopped = True

    def _look(self):
        """Read what waits longest; None where nothing does, or the database is away for a moment."""
        try:
            made = take_next()
            if made is not None:
                made = read_import(made)
                self.stdout.write(f"{made.name}: {made.get_state_display()}")
        except DatabaseError as error:
            self.stderr.write(f"The database did not answer: {error}")
            return None
        return made
