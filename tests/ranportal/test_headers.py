"""What every answer tells the browser to refuse."""

import pytest

from ranportal.headers import FEATURES

pytestmark = pytest.mark.once


def test_every_answer_refuses_what_a_device_has_and_advertising_wants(answers):
    for address, (response, _content) in answers.items():
        policy = response["Permissions-Policy"].split(", ")
        assert {f"{feature}=()" for feature in FEATURES} <= {*policy}, address
        assert {"camera=()", "geolocation=()", "browsing-topics=()"} <= {*policy}, address
        assert "publickey-credentials-get=(self)" in policy, address


def test_only_what_other_sites_may_read_may_they_load(answers):
    open_to_all = (".csv", ".xlsx", ".ris", ".bib", ".atom", ".ics", ".jsonld", ".ttl", ".docx")
    for address, (response, _content) in answers.items():
        path = address.partition("?")[0]
        is_open = path.startswith("/api/") or path == "/unapi" or path.endswith(open_to_all)
        expected = "cross-origin" if is_open else "same-origin"
        assert response["Cross-Origin-Resource-Policy"] == expected, address


@pytest.mark.parametrize("path", ["/nothing/", "/admin/", "/curators/login/", "/nothing.csv"])
def test_refusals_and_the_desk_say_so_as_well(client, db, path):
    response = client.get(path)
    assert response["Permissions-Policy"].startswith("accelerometer=()")
    assert response["Cross-Origin-Resource-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
