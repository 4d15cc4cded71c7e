from django import template
from django.utils.translation import get_language_info

register = template.Library()


@register.filter
def public(rows, at=""):
    """Those of the rows that the public may see; `at` names what of a row decides, if not itself."""
    return [row for row in rows if (getattr(row, at) if at else row).is_public]


@register.filter
def language(code):
    """The name of the language with the code; the code itself where it is not known."""
    try:
        return get_language_info(code)["name_translated"].capitalize()
    except KeyError:
        return code


@register.filter
def languages(codes):
    return [language(code) for code in codes]
