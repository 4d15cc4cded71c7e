"""Checks the addresses of links that are due: for a timer, where no worker does it."""

import time

from django.core.management.base import BaseCommand

from entries.links.checking import check_next, seconds_until_next


class Command(BaseCommand):
    help = (
        "Asks the addresses of links that are due for a check, a request a second for each host."
        " Ended or killed, the next run goes on where it stopped."
    )
    # How other machines are reached: for tests alone, no option and no setting.
    stealth_options = ("transport",)

    def add_arguments(self, parser):
        parser.add_argument(
            "--most", type=int, default=500, help="addresses that one run checks (500)"
        )

    def handle(self, most, transport=None, **options):
        done = 0
        while done < most:
            said = check_next(transport)
            if said:
                done += 1
                self.stdout.write(said)
            elif (wait := seconds_until_next()) is not None:
                time.sleep(wait)
            else:
                break
        self.stdout.write(f"{done} checked.")
