"""What people call countries beside the name that ISO 3166 has for them."""

# In small letters; what is called by several of these is found by each. XK is no code of ISO's
# but one that everybody may assign, and that the EU's own tables use for Kosovo.
COMMON = {
    "holland": "NL",
    "the netherlands": "NL",
    "czech republic": "CZ",
    "turkey": "TR",
    "uk": "GB",
    "u.k.": "GB",
    "great britain": "GB",
    "britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "england and wales": "GB",
    "usa": "US",
    "u.s.": "US",
    "u.s.a.": "US",
    "united states": "US",
    "america": "US",
    "republic of ireland": "IE",
    "eire": "IE",
    "republic of cyprus": "CY",
    "slovak republic": "SK",
    "fyrom": "MK",
    "macedonia": "MK",
    "republic of moldova": "MD",
    "moldova": "MD",
    "bosnia": "BA",
    "bosnia & herzegovina": "BA",
    "russia": "RU",
    "kosovo": "XK",
    "syria": "SY",
    "vatican city": "VA",
    "ivory coast": "CI",
    "cape verde": "CV",
    "swaziland": "SZ",
    "burma": "MM",
    "east timor": "TL",
    "south korea": "KR",
    "north korea": "KP",
    "iran": "IR",
    "palestine": "PS",
    "laos": "LA",
    "vietnam": "VN",
    "tanzania": "TZ",
    "congo": "CD",
}


def called(text):
    """The codes of the countries of which a common name begins with the text, or a word of it does."""
    text = " ".join(text.casefold().split())
    if not text:
        return set()
    return {code for name, code in COMMON.items() if f" {text}" in f" {name}"}
