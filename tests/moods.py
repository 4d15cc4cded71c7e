"""A real web server of many moods on loopback, and the way there that the checks of links do not
have by themselves: their own reaches no address of this machine."""

import datetime
import socket
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from entries.links.fetching import Transport


class Handler(BaseHTTPRequestHandler):
    """`moods` of the server say by path what is answered: a status, or (status, headers)."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        server = self.server
        host = self.headers["Host"]
        server.asked.append((self.command, host, self.path))
        server.heads.append(dict(self.headers))
        server.times.append((host, time.monotonic()))
        mood = server.moods.get(host + self.path, server.moods.get(self.path, 404))
        if isinstance(mood, dict):
            mood = mood[self.command]
        if callable(mood):
            return mood(self)
        status, headers = mood if isinstance(mood, tuple) else (mood, {})
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()
        return None

    do_HEAD = do_GET = answer

    def log_message(self, *args):
        pass


def drips(handler):
    """A header that does not end for minutes, sign by sign."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    for _sign in range(2400):
        try:
            handler.wfile.write(b"a")
        except OSError:
            return
        time.sleep(0.05)


def stalls(handler):
    """For longer than anybody waits."""
    time.sleep(120)


def floods(handler):
    """Headers without end."""
    try:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(100_000):
            handler.wfile.write(b"X-%d: %s\r\n" % (number, b"a" * 1000))
    except OSError:
        return


def garbles(handler):
    handler.wfile.write(b"\x00\x01 this is no answer of the web\r\n\r\n")
    handler.close_connection = True


def hangs_up(handler):
    handler.connection.shutdown(socket.SHUT_RDWR)


class Server:
    """`moods`: {path, or host and path: mood}; `asked` tells what was asked."""

    def __init__(self, context=None):
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        if context:
            self.http.socket = context.wrap_socket(
                self.http.socket, server_side=True, do_handshake_on_connect=False
            )
        self.http.handle_error = lambda *args: None  # who hangs up is expected here
        self.http.moods, self.http.asked, self.http.heads, self.http.times = {}, [], [], []
        self.moods, self.asked = self.http.moods, self.http.asked
        self.port = self.http.server_address[1]
        threading.Thread(
            target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()

    def close(self):
        self.http.shutdown()
        self.http.server_close()


class Loopback(Transport):
    """Every name leads to the server, except those `gone`; some `lead` elsewhere."""

    def __init__(self, server, secure=None, trusted=None):
        self.ports = {80: server.port, 443: secure and secure.port}
        self.trusted, self.gone, self.lead, self.looked_up = trusted, set(), {}, []

    def look_up(self, host, port):
        self.looked_up.append(host)
        if host in self.gone:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [ip_address(each) for each in self.lead.get(host, ["127.0.0.1"])]

    def allows(self, ip):
        return str(ip) == "127.0.0.1" or super().allows(ip)

    def open(self, ip, port, seconds):
        assert str(ip) == "127.0.0.1", "a test reached for another machine"
        return super().open(ip, self.ports[port], seconds)

    def context(self):
        context = super().context()
        if self.trusted:
            context.load_verify_locations(cadata=self.trusted)
        return context


def certificate(name, folder, days=1):
    """A server's context and the certificate, of the name, for so many days from today."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=10))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM).decode()
    path = folder / f"{name}.pem"
    path.write_text(
        pem
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context, pem
