"""An address with filters, once valid, holds through what is renamed."""

import pytest
from taggit.models import Tag

from meetings.groups import WorkingGroup
from themes.models import Theme

pytestmark = [pytest.mark.usefixtures("unchanged_db"), pytest.mark.once]


def renamed(record, slug):
    record.slug = slug
    record.save()


def lead(client, address):
    response = client.get(address)
    assert (response.status_code, response["Cache-Control"]) == (301, "no-cache"), address
    return response["Location"]


def rename_all():
    renamed(Theme.objects.get(slug="ethics"), "ethics-renamed")
    renamed(Tag.objects.get(name="prison"), "gaol")
    renamed(WorkingGroup.objects.get(slug="ran-health"), "ran-mental-health")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/lessons/", "/lessons.csv", "/lessons.atom", "/new.atom"])
def test_a_renamed_theme_or_tag_is_followed_inside_a_query(client, path):
    rename_all()
    assert lead(client, f"{path}?theme=ethics&theme=work&tag=prison") == (
        f"{path}?theme=ethics-renamed&theme=work&tag=gaol"
    )


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/papers/", "/papers.ris", "/api/v1/papers/"])
def test_a_renamed_group_and_a_renamed_parameter_are_followed(client, path):
    rename_all()
    address = f"{path}?kind=issue&group=ran-health"
    assert lead(client, address) == f"{path}?type=issue&group=ran-mental-health"
    assert client.get(lead(client, address)).status_code == 200


def test_a_page_of_the_api_keeps_its_number(client):
    assert lead(client, "/api/v1/papers/?page=2&kind=issue") == "/api/v1/papers/?type=issue&page=2"


@pytest.mark.django_db
def test_a_slug_that_never_was_is_refused_as_before(client):
    rename_all()
    response = client.get("/lessons.csv?theme=ethic")
    assert response.status_code == 400
    assert "ethic" in response.content.decode()


@pytest.mark.parametrize(
    "path", ["/meetings.ics", "/lessons.atom", "/new.atom", "/api/v1/lessons/"]
)
def test_what_mail_and_calendar_programs_add_to_an_address_is_let_by(client, path):
    response = client.get(f"{path}?utm_source=mail&nocache=1&_=17&fbclid=x")
    assert response.status_code == 200
    assert client.get(f"{path}?utm=1").status_code == 400
