"""The API, asked as a script asks it."""

from urllib.parse import unquote

from tests.addresses import list_address

PROBLEM = "application/problem+json"

HOST = "http://testserver"


def api(record_or_kind):
    """The address in the API of what has this address as a page."""
    if isinstance(record_or_kind, type):
        return f"/api/v1{list_address(record_or_kind)}"
    return f"/api/v1{record_or_kind.get_absolute_url()}"


def ask(client, address, **query):
    response = client.get(address, query)
    assert response.status_code == 200, f"{address}: {response.content.decode()}"
    assert response["Content-Type"] == "application/json"
    return response.json()


def ask_all(client, address):
    """The results of a list, following `next` from page to page."""
    results = []
    while address:
        page = ask(client, address)
        results += page["results"]
        address = page["next"]
    assert len(results) == page["count"]
    return results


def problem(response, status):
    """What is wrong, in the words of an answer that has to be a problem of RFC 9457."""
    assert response.status_code == status
    assert response["Content-Type"] == PROBLEM
    told = response.json()
    ours = {"request_id"} if status == 500 else set()
    assert told.keys() == {"type", "title", "status", "detail", "instance"} | ours
    assert told["type"] == "about:blank"
    assert told["title"] == response.reason_phrase
    assert told["status"] == status
    assert unquote(told["instance"]) == response.wsgi_request.path
    return told["detail"]
