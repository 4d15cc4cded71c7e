import re

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info

register = template.Library()


@register.filter
def public(rows, at=""):
    """Those of the rows that the public may see; `at` names what of a row decides, if not itself."""
    return [row for row in rows if (getattr(row, at) if at else row).is_public]


@register.simple_tag
def marks(cell, here=None, in_page=False):
    """The marks of a place of the map, as links."""
    return mark_safe("".join([mark.linked(here, in_page) for mark in cell.marks]))


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


@register.simple_tag
def mark(kind):
    """The sign of a kind, beside words that say the same (its shapes: `_shapes.html`)."""
    return format_html(
        '<svg class="mark {0}" viewBox="0 0 24 24" aria-hidden="true"><use href="#{0}"/></svg>',
        kind,
    )


@register.filter
def named(kind, count):
    return kind.named(count)


@register.filter
def counted(kind, count):
    return kind.counted(count)


# A figure and its sign, a page and its number: a line that ends between them is misread.
TIED = re.compile(r"(?<=\d) (?=[%‰€°])|(?<=\bp\.) (?=\d)|(?<=\bpp\.) (?=\d)")


@register.filter(is_safe=True)
def unbroken(text):
    """The text as it is shown: what belongs together stays on one line."""
    tied = TIED.sub("\N{NO-BREAK SPACE}", str(text or ""))
    return mark_safe(tied) if isinstance(text, SafeString) else tied


OPTIONS_SHOWN = 6


@register.filter
def folded(facet):
    """The options of a facet: those shown at once, and the rest, one press away.

    In a tree the chosen ones and the main themes stand first, what has an order keeps it,
    elsewhere what occurs most is first.
    """
    options = list(facet["options"])
    if len(options) <= OPTIONS_SHOWN:
        return {"shown": options, "rest": []}
    if any(option.depth for option in options):
        shown = [option for option in options if not option.depth or option.selected]
    else:
        most = sorted(
            options,
            key=lambda option: (not option.selected, 0 if facet["in_order"] else -option.count),
        )
        shown = most[: max(OPTIONS_SHOWN, sum(option.selected for option in options))]
    return {"shown": shown, "rest": [option for option in options if option not in shown]}
