"""A curator at work in an admin: looks through a list, searches it, saves a record.

DATABASE_URL=… python -m bench.curator    adds one who is signed in, and prints the session
"""

import os
from urllib.parse import urlencode

import lxml.html

LIST = "practices/practice/"


class Curator:
    def __init__(self, server, admin, session):
        self.server, self.admin = server, f"/{admin}/{LIST}"
        self.cookie = f"sessionid={session}"

    def ask(self, path, **more):
        answer = self.server.ask(path, Cookie=self.cookie, **more)
        assert answer.status in (200, 302), f"{path}: {answer.status} {answer.content[:300]}"
        return answer

    def cost(self, *ask, times=3, **more):
        """CPU milliseconds of a request; of several the least, for each writes to disk too."""
        costs = []
        for _ in range(times):
            before = self.server.cpu()
            self.ask(*ask, **more)
            costs.append((self.server.cpu() - before) * 1000)
        return min(costs)

    def looks(self):
        self.ask(self.admin)
        return self.cost(self.admin)

    def searches(self):
        return self.cost(f"{self.admin}?q=prison", times=2)

    def saves(self):
        """The form of a record as it is, sent back."""
        costs = []
        for _ in range(3):
            page = self.ask(f"{self.admin}1/change/", Accept_Encoding="identity")
            forms = lxml.html.fromstring(page.content).forms
            form = next(form for form in forms if "_continue" in form.inputs)
            token = page.headers["Set-Cookie"].split(";")[0]
            if "change_note" in form.inputs:
                form.fields["change_note"] = "Read once more."
            values = [(name, value) for name, value in form.form_values() if name != "_save"]
            sent = {
                "body": urlencode([*values, ("_continue", "1")]),
                "Cookie": f"{self.cookie}; {token}",
                "Accept_Encoding": "identity",
                "Content_Type": "application/x-www-form-urlencoded",
            }
            before = self.server.cpu()
            answer = self.server.ask(f"{self.admin}1/change/", method="POST", **sent)
            costs.append((self.server.cpu() - before) * 1000)
            assert answer.status == 302, f"not saved: {refused(answer)}"
        return min(costs)


def refused(answer):
    page = lxml.html.fromstring(answer.content)
    return [
        error.text_content()
        for error in page.find_class("errorlist") + page.find_class("errornote")
    ]


def signed_in():
    """The session of a new curator."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client()
    client.force_login(
        get_user_model().objects.get_or_create(
            username="bench", defaults={"is_staff": True, "is_superuser": True}
        )[0]
    )
    return client.cookies["sessionid"].value


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    import django

    django.setup()
    print(signed_in())  # noqa: T201
