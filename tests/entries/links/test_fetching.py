"""What the portal connects to, and to what it does not; how long it waits, how much it reads."""

import time
from ipaddress import ip_address

import pytest

from entries.links.fetching import NoAnswer, NotAsked, NotTrusted, Target, Transport, request
from tests.moods import Loopback, Server, certificate, drips, floods, garbles, hangs_up, stalls

pytestmark = pytest.mark.once
ON_ANY_MACHINE = 30  # seconds; who is not left when the time is over is waited for for minutes


def asked(url, way, seconds=30, method="GET"):
    return request(method, Target.of(url), way, seconds)


def test_an_address_is_asked_by_its_name_with_its_query_and_without_the_place_on_the_page(
    server, way
):
    server.moods["/a%20b?q=%C3%BC"] = (200, {"Content-Type": "text/html"})
    assert asked("http://Example.ORG/a%20b?q=ü#place", way).status == 200
    assert server.asked == [("GET", "example.org", "/a%20b?q=%C3%BC")]
    head = server.http.heads[0]
    assert head["User-Agent"].startswith("Mozilla/5.0 (compatible; RAN Mental Health")
    assert "Cookie" not in head
    assert "Referer" not in head


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://example.org:22/",
        "http://example.org:8080/",
        "http://user@example.org/",
        "http://user:word@example.org/",
        "http://@127.0.0.1/",
        "http:///nothing",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://[fe80::1%25eth0]/",
        "http://[::1/",
        "http://exa mple.org/",
        "http://example.org/\r\nX-Injected: 1",
        "http://example.org:port/",
        "http://" + "a" * 3000,
    ],
)
def test_what_is_no_address_of_the_web_is_not_asked(url, server, way):
    with pytest.raises(NotAsked):
        asked(url, way)
    assert (server.asked, way.looked_up) == ([], [])


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1",
        "127.8.8.8",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "::1",
        "::",
        "::127.0.0.1",
        "::8.8.8.8",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2002:808:808::",
        "2001:0:7f00:1::",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "ff02::1",
        "2001:db8::1",
    ],
)
def test_an_address_of_no_open_network_is_never_reached(ip):
    assert not Transport().allows(ip_address(ip))


@pytest.mark.parametrize(
    "ip", ["8.8.8.8", "2a00:1450:4001:81b::200e", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_an_address_of_the_open_internet_may_be_reached(ip):
    assert Transport().allows(ip_address(ip))


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://localhost./", "http://[::ffff:127.0.0.1]/", "http://[::1]/"],
)
def test_the_way_out_that_is_built_in_never_reaches_this_machine(url):
    with pytest.raises((NotAsked, NoAnswer)) as refused:
        asked(url, Transport(), seconds=2)
    assert "open internet" in str(refused.value) or "not known" in str(refused.value)


def test_a_name_is_looked_up_once_and_the_checked_address_is_connected_to(server, way):
    way.lead["mixed.example"] = ["10.0.0.1", "169.254.169.254", "127.0.0.1"]
    server.moods["/"] = 200
    assert asked("http://mixed.example/", way).status == 200
    assert way.looked_up == ["mixed.example"]
    way.lead["inner.example"] = ["10.0.0.1", "::ffff:10.0.0.1"]
    with pytest.raises(NotAsked, match="open internet"):
        asked("http://inner.example/", way)


def test_no_variable_of_the_environment_sends_it_through_a_proxy(server, way, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    server.moods["/"] = 200
    assert asked("http://example.org/", way).status == 200


@pytest.mark.parametrize("mood", [drips, stalls])
def test_who_sends_slowly_is_left_when_the_time_is_over(server, way, mood):
    server.moods["/"] = mood
    begun = time.monotonic()
    with pytest.raises(NoAnswer):
        asked("http://example.org/", way, seconds=0.4)
    assert time.monotonic() - begun < ON_ANY_MACHINE


@pytest.mark.parametrize("mood", [floods, garbles, hangs_up])
def test_what_cannot_be_read_is_no_answer(server, way, mood):
    server.moods["/"] = mood
    with pytest.raises(NoAnswer):
        asked("http://example.org/", way)


def test_a_look_up_that_takes_too_long_is_left(server, way):
    way.look_up = lambda host, port: time.sleep(120)
    begun = time.monotonic()
    with pytest.raises(NoAnswer, match="not known"):
        asked("http://example.org/", way, seconds=0.4)
    assert time.monotonic() - begun < ON_ANY_MACHINE


def test_a_certificate_has_to_be_of_the_name_and_of_today(server, tmp_path):
    context, pem = certificate("good.example", tmp_path)
    secure = Server(context)
    secure.moods["/"] = 200
    try:
        way = Loopback(server, secure, trusted=pem)
        assert asked("https://good.example/", way).status == 200
        with pytest.raises(NoAnswer, match="certificate is not valid"):
            asked("https://other.example/", way)
        with pytest.raises(NoAnswer, match="certificate is not valid"):
            asked("https://good.example/", Loopback(server, secure))
    finally:
        secure.close()
    context, pem = certificate("late.example", tmp_path, days=-1)
    secure = Server(context)
    try:
        with pytest.raises(NoAnswer, match="expired") as refused:
            asked("https://late.example/", Loopback(server, secure, trusted=pem))
        assert not isinstance(refused.value, NotTrusted)
    finally:
        secure.close()
