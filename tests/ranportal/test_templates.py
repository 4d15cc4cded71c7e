"""What Django's template language forgives and that of the visitors' pages does not."""

import pytest
from django.template import engines
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from jinja2 import Undefined
from markupsafe import Markup, escape

from lessons.models import Lesson
from ranportal.pages import environment
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


# What only some of their sort have.
OF_SOME = {("Practice", "in_short"), ("WorkingGroup", "successor"), ("dict", "description")}


@pytest.mark.once
@pytest.mark.django_db
def test_pages_ask_for_what_there_is_and_call_what_is_to_be_called(admin_client, monkeypatch):
    """A slip in a name shows nothing, and a method that is not called is true, whatever it says."""
    env = engines["jinja2"].env
    plain, called, lost = env.getattr, set(), set()

    def watched(thing, name):
        found = plain(thing, name)
        if isinstance(found, Undefined):
            lost.add((type(thing).__name__, name))
        elif callable(found) and not isinstance(found, type):
            called.add(name)
            return Named(name, found)
        return found

    monkeypatch.setattr(env, "getattr", watched)
    for address in PAGES.values():
        assert admin_client.get(address).status_code in (200, 404)
    assert called >= {"get_absolute_url", "all", "items", "has_next"}
    assert {each for each in lost if each[0] != "NoneType"} <= OF_SOME


@pytest.mark.once
def test_a_program_that_a_page_shows_keeps_its_indent(client, db):
    page = client.get(PAGES["API explained"]).content.decode()
    assert "\n    page = requests.get(address).json()\n" in page
    assert "\n  <" not in page


@pytest.mark.once
def test_where_there_are_several_languages_words_are_those_of_the_moment(settings, monkeypatch):
    settings.USE_I18N = True
    # What has read that setting once keeps to it.
    monkeypatch.setattr(translation, "_trans", type(translation._trans)())
    page = environment(extensions=["jinja2.ext.i18n"]).from_string('{{ _("Monday") }}')
    said = []
    for language in ("de", "fr"):
        with translation.override(language):
            said.append(page.render())
    assert said == ["Montag", "lundi"]


@pytest.mark.once
def test_a_page_escapes_whatever_it_is_given_but_what_is_markup():
    given = {
        "text": "<b> & 'so' \"on\"",
        "kind": Lesson.kind.__class__("<i>", path="", asks=""),
        "markup": Markup("<b>bold</b>"),
        "safe": mark_safe("<i>"),
        "lazy": gettext_lazy("Monday <"),
        "number": 7,
        "nothing": None,
    }
    page = environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    for name, value in given.items():
        for text in (
            f"{{{{ {name} }}}}",
            f"{{% set x %}}{{{{ {name} }}}}{{% endset %}}{{{{ x }}}}",
        ):
            assert page.from_string(text).render(given) == escape(value), name
