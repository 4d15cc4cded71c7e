"""The pictures of docs/curating.md and docs/importing.md, made of the real admin with its real corpus.

`make pictures` makes them again. Each is as wide as a small laptop's window and shows one job.
"""

import csv
import os
import shutil
from base64 import b64decode
from io import StringIO
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in this thread

import django

django.setup()

from django.contrib.auth.models import Group, User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402
from django.utils import timezone  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402
from pytest_django.live_server_helper import LiveServer  # noqa: E402
from taggit.models import Tag  # noqa: E402

from entries.links.models import Link  # noqa: E402
from entries.workflow import transitions  # noqa: E402
from imports.models import Import  # noqa: E402
from imports.storing import read_import  # noqa: E402
from lessons.models import Lesson  # noqa: E402
from meetings.models import Paper  # noqa: E402

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
PASSWORD = "a long enough password"
WIDTH, HEIGHT, QUALITY = 1024, 720, 60


def prepare():
    """Two people, and something that waits for one of them."""
    call_command("load_corpus", verbosity=0)
    for name in ("curator", "editor"):
        user = User.objects.create_user(f"the {name}", "", PASSWORD, is_staff=True)
        user.groups.add(Group.objects.get(name=name))
    curator = User.objects.get(username="the curator")
    lesson = Lesson.objects.first()
    waiting = Lesson.objects.create(
        text="Where a school knows whom to call, its staff call earlier.",
        slug="school-knows-whom-to-call",
        source=lesson.source,
        source_page="4",
        status="review",
        author=curator,
        changed_by=curator,
        updated=timezone.now(),
    )
    waiting.themes.set(lesson.themes.all())
    transitions.note_transition(transitions.Action.SENT, waiting, curator)
    return waiting


def read_imports():
    """A document and somebody else's table, read."""
    paper = Path(__file__).parent / "imports" / "documents" / "overview2.txt"
    lessons = Lesson.objects.order_by("pk")[:2]
    rows = [["identifier", "text", "Thema", "tags"]]
    rows += [[each.identifier, f"{each.text} Always.", "lone-actors", ""] for each in lessons]
    rows += [["", "Who is called by name answers.", "nowhere", "police"]]
    table = StringIO()
    csv.writer(table).writerows(rows)
    files = [("overview.txt", paper.read_bytes()), ("lessons.csv", table.getvalue().encode())]
    document, table = (read_import(Import.of_file(*file)[0]) for file in files)
    document.source = Paper.objects.published().first()
    document.save()
    return document, table


class Camera:
    """Takes pictures of what is open, in the format that makes them small."""

    def __init__(self, page):
        self.page, self.protocol = page, page.context.new_cdp_session(page)

    def open(self, address):
        self.page.goto(address)
        self.page.evaluate("document.fonts.ready")

    def show(self, place):
        self.page.locator(place).first.evaluate("place => place.scrollIntoView()")

    def take(self, name):
        asked = {"format": "webp", "quality": QUALITY}
        picture = self.protocol.send("Page.captureScreenshot", asked)["data"]
        (FOLDER / f"{name}.webp").write_bytes(b64decode(picture))

    def choose(self, field, words):
        self.page.locator(f".field-{field} .select2-selection").first.click()
        self.page.locator(".select2-container--open .select2-search__field").fill(words)
        self.page.locator(".select2-results__option--highlighted", has_text=words).wait_for()

    def tick(self, *keys):
        for key in keys:
            self.page.locator(f"input[name=_selected_action][value='{key}']").check()

    def act(self, action):
        self.page.locator("select[name=action]").select_option(action)
        self.page.get_by_role("button", name="Run").or_(
            self.page.get_by_role("button", name="Go")
        ).first.click()


def pictures(camera, waiting):
    page = camera.page
    camera.open("/admin/")
    camera.take("desk")
    camera.open("/admin/lessons/lesson/add/")
    page.get_by_label("Text:", exact=True).fill("Schools that know whom to call, call earlier.")
    camera.take("write")
    camera.open("/admin/meetings/meeting/add/")
    page.get_by_label("First day:").fill("10-11 April 2018")
    page.locator(".field-start_date").first.scroll_into_view_if_needed()
    camera.take("dates")
    camera.open(waiting.admin_url)
    camera.take("review")
    link = Link.objects.unassigned().first()
    camera.open(f"/admin/entries/link/{link.pk}/change/")
    camera.choose("entry", "trauma")
    camera.take("place")
    camera.open("/admin/lessons/lesson/?o=")
    keys = page.locator("input[name=_selected_action]").evaluate_all(
        "boxes => boxes.slice(0, 3).map(box => box.value)"
    )
    camera.tick(*keys)
    camera.act("change_many")
    camera.choose("add_tags", Tag.objects.order_by("name").first().name)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Show what it would change").click()
    page.locator(".preview").scroll_into_view_if_needed()
    camera.take("change-many")
    camera.open(f"/admin/taggit/tag/{Tag.objects.order_by('name').first().pk}/merge/")
    camera.take("merge")
    camera.open("/admin/everything/?q=trauma")
    camera.take("everything")
    camera.open("/admin/replace/?find=young+people&replacement=youth")
    camera.take("replace")
    camera.open(f"/admin/meetings/paper/{Paper.objects.published().first().pk}/change/")
    camera.take("public")


def pictures_of_imports(camera, document, table):
    camera.open(document.get_absolute_url())
    camera.show(".import-account")
    camera.take("import")
    camera.open(document.proposals.filter(kind="meeting").first().get_absolute_url())
    camera.take("proposal")
    absence = document.blocks.get(fate="absence")
    camera.open(f"{document.get_absolute_url().removesuffix('change/')}absence/{absence.pk}/")
    camera.take("absence")
    camera.open(table.get_absolute_url())
    camera.show("h2 + .description, .field-recipe")
    camera.take("table")
    camera.open(table.proposals.first().get_absolute_url())
    camera.take("row")


def main():
    FOLDER.mkdir(exist_ok=True)
    databases = setup_databases(verbosity=0, interactive=False, serialized_aliases=())
    waiting, server = prepare(), LiveServer("localhost")
    chromium = (
        os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    )
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page(
                base_url=server.url, viewport={"width": WIDTH, "height": HEIGHT}, locale="en-GB"
            )
            page.goto("/curators/sign-in/")
            page.get_by_label("Username").fill("the editor")
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in", exact=True).click()
            page.wait_for_url("**/admin/")
            pictures(Camera(page), waiting)
            pictures_of_imports(Camera(page), *read_imports())
            browser.close()
    finally:
        server.stop()
        teardown_databases(databases, verbosity=0)


if __name__ == "__main__":
    main()
