"""An address asked as a reader would open it: from one page to the next, until one answers."""

import re
import time
from dataclasses import dataclass
from urllib.parse import unquote, urljoin

from django.utils.translation import gettext as _

from entries.links.fetching import (
    SECONDS,
    NoAnswer,
    NotAsked,
    NotKnown,
    NotTrusted,
    Target,
    request,
)

MOST_REDIRECTS = 5
MOST_SECONDS = 60  # for an address and all that it leads to
LEADS_ON, FOR_GOOD = {301, 302, 303, 307, 308}, {301, 308}
# An answer that says no to a machine; to a reader it may say yes. None of them means dead.
TURNED_AWAY = {401, 402, 403, 407, 429, 451, 999}
WAIT = {429, 503}
# Where a reader is asked something first; what comes then a machine never sees.
ASKS_FIRST = re.compile(r"\b(log-?in|sign-?in|sso|oauth2?|consent|captcha)\b", re.IGNORECASE)


class Later(Exception):
    """The host is not to be asked before its time."""


@dataclass
class Found:
    """What came of asking. `fate` is 'works', 'refused', 'failed' or 'not asked'."""

    fate: str
    said: str
    ends_at: str = ""
    moved_to: str = ""
    answered: bool = False  # by a web server, with whatever
    is_farewell: bool = False  # it ends on a page for all that is gone


class Asking:
    """One address; `pace(host)` waits until its host may be asked, `rest(host, text)` heeds a host
    that wants to be left alone for a time."""

    def __init__(self, transport, pace, rest):
        self.transport, self.pace, self.rest = transport, pace, rest
        self.answered, self.end = False, time.monotonic() + MOST_SECONDS

    def ask(self, url):
        try:
            return self._follow(Target.of(url))
        except NotAsked as reason:
            return Found("not asked", str(reason), answered=self.answered)
        except NotTrusted as reason:
            return Found("refused", str(reason), answered=self.answered)
        except NoAnswer as reason:
            return Found("failed", str(reason), answered=self.answered)

    def _follow(self, first):
        here, moved_to, for_good, seen = first, first, True, {first}
        for _hop in range(MOST_REDIRECTS + 1):
            answer = self._answer_of(here)
            if answer.status not in LEADS_ON or not answer.location:
                return self._judged(answer, first, here, moved_to)
            here = Target.of(urljoin(str(here), answer.location).partition("#")[0])
            for_good = for_good and answer.status in FOR_GOOD
            moved_to = here if for_good else moved_to
            if here in seen:
                # Browsers get through with a cookie; the portal keeps none.
                return self._found("refused", _("It leads in a circle."), here)
            seen.add(here)
        return self._found("refused", _("It leads on more than five times."), here)

    def _answer_of(self, target):
        """Of HEAD, or of GET where that is not understood, as often it is not."""
        try:
            answer = self._request("HEAD", target)
            if answer.status < 400 or answer.status == 429:
                return answer
        except (NotKnown, NotTrusted):
            raise
        except NoAnswer:
            pass
        return self._request("GET", target)

    def _request(self, method, target):
        self.pace(target.host)
        left = self.end - time.monotonic()
        if left <= 0:
            raise NoAnswer(_("Nothing answers: it takes too long."))
        answer = request(method, target, self.transport, min(SECONDS, left))
        self.answered = True
        if answer.status in WAIT and answer.retry_after:
            self.rest(target.host, answer.retry_after)
        return answer

    def _judged(self, answer, first, last, moved_to):
        said = _("It answers %d.") % answer.status
        if answer.status in TURNED_AWAY:
            return self._found("refused", said, last)
        if not 200 <= answer.status < 300:
            return self._found("failed", said, last)
        if last != first and ASKS_FIRST.search(f"{last.host}{last.path.partition('?')[0]}"):
            return self._found("refused", _("It wants readers to sign in or to agree first."), last)
        if last != first and last.is_root and not first.is_root:
            return self._found("failed", _("It leads to the beginning of a site."), last)
        found = self._found("works", said, last)
        found.moved_to = "" if same_page(first, moved_to) else str(moved_to)
        found.ends_at = str(without_echo(last, first)) if last != first else ""
        return found

    def _found(self, fate, said, last):
        return Found(fate, said, ends_at=str(last), answered=self.answered)


def same_page(one, other):
    """Whether the two differ in nothing that a reader would call another address."""

    def plain(target):
        path, _sign, query = target.path.partition("?")
        return target.host.removeprefix("www."), path.rstrip("/"), query

    return plain(one) == plain(other)


def without_echo(target, first):
    """Without a query that only repeats what was asked for: '/not-found?page=/a/b'."""
    path, _sign, query = target.path.partition("?")
    asked = first.path.partition("?")[0].strip("/")
    if asked and asked in unquote(query):
        return Target(target.scheme, target.host, target.port, path)
    return target
