from django import template
from django.utils.translation import get_language_info

register = template.Library()


@register.filter
def public(rows):
    """Those of the entries that the public may see; of uptakes, those by such an entry."""
    return [row for row in rows if getattr(row, "entry", row).is_public]


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
