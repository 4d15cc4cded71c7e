"""The one normalisation of the search: of what is stored, of what is asked, on both engines.

What people type and what Word, a PDF or a telephone writes come out alike: capitals, accents,
letters with a stroke, ligatures, typographic dashes and quotes, invisible characters. It works
sign by sign, so that PostgreSQL can be given the same rules as a table (`entries.search.functions`).
"""

import unicodedata

# Read as one of the plain signs on a keyboard.
DASHES = "‐‑‒–—―−⁃﹘﹣－"
APOSTROPHES = "‘’‚‛′ʻʼʹˈꞌ`´＇"
QUOTES = "“”„‟«»‹›″〝〞〟＂"
SIGNS = dict.fromkeys(DASHES, "-") | dict.fromkeys(APOSTROPHES, "'") | dict.fromkeys(QUOTES, '"')
# Letters that Unicode does not take apart, as people write them who have no such key.
LETTERS = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ŋ": "n", "ı": "i", "ĸ": "k",
    "ƒ": "f", "ə": "e", "æ": "ae", "œ": "oe", "þ": "th", "ǥ": "g", "ʒ": "z", "ґ": "г",
    "ـ": "",  # draws an Arabic word out
}  # fmt: skip
# Between the letters of a Catalan word, which stands without it too: paral·lel.
DOTS = "·‧"
KEPT = "-'"  # between the parts of a word, until it is taken apart
MARKS = {"Mn", "Me", "Cf"}  # accents, and what nobody sees


class Folds(dict):
    """What each sign becomes, found out when it is first met."""

    def __missing__(self, number):
        folded = self[number] = "".join(map(fold, decomposed(chr(number))))
        return folded


def decomposed(sign):
    # An accent that stands alone would become a space and a mark.
    return "'" if sign in APOSTROPHES else unicodedata.normalize("NFKD", sign)


def fold(sign):
    """What a sign that cannot be taken apart any further becomes: letters, one of KEPT, or a space."""
    sign = "-" if sign in DOTS else SIGNS.get(sign, sign)
    if sign in KEPT:
        return sign
    if ord(sign) > 0xFFFF:  # pictures, and scripts that nobody writes names in today
        return " "
    if unicodedata.category(sign) in MARKS:
        return ""
    letters = unicodedata.normalize("NFKD", sign.casefold())
    folded = "".join(
        LETTERS.get(letter, letter)
        for letter in letters
        if unicodedata.category(letter) not in MARKS
    )
    return folded if folded.isalnum() or sign in LETTERS else " "


FOLDS = Folds()


class Plain(dict):
    def __missing__(self, number):
        sign = chr(number)
        invisible = unicodedata.category(sign) == "Cf"
        plain = self[number] = "" if invisible else SIGNS.get(sign, sign)
        return plain


PLAIN = Plain()


def plain(text):
    """The text with plain quotes and dashes and nothing invisible, its letters as they were."""
    return text.translate(PLAIN)


def normalise(text):
    """Lower-case letters and digits without accents, with spaces, hyphens and apostrophes between."""
    return text.translate(FOLDS)


def words_of(text):
    """The words of a text; what a hyphen or an apostrophe ties together is several."""
    return tuple(normalise(text).replace("-", " ").replace("'", " ").split())
