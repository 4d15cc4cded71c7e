"""Words of the interface and dates in words, looked up once: a file says the same of thousands."""

from functools import lru_cache

from django.utils import formats, translation


@lru_cache(maxsize=2000)
def in_language(language, message):
    return translation.gettext(message)


def gettext(message):
    """What `django.utils.translation.gettext` gives."""
    return in_language(translation.get_language(), message)


@lru_cache(maxsize=5000)
def day_in_language(language, day, form):
    return formats.date_format(day, form)


def first_words(text, most):
    """What Django's Truncator gives of a text, which takes many times as long."""
    words = text.split()
    return " ".join(words[:most]) + "…" * (len(words) > most)


def date_format(day, form):
    """What `django.utils.formats.date_format` gives for a date."""
    return day_in_language(translation.get_language(), day, form)
