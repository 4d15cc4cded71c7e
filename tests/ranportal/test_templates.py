"""What Django's template language forgives and that of the visitors' pages does not."""

import pytest
from django.template import engines
from jinja2 import Undefined

from tests.browser.pages import PAGES


class Named:
    """What can be called, as a template names it: it may be called, and no more."""

    def __init__(self, name, found):
        self._name, self._found = name, found

    def __call__(self, *args, **kwargs):
        return self._found(*args, **kwargs)

    def __getattr__(self, name):
        return getattr(self._found, name)

    def refuse(self, *args):
        raise AssertionError(f"A template shows or asks “{self._name}” and does not call it.")

    __bool__ = __str__ = __html__ = __iter__ = __len__ = __eq__ = __hash__ = refuse


@pytest.mark.once
@pytest.mark.django_db
def test_no_page_shows_a_method_or_takes_one_for_an_answer(admin_client, monkeypatch):
    """A method that is not called is true, whatever it would have said."""
    env = engines["jinja2"].env
    plain, named = env.getattr, set()

    def watched(thing, name):
        found = plain(thing, name)
        if not callable(found) or isinstance(found, (type, Undefined)):
            return found
        named.add(name)
        return Named(name, found)

    monkeypatch.setattr(env, "getattr", watched)
    for address in PAGES.values():
        assert admin_client.get(address).status_code in (200, 404)
    assert named >= {"get_absolute_url", "all", "items", "has_next"}
