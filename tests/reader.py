"""Another process of the portal: answers on standard output what it is asked on standard input,
as a web server does, with `ranportal.wsgi`.

    python -m tests.reader

Each line is a path to read, answered with a digest of the page, or '!' and a statement of SQL.
"""

import os
import sys
from hashlib import sha256


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.db import connection
    from django.test import RequestFactory
    from django.test.utils import setup_test_environment

    setup_test_environment()
    from ranportal.wsgi import application

    browser = RequestFactory()
    for line in sys.stdin:
        asked = line.rstrip("\n")
        if asked.startswith("!"):
            with connection.cursor() as cursor:
                cursor.execute(asked[1:])
            said = "done"
        else:
            environ = browser.get(asked).environ
            said = sha256(b"".join(application(environ, lambda *head: None))).hexdigest()
        sys.stdout.write(f"{said}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
