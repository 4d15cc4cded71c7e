"""What is done in the background (`ranportal.jobs`), by a process of its own."""

import logging
import signal
from threading import Event, Thread

from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, close_old_connections

from ranportal.jobs import JOBS

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Does what waits to be done, until it is stopped; killed, the next one goes on."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="stops when nothing is due")

    def handle(self, once, **options):
        self.stopped = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *args: self.stopped.set())
        if once:
            for job in JOBS:
                while not self.stopped.is_set() and self._do(job):
                    pass
            return
        # Each in a thread of its own: a long reading keeps nothing else from being done on time.
        threads = [Thread(target=self._go_on, args=[job], name=job.name) for job in JOBS]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _go_on(self, job):
        while not self.stopped.is_set():
            if not self._do(job):
                close_old_connections()
                self.stopped.wait(job.pause)

    def _do(self, job):
        """One piece of a job; what goes wrong in it stops neither the worker nor another job."""
        try:
            done = job.work()
        except (DatabaseError, InterfaceError) as error:
            self.stderr.write(f"{job.name}: the database did not answer: {error}")
        except Exception:
            logger.exception("The job '%s' failed; it is tried again.", job.name)
        else:
            if done:
                self.stdout.write(f"{job.name}: {done}")
            return done
        return None
