"""Citations as BibTeX."""

import re
from functools import lru_cache
from urllib.parse import quote

from entries.formats.base import EntryFile, EntryFormat
from entries.formats.citation import Citing
from entries.formats.text import is_person, one_line, unsplit

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# What LaTeX, BibTeX and Zotero read alike; UTF-8 is left as it is.
LATEX = str.maketrans(
    {character: f"\\{character}" for character in "#$%&_{}"}
    | {
        "\\": r"{\textbackslash}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
    }
)
SIGNS = tuple(map(chr, LATEX))
# BibTeX counts the escaped braces too, and takes an odd one for the end of a field or of all.
ODD = str.maketrans(
    {"{": "\N{FULLWIDTH LEFT CURLY BRACKET}", "}": "\N{FULLWIDTH RIGHT CURLY BRACKET}"}
)
# In an address the signs are written as addresses write what they cannot hold.
ADDRESS = str.maketrans({sign: quote(sign) for sign in "{}\\"})
# Where LaTeX would draw two marks together into one: -- into a dash, ?` into ¿.
LIGATURE = re.compile(r"(?<=([-'`]))(?=\1)|(?<=[?!])(?=`)")
# Words that a style must not write in lower case: RAN, P/CVE, eHealth, H&SC.
CAPITAL = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪĶĹĻĽŁŃŅŇŌŐŒŔŘŚŞŠŢŤŪŮŰŹŻŽ"
# And the first letter of a sentence behind another: a statement is a title of several.
ACRONYM = re.compile(
    rf"\w[\w&/’'.-]*[{CAPITAL}](?:[\w&/’'.-]*\w)?|(?<=\w )[B-Z]\b|(?<=[.?!] )[{CAPITAL}]"
)


def escaped(text):
    """The text as LaTeX; most have nothing in them that it would take for something else."""
    if any(sign in text for sign in SIGNS):
        text = text.translate(LATEX)
    if "--" in text or "''" in text or "`" in text:
        text = LIGATURE.sub("{}", text)
    return text


def balanced(text):
    """The text with no brace that has no fellow, or with others in the place of all."""
    if "{" not in text and "}" not in text:
        return text
    depth = 0
    for character in text:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            break
    return text if depth == 0 else text.translate(ODD)


def latex(text):
    return escaped(balanced(one_line(text)))


# Of what many entries say alike.
same_latex = lru_cache(maxsize=2000)(latex)


def latex_title(text):
    """The title, its acronyms in braces that keep their capitals."""
    text, pieces, end = balanced(one_line(text)), [], 0
    for match in ACRONYM.finditer(text):
        pieces += [escaped(text[end : match.start()]), f"{{{escaped(match[0])}}}"]
        end = match.end()
    return "".join([*pieces, escaped(text[end:])])


def bibtex_names(names):
    """The name of an organisation stands in braces, and is not taken apart."""
    return " and ".join(
        [same_latex(name) if is_person(name) else f"{{{same_latex(name)}}}" for name in names]
    )


def bibtex_fields(citation):
    """The fields of the citation, as LaTeX; the date last, since Zotero takes the last it meets."""
    texts = {
        **citation.bibtex_fields,
        "address": citation.place,
        "language": citation.language,
        "abstract": citation.abstract,
        "keywords": ", ".join([unsplit(tag) for tag in citation.keywords]),
        "note": " ".join(citation.notes),
    }
    address = citation.urls[0].translate(ADDRESS)
    fields = {
        "author": bibtex_names(citation.authors),
        "title": latex_title(citation.title),
        **{
            name: latex(text) if name == "abstract" else same_latex(text)
            for name, text in texts.items()
        },
        # BibTeX's own styles print no `url`, and by this end the title with a full stop.
        "howpublished": latex(address) if citation.bibtex_type == "online" else "",
        "url": address,
        "year": citation.date[:4],
        "month": citation.date[5:7],
        "date": citation.date,
    }
    return {name: value for name, value in fields.items() if value}


def bibtex_record(citation):
    fields = bibtex_fields(citation).items()
    lines = ",\n".join([f"\t{name} = {in_braces(name, value)}" for name, value in fields])
    return f"@{citation.bibtex_type}{{{citation.key},\n{lines}\n}}\n\n"


def in_braces(name, value):
    """The name of a month is a macro, which each style writes in its own way."""
    return MONTHS[int(value) - 1] if name == "month" else f"{{{value}}}"


class BibTeX:
    content_type = "application/x-bibtex; charset=utf-8"
    extension = "bib"
    label = "BibTeX"

    def chunks(self, entries):
        citing = Citing(self.request)
        for entry in entries:
            yield bibtex_record(entry.citation_class(entry, citing))


class EntryBibTeX(BibTeX, EntryFormat):
    """A list for LaTeX."""


class BibTeXFile(BibTeX, EntryFile):
    """An entry for LaTeX."""
