"""Several web processes over a primary and a standby behind HAProxy, while parts of it are killed.

    python tests/cluster.py

200 readers ask all the time; a web process, the standby and the primary die (the standby is
promoted); a curator signs in with a second factor and edits through the proxy; the processes are
restarted one after the other. Says what it saw, and ends with 1 if a reader met an error, an edit
took more than a second to be seen, or anything kept was stale. Needs `haproxy` (Debian's) and the
PostgreSQL that the tests use; everything on 127.0.0.1, all of it stopped at the end.
"""

import asyncio
import os
import random
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from contextlib import suppress
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import lxml.html

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.postgres import INITDB, copy_binaries, ordinary_user  # noqa: E402
from tests.totp import code  # noqa: E402

READERS = 200
THINKING = 1.0  # seconds a reader reads before the next page
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = secrets.token_urlsafe(16)
LESSON = "traits-of-lone-actors"
# The migration up to which the database is at first: the rest is run while everybody reads.
BEFORE = ("practices", "0004")
ADDRESSES = [
    "/",
    "/lessons/",
    "/practices/?country=DK",
    "/practices.csv",
    "/themes/lone-actors/",
    f"/lessons/{LESSON}/",
    "/search/?q=trauma",
    "/api/v1/questions/",
]


def say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Cluster:
    """Its processes by name, each started again under the same name."""

    def __init__(self, folder):
        self.folder, self.user = folder, ordinary_user()
        self.binaries = copy_binaries(folder)
        self.ports = {
            name: free_port()
            for name in ("primary", "standby", "reader1", "reader2", "desk1", "desk2", "proxy")
        }
        self.processes, self.secret_key = {}, secrets.token_urlsafe(50)

    def start(self, name, command, user=None, **env):
        log = (self.folder / f"{name}.log").open("a")
        self.processes[name] = subprocess.Popen(
            [str(part) for part in command],
            stdout=log,
            stderr=log,
            cwd=ROOT if user is None else self.folder,
            env=os.environ | env,
            start_new_session=True,
            **(user or {}),
        )

    def end(self, name, how=signal.SIGKILL):
        process = self.processes.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        process.wait()

    def run(self, *command, user=None, **env):
        done = subprocess.run(
            [str(part) for part in command],
            env=os.environ | env,
            cwd=ROOT if user is None else self.folder,
            capture_output=True,
            text=True,
            **(user or {}),
        )
        if done.returncode:
            sys.exit(f"{command}: {done.stderr[-2000:]}")
        return done.stdout

    # --- PostgreSQL

    def own(self):
        if self.user:
            for path in (self.folder, *self.folder.rglob("*")):
                os.chown(path, self.user["user"], self.user["group"], follow_symlinks=False)

    def start_database(self, name):
        self.start(
            name,
            [
                self.binaries / "postgres", "-D", self.folder / name, "-k", self.folder,
                "-p", self.ports[name], "-c", "listen_addresses=127.0.0.1",
                "-c", "hot_standby=on", "-c", "max_connections=100", "-c", "fsync=off",
            ],
            user=self.user or {},
        )  # fmt: skip
        until(lambda: self.query(name, "SELECT 1"), f"the {name}")

    def query(self, name, sql):
        command = [self.binaries / "psql", "-h", "127.0.0.1", "-p", str(self.ports[name])]
        done = subprocess.run(
            [*map(str, command), "-U", "postgres", "-tAc", sql], capture_output=True, text=True
        )
        return done.stdout.strip() if done.returncode == 0 else ""

    def query_portal(self, sql):
        command = [self.binaries / "psql", "-h", "127.0.0.1", "-p", self.ports["primary"]]
        return self.run(*command, "-U", "postgres", "-d", "portal", "-tAc", sql).strip()

    def make_databases(self):
        self.own()
        primary, user = self.folder / "primary", self.user or {}
        self.run(self.binaries / "initdb", "--pgdata", primary, *INITDB, user=user)
        with (primary / "pg_hba.conf").open("a") as rules:
            rules.write("host replication all 127.0.0.1/32 trust\n")
        self.start_database("primary")
        self.query("primary", "CREATE DATABASE portal")
        web = self.environment("primary")
        python = sys.executable
        self.run(python, "manage.py", "migrate", "--verbosity=0", **web)
        self.run(python, "manage.py", "load_corpus", **web)
        self.run(python, "manage.py", "migrate", *BEFORE, "--verbosity=0", **web)
        self.run(python, "manage.py", "shell", "--no-imports", "-c", ACCOUNT, **web)
        self.run(
            self.binaries / "pg_basebackup", "-h", "127.0.0.1", "-p", self.ports["primary"],
            "-U", "postgres", "-D", self.folder / "standby", "-R", "-X", "stream", "-c", "fast",
            user=user,
        )  # fmt: skip
        self.start_database("standby")

    # --- The portal

    def environment(self, *databases, attributes="any"):
        hosts = ",".join(f"127.0.0.1:{self.ports[name]}" for name in databases)
        return {
            "DATABASE_URL": f"postgresql://postgres@{hosts}/portal"
            f"?target_session_attrs={attributes}&connect_timeout=2",
            "SECRET_KEY": self.secret_key,
            "DATA_DIR": str(self.folder / "data"),
            "CACHE_URL": f"file://{self.folder / 'cache'}",
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "REQUIRE_SECOND_FACTOR": "true",
            "FOUR_EYES": "false",
        }

    def start_web(self, name):
        order = ("primary", "standby") if name.endswith("2") else ("standby", "primary")
        writes = name.startswith("desk")
        command = [sys.executable, "manage.py", "serve", "--listen"]
        self.start(
            name,
            [*command, f"127.0.0.1:{self.ports[name]}"],
            **self.environment(*order, attributes="read-write" if writes else "any"),
        )
        check = "/ready/primary/" if writes else "/ready/"
        until(lambda: self.get(name, check)[0] == 200, name)

    def start_proxy(self):
        addresses = {
            "READER_1": "reader1",
            "READER_2": "reader2",
            "DESK_1": "desk1",
            "DESK_2": "desk2",
            "LISTEN": "proxy",
        }
        self.start(
            "proxy",
            ["haproxy", "-f", ROOT / "deploy" / "haproxy.cfg", "-db"],
            **{key: f"127.0.0.1:{self.ports[name]}" for key, name in addresses.items()},
        )
        until(lambda: self.get("proxy", "/ready/")[0] == 200, "the proxy")

    def get(self, name, path):
        """(status, body), 0 where nobody answers."""
        try:
            address = f"http://127.0.0.1:{self.ports[name]}{path}"
            with urllib.request.urlopen(address, timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, ""
        except OSError:
            return 0, ""

    def stop(self):
        for name in [*self.processes]:
            self.end(name, signal.SIGTERM if name not in ("primary", "standby") else signal.SIGINT)


ACCOUNT = f"""
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import User
user = User.objects.create_superuser("chief", password="{PASSWORD}")
TOTP.activate(user, "{SECRET}")
"""


def until(holds, what, seconds=60):
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            sys.exit(f"{what} did not come up.")
        time.sleep(0.1)


# --- Readers -------------------------------------------------------------------------


class Readers:
    """Many at once, each with a connection of its own, who count what they met."""

    def __init__(self, port, chance):
        self.port, self.chance = port, chance
        self.answers, self.errors, self.is_over = Counter(), [], False

    async def read(self):
        await asyncio.sleep(self.chance.random() * THINKING)
        while not self.is_over:
            address = self.chance.choice(ADDRESSES)
            try:
                status = await asyncio.wait_for(self.ask(address), 20)
            except (TimeoutError, OSError, ValueError) as error:
                self.errors.append((time.strftime("%X"), address, repr(error)))
            else:
                self.answers[status] += 1
                if status != 200:
                    self.errors.append((time.strftime("%X"), address, status))
            await asyncio.sleep(THINKING)

    async def ask(self, address):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            head = f"GET {address} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            writer.write(head.encode())
            await writer.drain()
            whole = await reader.read(-1)
        finally:
            writer.close()
        line, _end, _rest = whole.partition(b"\r\n")
        head, _end, body = whole.partition(b"\r\n\r\n")
        if b"transfer-encoding: chunked" in head.lower() and not body.endswith(b"0\r\n\r\n"):
            raise ValueError("an answer that broke off")
        return int(line.split()[1])

    async def all(self):
        await asyncio.gather(*(self.read() for _number in range(READERS)))


# --- A curator -----------------------------------------------------------------------


class Curator:
    """A browser as far as forms and cookies go, through the proxy."""

    def __init__(self, port):
        self.site = f"http://127.0.0.1:{port}"
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def open(self, path, data=None):
        address = path if path.startswith("http") else self.site + path
        request = urllib.request.Request(address, data and urlencode(data, doseq=True).encode())
        request.add_header("Referer", address)
        with self.opener.open(request, timeout=30) as answer:
            page = lxml.html.fromstring(answer.read(), base_url=answer.url)
            page.make_links_absolute()
            return answer.url, page

    def fill(self, page, chosen, **values):
        """The form that has the field, filled in and sent."""
        form = next(form for form in page.forms if chosen in form.fields)
        data = [pair for pair in form.form_values() if pair[0] not in values]
        return self.open(form.action or page.base_url, [*data, *values.items()])

    def sign_in(self):
        _url, page = self.open("/admin/login/?next=/admin/")
        url, page = self.fill(page, "login", login="chief", password=PASSWORD)
        if any("code" in form.fields for form in page.forms):
            url, page = self.fill(page, "code", code=code(SECRET))
        if "/admin/" not in url:
            sys.exit(f"The curator did not get in: {url}")

    def edit(self, key, text):
        _url, page = self.open(f"/admin/lessons/lesson/{key}/change/")
        url, page = self.fill(page, "text", text=text, change_note="Proved.", _save="Save")
        errors = [error.text_content() for error in page.find_class("errornote")]
        if errors or not url.endswith("/admin/lessons/lesson/"):
            sys.exit(f"The edit was refused: {url} {errors}")


def seconds_until_all_see(cluster, names, text):
    """How long it takes until every reader's process shows the text."""
    started, waiting = time.monotonic(), set(names)
    while waiting and time.monotonic() - started < 20:
        waiting = {n for n in waiting if text not in cluster.get(n, f"/lessons/{LESSON}/")[1]}
    return time.monotonic() - started


# --- What happens --------------------------------------------------------------------


def story(cluster, curator, slowest):
    """Everything that is done to the cluster while 200 read. Fills `slowest` with seconds."""
    key = cluster.query_portal(f"SELECT id FROM lessons_lesson WHERE slug = '{LESSON}'")

    def edit(what):
        text = f"Proved {secrets.token_hex(6)} {what}."
        curator.edit(key, text)
        slowest[what] = seconds_until_all_see(cluster, ("reader1", "reader2", "proxy"), text)
        say(f"  an edit was seen everywhere after {slowest[what]:.2f} s ({what})")

    time.sleep(3)
    curator.sign_in()
    edit("with everything up")
    say("A web process is killed.")
    cluster.end("reader1")
    time.sleep(4)
    cluster.start_web("reader1")
    time.sleep(2)
    say("The standby is killed.")
    cluster.end("standby")
    time.sleep(4)
    cluster.start_database("standby")
    until(lambda: cluster.query("primary", "SELECT count(*) FROM pg_stat_replication") == "1", "it")
    edit("after the standby came back")
    say("The primary is killed, and the standby promoted.")
    cluster.end("primary")
    cluster.query("standby", "SELECT pg_promote()")
    until(lambda: cluster.get("proxy", "/ready/")[0] == 200, "the portal")
    until(lambda: cluster.get("desk1", "/ready/primary/")[0] == 200, "the desk")
    time.sleep(4)
    edit("on the promoted standby")
    say("A migration is run, and each web process restarted, one after the other.")
    cluster.run(
        sys.executable, "manage.py", "migrate", "--verbosity=0", **cluster.environment("standby")
    )
    for name in ("reader1", "reader2", "desk1", "desk2"):
        cluster.end(name, signal.SIGTERM)
        time.sleep(1)
        cluster.start_web(name)
        time.sleep(1)
    edit("after a rolling restart")


async def main(cluster):
    readers, slowest = Readers(cluster.ports["proxy"], random.Random(1)), {}
    reading = asyncio.create_task(readers.all())
    curator = Curator(cluster.ports["proxy"])
    started = time.monotonic()
    try:
        await asyncio.to_thread(story, cluster, curator, slowest)
    finally:
        readers.is_over = True
        await reading
    say(f"{sum(readers.answers.values())} answers in {time.monotonic() - started:.0f} s: "
        f"{dict(readers.answers)}; errors: {len(readers.errors)}")  # fmt: skip
    for error in readers.errors[:20]:
        say(f"  {error}")
    late = max(slowest.values()) > 1
    say("Missed: a reader met an error." if readers.errors else "Proved: no reader met an error.")
    say(
        "Missed: an edit was seen late." if late else "Proved: every edit was seen within a second."
    )
    return 1 if readers.errors or late else 0


if __name__ == "__main__":
    if not shutil.which("haproxy"):
        sys.exit("This needs HAProxy: apt-get install haproxy")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, frame: sys.exit(128 + number))
    with tempfile.TemporaryDirectory(prefix="ranportal-cluster-") as name:
        os.chmod(name, 0o755)  # noqa: PTH101 (PostgreSQL is another user)
        cluster = Cluster(Path(name))
        try:
            say("Starting a primary, a standby, four web processes and HAProxy.")
            cluster.make_databases()
            cluster.run(
                sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0",
                **cluster.environment("primary"),
            )  # fmt: skip
            for each in ("reader1", "reader2", "desk1", "desk2"):
                cluster.start_web(each)
            cluster.start_proxy()
            status = asyncio.run(main(cluster))
        finally:
            cluster.stop()
    sys.exit(status)
