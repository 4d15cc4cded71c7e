"""What the templates of visitors' pages (`pages/`) may use beside their context.

Filters that Django has are Django's, so that they read as they do in the admin's templates.
"""

import re
from functools import cache, lru_cache, partial
from sys import getsizeof

from django.conf import settings
from django.template import defaultfilters
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString, mark_safe
from jinja2 import Environment

from records.memory import at_hand, remembered

DJANGOS = (
    "add",
    "capfirst",
    "date",
    "default",
    "linebreaks",
    "linebreaksbr",
    "time",
    "truncatechars",
    "truncatewords",
    "urlencode",
)
DAYS_KNOWN = 2000  # moments in words; a page has half a dozen, mostly the same as the one before


def environment(**options):
    """Named in settings.TEMPLATES."""
    made = Environment(**options)
    made.install_gettext_translations(translation)
    made.filters |= {name: of_django(name) for name in DJANGOS}
    ours = (public, language, languages, named, counted, unbroken, folded, json_ld)
    made.filters |= {each.__name__: each for each in ours}
    made.globals |= {
        "_": words if settings.USE_I18N else partial(in_language, settings.LANGUAGE_CODE),
        "get_language": translation.get_language,
        "mark": mark,
        "marks": marks,
        "now": now,
        "piece": piece,
        "static": cache(static),
        "url": url,
    }
    return made


def of_django(name):
    """Django's filter of that name. Its own templates bring it the time as it is here."""
    known = defaultfilters.register.filters[name]
    if not getattr(known, "expects_localtime", False):
        return known

    @lru_cache(maxsize=DAYS_KNOWN)
    def told(language, value, *args):
        return known(timezone.template_localtime(value), *args)

    return lambda value, *args: told(translation.get_language(), value, *args)


def words(message):
    return in_language(translation.get_language(), message)


@cache
def in_language(language, message):
    return mark_safe(translation.gettext(message))


def url(name, *args, **kwargs):
    return reverse(name, args=args, kwargs=kwargs)


def now(form):
    return defaultfilters.date(timezone.localdate(), form)


def piece(name, *keys, caller):
    """A piece of a page that is the same wherever these values are, made once.

    {% call piece("entries/_listed.html", entry.pk, …) %}, with the name of its template.
    """
    if not at_hand():
        return caller()
    return remembered(("piece", name, *map(str, keys)), caller, weight=getsizeof)


def public(rows, at=""):
    """Those of the rows that the public may see; `at` names what of a row decides, if not itself."""
    return [row for row in rows if (getattr(row, at) if at else row).is_public]


@cache
def mark(kind):
    """The sign of a kind, beside words that say the same (its shapes: `_shapes.html`)."""
    return format_html(
        '<svg class="mark {0}" viewBox="0 0 24 24" aria-hidden="true"><use href="#{0}"/></svg>',
        kind,
    )


def marks(cell, here=None, in_page=False):
    """The marks of a place of the map, as links; `here` is that of the entry whose page it is."""
    if in_page:
        return mark_safe("".join([mark.link_in_page for mark in cell.marks]))
    links = [mark.link_here if mark is here else mark.link for mark in cell.marks]
    return mark_safe("".join(links))


def language(code):
    """The name of the language with the code; the code itself where it is not known."""
    try:
        return translation.get_language_info(code)["name_translated"].capitalize()
    except KeyError:
        return code


def languages(codes):
    return [language(code) for code in codes]


def named(kind, count):
    return kind.named(count)


def counted(kind, count):
    return kind.counted(count)


# A figure and its sign, a page and its number: a line that ends between them is misread.
# It begins with the space itself, the one sign that a search goes straight to.
TIED = re.compile(r" (?:(?=[%‰€°])(?<=\d )|(?=\d)(?:(?<=\bp\. )|(?<=\bpp\. )))")


def unbroken(text):
    """The text as it is shown: what belongs together stays on one line."""
    tied = TIED.sub("\N{NO-BREAK SPACE}", str(text or ""))
    return mark_safe(tied) if isinstance(text, SafeString) else tied


OPTIONS_SHOWN = 6


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


def json_ld(data):
    """The data as a block that a browser does not run, and that no text in it can leave."""
    block = json_script(data)
    return mark_safe(block.replace("application/json", "application/ld+json", 1))
