"""What a load balancer and a monitor ask.

`/health/`         the process answers; nothing else is asked
`/ready/`          it can read the database, be that the primary or a standby
`/ready/primary/`  its database can also be written to

Each says in a word what it found, and why not with a 503. None is ever kept.
"""

from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.views import View

from records import content


class Check(View):
    http_method_names = ["get", "head"]

    def get(self, request):
        try:
            found, status = self.found(), 200
        except DatabaseError as error:
            found, status = f"not ready: {type(error).__name__}", 503
        headers = {"Cache-Control": "no-store"}
        return HttpResponse(f"{found}\n", status=status, headers=headers, content_type="text/plain")

    def found(self):
        return "alive"


class Health(Check):
    """The process answers."""


class Ready(Check):
    def found(self):
        content.version()
        return role()


class ReadyPrimary(Ready):
    def found(self):
        found = super().found()
        if found == "standby":
            raise DatabaseError("a standby cannot be written to")
        return found


def role():
    """What the database is: the only one or the primary, or a standby that can only be read."""
    if connection.vendor != "postgresql":
        return "primary"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery()")
        return "standby" if cursor.fetchone()[0] else "primary"
