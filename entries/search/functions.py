"""What the database can do with words: the same on both engines.

`portal_normalised(text)`  as `entries.search.normalise.normalise`; what lists are sorted by
`portal_words(text)`       the words that a search document holds
`portal_joined(text)`      the same without hyphens and apostrophes; nothing where there are none
`portal_likeness(text)`    a digest of its letters and figures alone; nothing where there are none

SQLite calls Python for them: every connection of Django's has them, and any other program that
would write to a searched table is refused ('no such function') rather than leave a document
stale. PostgreSQL has the rules written out as SQL.
"""

import re
import unicodedata
from functools import cache, lru_cache
from hashlib import md5

import snowballstemmer
from django.db.models import CharField, Func, TextField
from django.utils.deconstruct import deconstructible

from entries.search.normalise import APOSTROPHES, KEPT, fold, normalise, words_of

CONFIGURATION = "ranportal"  # PostgreSQL's: English stems without stop words


@deconstructible
class Normalised(Func):
    """A text as people sort it: Ärzte beside Arzt, København beside Kobenhavn."""

    function = "portal_normalised"
    output_field = TextField()


class Likeness(Func):
    """Alike for two texts that differ in case, accents, spaces and signs alone."""

    function = "portal_likeness"
    output_field = CharField()


def likeness(text):
    letters = "".join(words_of(text))
    return md5(letters.encode(), usedforsecurity=False).hexdigest() if letters else ""


@lru_cache(maxsize=200_000)
def stem(word):
    """The English stem of a normalised word, as PostgreSQL's dictionary finds it too."""
    # By a stemmer of its own: it has the word it is at in it, and other threads ask meanwhile.
    return snowballstemmer.stemmer("english").stemWord(word)


# --- SQLite --------------------------------------------------------------------


def stems_of(text):
    return " ".join(map(stem, words_of(text)))


def joined(text):
    folded = normalise(text)
    if not any(sign in folded for sign in KEPT):
        return ""
    return " ".join(map(stem, folded.replace("-", "").replace("'", "").split()))


def give_sqlite(connection, **kwargs):
    """Receives `connection_created`."""
    if connection.vendor != "sqlite":
        return
    for name, function in (
        ("portal_normalised", normalise),
        ("portal_words", stems_of),
        ("portal_joined", joined),
        ("portal_likeness", likeness),
    ):
        connection.connection.create_function(
            name, 1, lambda text, f=function: None if text is None else f(text), deterministic=True
        )
    # By itself SQLite compares without case in ASCII only: 'ørsted' would not find Ørsted.
    connection.connection.create_function("like", 2, like, deterministic=True)
    connection.connection.create_function("like", 3, like, deterministic=True)


def like(pattern, text, escape=None):
    """LIKE without case in every alphabet, as PostgreSQL has it."""
    if pattern is None or text is None:
        return None
    return bool(like_pattern(str(pattern), escape).fullmatch(str(text)))


@lru_cache(maxsize=500)
def like_pattern(pattern, escape):
    signs = {"%": ".*", "_": "."}
    pieces, characters = [], iter(pattern)
    for character in characters:
        if character == escape:
            character = next(characters, "")
            pieces.append(re.escape(character))
        else:
            pieces.append(signs.get(character) or re.escape(character))
    return re.compile("".join(pieces), re.IGNORECASE | re.DOTALL)


# --- PostgreSQL ----------------------------------------------------------------


@cache
def rules():
    """What PostgreSQL does to each sign, as (gone, spaces, {sign: sign}, {sign: letters})."""
    gone, spaces, one, several = [], [], {}, {}
    for number in range(1, 0x10000):
        sign = chr(number)
        if 0xD800 <= number < 0xE000 or unicodedata.normalize("NFKD", sign) != sign:
            continue
        folded = fold(sign)
        if folded == "":
            gone.append(number)
        elif folded == " ":
            spaces.append(number)
        elif folded != sign:
            (one if len(folded) == 1 else several)[sign] = folded
    return ranges(gone), ranges([*spaces, 0x10FFFF]), one, several


