"""What was set for a time that has come, without a worker: for a timer of the system."""

from django.core.management.base import BaseCommand

from entries.workflow.schedule import make_next


class Command(BaseCommand):
    help = "Publishes and withdraws what was set for a time that has come; the worker does so too."

    def handle(self, **options):
        while done := make_next():
            self.stdout.write(done)
