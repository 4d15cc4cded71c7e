"""The settings as a start of the portal sees them: in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ranportal import environment

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]


def run(*arguments, **variables):
    """Run manage.py with these variables only; return its exit code, output and errors."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout, done.stderr


TELL = """
import django.conf
django.conf.settings.configure(USE_I18N=False)  # names are told untranslated, before any app is there
from ranportal import settings
for name in filter(str.isupper, dir(settings)):
    print(name, repr(getattr(settings, name)), sep=" = ")
"""


def settings_with(folder, **variables):
    """{name: value, as it is written} of all settings, in a process with these variables only."""
    done = subprocess.run(
        [sys.executable, "-c", TELL],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(folder), **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(line.split(" = ", 1) for line in done.stdout.splitlines())


@pytest.mark.parametrize(
    ("name", "wrong", "hint"),
    [
        ("DEBUG", "perhaps", "true or false"),
        ("HTTPS", "on request", "true or false"),
        ("BEHIND_PROXY", "2", "true or false"),
        ("API_RATE", "600", "600/minute"),
        ("API_RATE", "0/minute", "600/minute"),
        ("API_RATE", "5/fortnight", "600/minute"),
        ("REQUIRE_SECOND_FACTOR", "of some", "true or false"),
        ("CONTENT_LICENCE", "CC BY 4.0", "CC-BY-4.0"),
        ("CONTACT_EMAIL", "desk at example.org", "name@example.org"),
        ("REVIEW_AFTER", "book=30", "paper=730"),
        ("REVIEW_AFTER", "paper=soon", "paper=730"),
        ("CACHE_URL", "mysql://localhost/cache", "redis://"),
        ("ALLOWED_HOSTS", "https://portal.example.org", "without https://"),
        ("ALLOWED_HOSTS", "localhost, portal.example.org:8000", "without https:// and port"),
        ("DATABASE_URL", "nonsense", "postgresql://"),
        ("DATABASE_URL", "postgresql://localhost:port/ranportal", "postgresql://"),
        ("DATABASE_URL", "mysql://localhost/ranportal", "postgresql://"),
        ("DATABASE_URL", "sqlite:////dev/null/portal.sqlite3", "sqlite:////"),
    ],
)
def test_a_wrong_value_stops_the_start_with_its_name_and_a_hint(tmp_path, name, wrong, hint):
    code, _, err = run("check", **{"DATA_DIR": str(tmp_path), name: wrong})
    assert code == 1
    assert f"{name} cannot be used as it is set. Give " in err
    assert hint in err
    assert len(err.splitlines()) == 1, "a traceback hides the message"


def test_a_data_folder_that_cannot_be_written_to_stops_the_start_with_its_name():
    code, _, err = run("check", DATA_DIR="/dev/null")
    assert code == 1
    assert "DATA_DIR that can be written to; /dev/null cannot" in err
    assert len(err.splitlines()) == 1


def test_an_empty_value_counts_as_not_set(tmp_path):
    names = ("DEBUG", "HTTPS", "BEHIND_PROXY", "ALLOWED_HOSTS", "DATABASE_URL", "API_RATE")
    names += (
        "REQUIRE_SECOND_FACTOR",
        "CACHE_URL",
        "CONTENT_LICENCE",
        "CONTACT_EMAIL",
        "REVIEW_AFTER",
    )
    unset = settings_with(tmp_path, SECRET_KEY="given")
    assert settings_with(tmp_path, SECRET_KEY="given", **dict.fromkeys(names, "")) == unset


def test_with_nothing_set_the_portal_hides_errors_and_answers_this_machine_only(tmp_path):
    told = settings_with(tmp_path)
    assert told["DEBUG"] == "False"
    assert told["ALLOWED_HOSTS"] == "['localhost', '127.0.0.1', '[::1]']"


@pytest.mark.parametrize(
    ("variables", "required"),
    [
        ({}, "False"),
        ({"ALLOWED_HOSTS": "localhost"}, "False"),
        ({"ALLOWED_HOSTS": "localhost, portal.example.org"}, "True"),
        ({"HTTPS": "true"}, "True"),
        ({"HTTPS": "true", "REQUIRE_SECOND_FACTOR": "false"}, "False"),
        ({"REQUIRE_SECOND_FACTOR": "true"}, "True"),
    ],
    ids=str,
)
def test_a_portal_that_others_can_reach_requires_a_second_factor_unless_told_otherwise(
    tmp_path, variables, required
):
    assert settings_with(tmp_path, **variables)["REQUIRE_SECOND_FACTOR"] == required


def test_by_tls_only_every_cookie_is_kept_to_tls(tmp_path):
    told = settings_with(tmp_path, HTTPS="true")
    assert told["SESSION_COOKIE_SECURE"] == told["CSRF_COOKIE_SECURE"] == "True"


def test_the_secret_key_is_made_at_the_first_start_and_kept(tmp_path):
    first, second = (settings_with(tmp_path)["SECRET_KEY"] for _ in range(2))
    kept = tmp_path / "secret_key"
    assert first == second == repr(kept.read_text())
    assert len(kept.read_text()) >= 50
    assert list(tmp_path.glob("secret_key*")) == [kept]


def test_of_two_first_starts_at_once_both_use_the_same_secret_key(tmp_path, monkeypatch):
    def slow_choice(length):
        (tmp_path / "secret_key").write_text("the other's")
        return "ours"

    monkeypatch.delenv("SECRET_KEY")
    monkeypatch.setattr(environment.secrets, "token_urlsafe", slow_choice)
    assert environment.secret_key("SECRET_KEY", tmp_path) == "the other's"


def test_the_secret_key_can_be_read_by_its_owner_only(tmp_path):
    settings_with(tmp_path)
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_secret_key_that_is_given_is_used_and_none_is_kept(tmp_path):
    assert settings_with(tmp_path, SECRET_KEY="given")["SECRET_KEY"] == "'given'"
    assert not (tmp_path / "secret_key").exists()


def check_deployment(folder, **variables):
    return run(
        *("check", "--deploy", "--fail-level", "WARNING"),
        **{"DATA_DIR": str(folder), "ALLOWED_HOSTS": "portal.example.org", **variables},
    )


def test_a_portal_on_the_open_internet_passes_the_deployment_check(tmp_path):
    code, out, err = check_deployment(tmp_path, HTTPS="true")
    assert (code, err) == (0, "")
    assert "no issues (2 silenced)" in out  # HSTS for subdomains is asked for


def test_a_portal_without_https_does_not_pass_the_deployment_check(tmp_path):
    code, _, err = check_deployment(tmp_path)
    assert code == 1
    assert "SECURE_SSL_REDIRECT" in err


def test_database_and_data_folder_are_for_their_owner_alone(tmp_path):
    folder = tmp_path / "data"
    code, _, err = run("showmigrations", DATA_DIR=str(folder))
    assert (code, err) == (0, "")
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in folder.iterdir()}
    assert oct(folder.stat().st_mode & 0o777) == "0o700"
    assert modes.keys() >= {"portal.sqlite3", "secret_key"}
    assert {*modes.values()} == {"0o600"}


@pytest.mark.parametrize(
    ("asked", "subdomains", "preload"),
    [
        ({}, "False", "False"),
        ({"HSTS_SUBDOMAINS": "true"}, "True", "False"),
        ({"HSTS_SUBDOMAINS": "true", "HSTS_PRELOAD": "true"}, "True", "True"),
    ],
)
def test_other_hosts_are_bound_to_tls_only_when_asked_for(tmp_path, asked, subdomains, preload):
    told = settings_with(tmp_path, HTTPS="true", **asked)
    assert told["SECURE_HSTS_SECONDS"] == "31536000"
    assert told["SECURE_HSTS_INCLUDE_SUBDOMAINS"] == subdomains
    assert told["SECURE_HSTS_PRELOAD"] == preload