def ranges(numbers):
    """The numbers as the inside of a bracket expression."""
    found = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return "".join(rf"\u{a:04X}-\u{b:04X}" for a, b in found if b <= 0xFFFF)


def postgresql_functions():
    """The statements that make the functions."""
    gone, spaces, one, several = rules()
    early = "".join(sign for sign in APOSTROPHES if unicodedata.normalize("NFKD", sign) != sign)
    n = f"normalize(translate(t, '{early}', '{chr(39) * 2 * len(early)}'), NFKD)"
    n = f"regexp_replace({n}, '[{gone}]', '', 'g')"
    n = f"translate({n}, '{quoted(one)}', '{quoted(one.values())}')"
    for sign, letters in several.items():
        n = f"replace({n}, '{sign}', '{letters}')"
    n = rf"regexp_replace({n}, '[{spaces}\U00010000-\U0010FFFF]', ' ', 'g')"
    capitals, small = "ABCDEFGHIJKLMNOPQRSTUVWXYZ`", "abcdefghijklmnopqrstuvwxyz''"
    ascii_ = f"regexp_replace(translate(t, '{capitals}', '{small}'), '[^a-z0-9''-]', ' ', 'g')"
    words = "translate(portal_normalised(t), '-''', '  ')"
    return [
        "CREATE OR REPLACE FUNCTION portal_normalised(t text) RETURNS text LANGUAGE plpgsql"
        " IMMUTABLE STRICT PARALLEL SAFE AS $$ BEGIN IF t ~ '^[\\x01-\\x7f]*$'"
        f" THEN RETURN {ascii_}; END IF; RETURN {n}; END $$",
        "CREATE OR REPLACE FUNCTION portal_words(t text) RETURNS text LANGUAGE sql IMMUTABLE"
        f" STRICT PARALLEL SAFE AS $$ SELECT {words} $$",
        "CREATE OR REPLACE FUNCTION portal_joined(t text) RETURNS text LANGUAGE sql IMMUTABLE"
        " STRICT PARALLEL SAFE AS $$ SELECT CASE WHEN n ~ '[-'']' THEN"
        " replace(replace(n, '-', ''), '''', '') ELSE '' END"
        " FROM (SELECT portal_normalised(t) AS n) s $$",
        # An index is kept of it, and whatever keeps an index looks for functions nowhere.
        "CREATE OR REPLACE FUNCTION portal_likeness(t text) RETURNS text LANGUAGE sql IMMUTABLE"
        " STRICT PARALLEL SAFE SET search_path FROM CURRENT AS"
        " $$ SELECT CASE WHEN n = '' THEN '' ELSE md5(n) END"
        " FROM (SELECT translate(portal_normalised(t), ' -''', '') AS n) s $$",
    ]


def quoted(signs):
    return "".join("''" if sign == "'" else sign for sign in signs)


def give_postgresql(connection):
    """Make the functions, and the configuration that finds stems.

    Of several processes that migrate at once one goes on, and the others after it: PostgreSQL
    refuses to have a function made anew by two.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [CONFIGURATION])
        for statement in postgresql_functions():
            cursor.execute(statement)
        cursor.execute("SELECT 1 FROM pg_ts_config WHERE cfgname = %s", [CONFIGURATION])
        if cursor.fetchone():
            return
        cursor.execute(
            f"CREATE TEXT SEARCH DICTIONARY {CONFIGURATION}_stem"
            " (TEMPLATE = snowball, Language = english)"
        )
        cursor.execute(f"CREATE TEXT SEARCH CONFIGURATION {CONFIGURATION} (COPY = simple)")
        cursor.execute(
            f"ALTER TEXT SEARCH CONFIGURATION {CONFIGURATION} ALTER MAPPING FOR asciiword, word,"
            " asciihword, hword, hword_asciipart, hword_part, numword, hword_numpart, numhword"
            f" WITH {CONFIGURATION}_stem"
        )
