"""Variables of the environment, each refused by name where it cannot be used."""

import os
import re
import secrets
import sys
from contextlib import suppress
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError

SQLITE = "django.db.backends.sqlite3"

env = Env()


def setting(read, name, default, hint):
    """Return the variable as `read` understands it; an empty one counts as not set.

    Raises ImproperlyConfigured, naming the variable and what it takes.
    """
    if not os.environ.get(name, "").strip():
        os.environ.pop(name, None)
    try:
        return read(name, default)
    except (EnvError, ValueError, OSError):
        sys.tracebacklimit = 0  # the message says it all
        raise ImproperlyConfigured(f"{name} cannot be used as it is set. {hint}") from None


def host_names(name, default):
    """Refuse what would never match: an address, or a name with its port."""
    hosts = [host.strip() for host in env.list(name, default)]
    if not all(re.fullmatch(r"[\w.*-]+|\[[\da-fA-F:.]+\]", host) for host in hosts):
        raise ValueError
    return hosts


def private_folder(path):
    """Make the folder, if there is none, for nobody else on the machine to look into."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def secret_key(name, folder):
    """Return the key given, else the one kept in the folder, made at the first start."""
    given = env.str(name, "")
    if given:
        return given
    path = folder / "secret_key"
    if not path.exists():
        private_folder(folder)
        draft = folder / f"secret_key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        with suppress(FileExistsError):
            path.hardlink_to(draft)  # whole or not at all, and only by the first of many
        draft.unlink()
    return path.read_text().strip()


def several_hosts(address):
    """(address with the first host, all hosts, all ports) where an address names several."""
    found = re.fullmatch(r"(postgres(?:ql)?://(?:[^@/]*@)?)([^/?]*,[^/?]*)(/.*)", address)
    if not found:
        return None
    hosts = [host.partition(":") for host in found[2].split(",")]
    first = ":".join(filter(None, (hosts[0][0], hosts[0][2])))
    names = ",".join(host for host, _colon, _port in hosts)
    return found[1] + first + found[3], names, ",".join(port or "5432" for *_host, port in hosts)


def database(name, default):
    """Refuse an engine that the portal is not made for, and a folder that cannot be."""
    several = several_hosts(env.str(name, default))
    given = dj_database_url.parse(several[0]) if several else env.dj_db_url(name, default)
    if several:  # libpq tries them in this order: see target_session_attrs
        given["HOST"], given["PORT"] = several[1:]
    if given["ENGINE"] == SQLITE:
        path = Path(given["NAME"])
        private_folder(path.parent)
        if str(path) != ":memory:" and not path.exists():
            path.touch(mode=0o600)  # the files beside it that SQLite makes are as private
    elif given["ENGINE"] != "django.db.backends.postgresql":
        raise ValueError
    return given


REVIEWED = ("lesson", "practice", "question", "meeting", "paper", "situation")


def rate(name, default):
    """Refuse what would fail with the first request."""
    given = env.str(name, default)
    if not re.fullmatch(r"[1-9]\d{0,8}/(second|minute|hour|day)", given):
        raise ValueError
    return given


def listened_on(name, default):
    """Refuse what is no address with a port of this machine's."""
    given = env.str(name, default).strip()
    found = re.fullmatch(r"[\w.:\[\]-]+:(\d{1,5})", given, re.ASCII)
    if given and not (found and 0 < int(found[1]) < 65536):
        raise ValueError
    return given


def licence(name, default):
    """Refuse what is no name of a licence as SPDX lists them."""
    given = env.str(name, default).strip()
    if given and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.+-]*", given):
        raise ValueError
    return given


def mail_address(name, default):
    given = env.str(name, default).strip()
    if given and not re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", given, re.ASCII):
        raise ValueError
    return given


def days_of_kinds(name, default):
    """{kind of record: days}, of 'paper=365,situation=180'."""
    given = {}
    for pair in filter(None, env.str(name, default).replace(" ", "").split(",")):
        kind, _equals, days = pair.partition("=")
        if kind not in REVIEWED or not re.fullmatch(r"[1-9]\d{0,4}", days):
            raise ValueError
        given[kind] = int(days)
    return given
