"""One request to an address that somebody typed, and to no machine that it must not reach.

A name is looked up once. What comes of it is checked, and the connection is made to a checked
address, not to the name: nothing can change in between. Only http and https on their ports, no
proxy, no cookie; of an answer no more than the head is read, and everything within a time that
no slow sender stretches.
"""

import http.client
import re
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Thread, Timer
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

LONGEST = 2000  # of an address
SECONDS = 20  # for a request, from the look-up to the head of the answer
MOST_ADDRESSES = 4  # of a name that are tried
PORTS = {80, 443}
# Sites turn away whoever names itself a bot or a checker of links; the name says whose it is.
NAME = "Mozilla/5.0 (compatible; RAN Mental Health knowledge portal)"
# What browsers mend by themselves: the site leaves out a part of the chain.
CHAIN_NOT_WHOLE = {20, 21}
NAT64, IPV4_COMPATIBLE = IPv6Network("64:ff9b::/96"), IPv6Network("::/96")


class NotAsked(Exception):
    """An address that the portal does not ask. Its text is the reason."""


class NoAnswer(Exception):
    """Nothing came that could be read. Its text is the reason."""


class NotKnown(NoAnswer):
    """The name leads nowhere, or nobody can be asked where."""


class NotTrusted(NoAnswer):
    """The certificate cannot be verified from here, though a browser may know how."""


@dataclass(frozen=True)
class Target:
    """An address taken apart, in the one spelling that it is asked and known by."""

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def of(cls, url):
        """Raise `NotAsked` for what is no address of the web."""
        if len(url) > LONGEST or re.search(r"[\x00-\x20\x7f]", url):
            raise NotAsked(_("It is no address of the web."))
        try:
            parts = urlsplit(url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            raise NotAsked(_("It is no address of the web.")) from None
        if parts.scheme not in ("http", "https"):
            raise NotAsked(_("It begins with neither http nor https."))
        if "@" in parts.netloc:
            raise NotAsked(_("It carries a user name."))
        if port not in PORTS:
            raise NotAsked(_("Its port is none of the web’s: %d.") % port)
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
        if parts.query:
            path += "?" + quote(parts.query, safe="/?%:@!$&'()*+,;=~-._[]")
        return cls(parts.scheme, host_of(parts.hostname or ""), port, path)

    def __str__(self):
        return f"{self.scheme}://{self.authority}{self.path}"

    @property
    def authority(self):
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = 443 if self.scheme == "https" else 80
        return host if self.port == usual else f"{host}:{self.port}"

    @property
    def is_root(self):
        """Whether it is where a site begins, in whichever language."""
        pattern = r"/?([a-z]{2}/?)?((index|home|default)([-_][a-z]{2})?(\.\w+)?/?)?"
        return re.fullmatch(pattern, self.path.partition("?")[0].lower()) is not None


def host_of(name):
    """The name as it is looked up; refused where it only looks like one."""
    with suppress(ValueError):
        if "%" not in name:  # the zone of an address is this machine's own affair
            return str(ip_address(name))
    try:
        host = name.encode("idna").decode().lower().rstrip(".")
    except UnicodeError:
        host = ""
    last = host.rpartition(".")[2]
    if not re.fullmatch(r"[a-z0-9._-]+", host) or re.fullmatch(r"\d+|0x[0-9a-f]*", last):
        # Numbers with other dots than four, octal and hexadecimal ones, are addresses in disguise.
        raise NotAsked(_("Its host is no name."))
    return host


def is_global(ip):
    """Whether the address is one of the open internet, also where it holds another one."""
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_global(ip.ipv4_mapped)
        if ip in NAT64:
            return is_global(IPv4Address(int(ip) & 0xFFFFFFFF))
        if ip.sixtofour is not None or ip.teredo is not None or ip in IPV4_COMPATIBLE:
            return False
        if ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


class Transport:
    """How another machine is reached."""

    def look_up(self, host, port):
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return [ip_address(sockaddr[0].partition("%")[0]) for *_rest, sockaddr in found]

    def allows(self, ip):
        return is_global(ip)

    def open(self, ip, port, seconds):
        family = socket.AF_INET6 if ip.version == 6 else socket.AF_INET
        opened = socket.socket(family, socket.SOCK_STREAM)
        try:
            opened.settimeout(seconds)
            opened.connect((str(ip), port))
        except OSError:
            opened.close()
            raise
        return opened

    def context(self):
        return ssl.create_default_context()

    def addresses(self, target, seconds):
        """Where the name leads that may be reached. A look-up knows no time limit of its own."""
        found = []

        def look():
            try:
                found.append(self.look_up(target.host, target.port))
            except (OSError, UnicodeError) as error:
                found.append(error)

        thread = Thread(target=look, daemon=True)
        thread.start()
        thread.join(seconds)
        if not found or isinstance(found[0], Exception):
            raise NotKnown(_("Its name is not known: %s.") % target.host)
        allowed = [ip for ip in found[0] if self.allows(ip)]
        if not allowed:
            raise NotAsked(_("It leads to no address of the open internet."))
        return allowed[:MOST_ADDRESSES]


class Connection(http.client.HTTPConnection):
    """A connection to a checked address of the target, over TLS with the target's name."""

    def __init__(self, target, transport, seconds):
        super().__init__(target.host, target.port, timeout=seconds)
        self.target, self.transport, self.is_cut = target, transport, False

    def connect(self):
        error = None
        for ip in self.transport.addresses(self.target, self.timeout / 2):
            try:
                self.sock = self.transport.open(ip, self.port, self.timeout / 4)
                break
            except OSError as found:
                error = found
        else:
            raise error
        self.sock.settimeout(self.timeout)
        if self.target.scheme == "https":
            context, name = self.transport.context(), self.target.host
            self.sock = context.wrap_socket(
                self.sock, server_hostname=name, do_handshake_on_connect=False
            )
            self.sock.do_handshake()

    def cut(self):
        """End it from outside, whatever it waits for."""
        self.is_cut = True
        if self.sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


@dataclass(frozen=True)
class Answer:
    status: int
    location: str = ""
    retry_after: str = ""


def as_browsers_read(location):
    """An address as sites write it into a header: not always in the signs that it may have."""
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode()
    return location.strip().replace(" ", "%20")


def request(method, target, transport, seconds=SECONDS):
    """The head of the answer. Raises `NotAsked` or `NoAnswer`."""
    connection = Connection(target, transport, seconds)
    clock = Timer(seconds, connection.cut)
    clock.daemon = True
    clock.start()
    headers = {
        "Host": target.authority,
        "User-Agent": NAME,
        "Accept": "text/html,application/pdf,*/*;q=0.8",
        "Accept-Language": "en,*;q=0.5",
        "Connection": "close",
    }
    if settings.CONTACT_EMAIL:
        headers["From"] = settings.CONTACT_EMAIL
    try:
        connection.request(method, target.path, headers=headers)
        head = connection.getresponse()
        if connection.is_cut:  # what came until then may look like a whole head
            raise TimeoutError
        location, retry_after = (head.getheader(name, "") for name in ("Location", "Retry-After"))
        return Answer(head.status, as_browsers_read(location), retry_after)
    except ssl.SSLCertVerificationError as error:
        refusal = NotTrusted if error.verify_code in CHAIN_NOT_WHOLE else NoAnswer
        raise refusal(_("Its certificate is not valid: %s.") % error.verify_message) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        what = getattr(error, "strerror", None) or type(error).__name__
        raise NoAnswer(_("Nothing answers: %s.") % what) from None
    finally:
        clock.cancel()
        connection.close()
