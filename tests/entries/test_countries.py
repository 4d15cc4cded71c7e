"""Countries, found by what people call them."""

import pytest
from django.urls import reverse

from entries.filters import country_choices
from entries.models import Country
from meetings.models import Meeting
from tests.desk import page_url
from tests.made import draft
from tests.pages import text_of

pytestmark = pytest.mark.django_db

CALLED = {
    "Holland": "NL",
    "Czech Republic": "CZ",
    "Great Britain": "GB",
    "turkey": "TR",
    "Macedonia": "MK",
    "ivory": "CI",
    "Kosovo": "XK",
    "Scot": "GB",
    "Austria": "AT",
}


@pytest.mark.parametrize("name", CALLED)
def test_a_country_is_found_by_its_common_name(desk, name):
    asked = {"app_label": "meetings", "model_name": "meeting", "field_name": "countries"}
    answer = desk.open(reverse("admin:autocomplete"), term=name, **asked).json()
    assert CALLED[name] in {row["id"] for row in answer["results"]}


def test_kosovo_is_a_country_under_the_code_that_everybody_may_assign(desk):
    assert Country.objects.get(pk="XK").name == "Kosovo"
    meeting = draft(Meeting, "A meeting")
    meeting.countries.set(["XK"])
    assert "Kosovo" in text_of(desk.open(page_url(Meeting, "change", meeting.pk)))


def test_a_facet_has_the_countries_in_the_order_that_the_database_has_them_in():
    assert country_choices(Meeting) == [*Country.objects.values_list("code", "name")]
