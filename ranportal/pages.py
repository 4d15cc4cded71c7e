"""What the templates of visitors' pages (`pages/`) may use beside their context.

Filters that Django has are Django's, so that they read as they do in the admin's templates. `date`
is ours: days alone, each in words once.
"""

import re
from datetime import datetime
from functools import cache, partial
from sys import getsizeof

import jinja2
from django.conf import settings
from django.template import defaultfilters
from django.templatetags.static import static
from django.utils import translation
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString, mark_safe
from jinja2.compiler import CodeGenerator
from jinja2.ext import Extension
from jinja2.lexer import Token
from markupsafe import _escape_inner

from records.addresses import address
from records.memory import at_hand, remembered
from records.moments import day_here, today
from records.words import date_format

DJANGOS = (
    "add",
    "capfirst",
    "default",
    "linebreaks",
    "linebreaksbr",
    "time",
    "truncatechars",
    "truncatewords",
    "urlencode",
)


class Context(jinja2.runtime.Context):
    """Jinja's own asks three times of whatever a template calls whether it wants the context first:
    a page calls hundreds of functions, and none of them does."""

    def call(self, called, /, *args, _loop_vars=None, _block_vars=None, **kwargs):
        return called(*args, **kwargs)


def written(value):
    """A value as it stands in a page: escaped as Jinja's own `escape` does it, which makes a Markup
    of each, at twice the price, only for it to be joined with the others."""
    if type(value) is str:
        return _escape_inner(value)
    if hasattr(value, "__html__"):
        return value.__html__()
    return _escape_inner(str(value))


class Code(CodeGenerator):
    """Jinja's own, with `written` for its `escape` where a value is put out."""

    def _output_child_pre(self, node, frame, finalize):
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.written(")


class Environment(jinja2.Environment):
    """Jinja's own, with the globals of a template as one dictionary: its chain of two is gone through
    anew for each page, and for each fragment in it."""

    code_generator_class, context_class = Code, Context
    written = staticmethod(written)

    def make_globals(self, d):
        return {**self.globals, **(d or {})}


def environment(**options):
    """Named in settings.TEMPLATES."""
    made = Environment(**options)
    made.install_gettext_translations(translation)
    made.add_extension(Unindented)
    if not settings.USE_I18N:
        made.add_extension(InOneLanguage)
    made.filters |= {name: defaultfilters.register.filters[name] for name in DJANGOS}
    ours = (date, public, language, languages, named, counted, unbroken, folded, json_ld)
    made.filters |= {each.__name__: each for each in ours}

    def macros(name):
        """Of a template whose name is told when the page is made."""
        return made.get_template(name).module

    made.globals |= {
        "_": words if settings.USE_I18N else partial(in_language, settings.LANGUAGE_CODE),
        "get_language": translation.get_language,
        "listed": partial(listed, macros),
        "macros": macros,
        "mark": mark,
        "marks": marks,
        "now": now,
        "piece": piece,
        "static": cache(static),
        "url": address,
    }
    return made


class Unindented(Extension):
    """Templates are indented for who reads them; nobody waits for that in a page."""

    INDENT = re.compile(r"(<pre>.*?</pre>)|^[ \t]+", re.MULTILINE | re.DOTALL)

    def preprocess(self, source, name, filename=None):
        return self.INDENT.sub(r"\1", source)


class InOneLanguage(Extension):
    """Where there is one language, {{ _("…") }} is looked up once: when the template is read."""

    SAID = ["variable_begin", "name", "lparen", "string", "rparen", "variable_end"]

    def filter_stream(self, stream):
        tokens = list(stream)
        while tokens:
            here = tokens[: len(self.SAID)]
            if [token.type for token in here] == self.SAID and here[1].value == "_":
                yield Token(here[0].lineno, "data", words(here[3].value))
                del tokens[: len(self.SAID)]
            else:
                yield tokens.pop(0)


def words(message):
    return in_language(translation.get_language(), message)


@cache
def in_language(language, message):
    return mark_safe(translation.gettext(message))


def date(moment, form):
    """The day of a moment as it is here, or a day, in words; nothing of none."""
    if not moment:
        return ""
    return date_format(day_here(moment) if isinstance(moment, datetime) else moment, form)


def now(form):
    return date_format(today(), form)


MOST_PIECES = 10  # of one record


def piece(name, *keys, pieces=None, caller):
    """A piece of a page that is the same wherever these values are, made once.

    {% call piece("entries/_listed.html", entry.pk, …) %}, with the name of its template. It is put
    among the `pieces` of what it shows, where that has any.
    """
    if pieces is not None:
        key = (name, *keys)
        if (found := pieces.get(key)) is None:
            if len(pieces) >= MOST_PIECES:  # its number on a page changes with those before it
                pieces.clear()
            found = pieces[key] = caller()
        return found
    if not at_hand():
        return caller()
    return remembered(("piece", name, *map(str, keys)), caller, weight=getsizeof)


def listed(macros, entry, number="", name="", hide_themes=False, to_brief=False, to_compare=False):
    """An entry readable in place. A page has up to a hundred, nearly all of them made before: a macro
    that looked them up would take most of the time of the page."""
    how = (number, name, hide_themes, to_brief, to_compare)
    template = "entries/_listed.html"
    return piece(
        template,
        entry.kind,
        entry.pk,
        *how,
        entry.found_text,
        pieces=entry.pieces,
        caller=lambda: macros(template).listed(entry, *how),
    )


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
