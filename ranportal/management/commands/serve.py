"""The portal as a web server: what `make run` starts, and what a production machine does."""

import logging
from functools import partial

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ranportal.server import Threads, serve


class Command(BaseCommand):
    help = "Answers visitors on an address of this machine until Ctrl-C or SIGTERM."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--listen", default="127.0.0.1:8000", help="address:port")
        parser.add_argument(
            "--threads", type=int, default=8, help="how many requests are worked on at once"
        )

    def handle(self, *args, listen, threads, **options):
        from ranportal.warming import connect, warm
        from ranportal.wsgi import application

        if threads < 1:
            raise CommandError("--threads has to be 1 at least: somebody has to answer.")
        # Requests that wait for a thread are no warning; connections that fill up are.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        working = Threads(threads, first=connect)
        working.do(partial(warm, application))
        try:
            serve(application, listen, working)
        except (OSError, ValueError) as error:
            where = " or ".join(filter(None, (listen, settings.METRICS)))
            raise CommandError(f"{where} cannot be listened on: {error}") from error
