"""Writes the portal's serif, static/fonts/guide-*.woff2, and prints the metrics of its fallbacks.

It is a subset of Source Serif 4: one variable file for each script, at the optical size of
our statements, with the weights that the pages use. What is cut down is no longer Source Serif,
so it has a name of its own. Run by hand, when the font is to change:

    .venv/bin/python -m pip install fontpkg-source-serif-4 fonttools brotli
    .venv/bin/python fonts/make.py
"""

from importlib.metadata import files
from pathlib import Path

from fontTools.subset import Options, Subsetter, parse_unicodes
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

NAME = "Guide Serif"
TARGET = Path(__file__).parent.parent / "static" / "fonts"
AXES = {"opsz": 22, "wght": (400, 400, 600)}
# As the stylesheet's `unicode-range` has them.
SCRIPTS = {
    "latin": "20-7E,A0-FF,131,152-153,2BB-2BC,2C6,2DA,2DC,2010-2015,2018-201A,201C-201E,"
    "2020-2022,2026,2030,2032-2033,2039-203A,2044,20AC,2122,2190-2193,2212,2215",
    "latin-ext": "100-130,132-151,154-24F,1E00-1E9F,1EF2-1EFF",
    "greek": "370-3FF",
    "cyrillic": "400-45F,490-491,2116",
}
FEATURES = ["kern", "liga", "ccmp", "locl"]
# What most English text is made of, to compare how wide fonts run.
SAMPLE = (
    "Childhood trauma can have long-lasting effects on the health and social development of a "
    "child. Professionals can do effective work with radicalised children, but only by becoming "
    "trauma-aware and keeping to trauma-informed practice."
)


def whole():
    path = next(path for path in files("fontpkg-source-serif-4") if "4[" in path.name)
    return TTFont(path.locate())


def written(script, unicodes):
    font = instantiateVariableFont(whole(), AXES)
    options = Options()
    options.layout_features = FEATURES
    options.flavor = "woff2"
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 6, 13, 14]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=parse_unicodes(unicodes))
    subsetter.subset(font)
    for record in list(font["name"].names):
        renamed = {1: NAME, 3: f"{NAME} {script}", 4: NAME, 6: NAME.replace(" ", "")}
        if record.nameID in renamed:
            font["name"].setName(renamed[record.nameID], record.nameID, *name_key(record))
    font.flavor = "woff2"
    path = TARGET / f"guide-{script}.woff2"
    font.save(path)
    return path


def name_key(record):
    return record.platformID, record.platEncID, record.langID


def width(font):
    """How wide the sample runs, in ems."""
    glyphs, advances = font.getBestCmap(), font["hmtx"]
    return sum(advances[glyphs[ord(sign)]][0] for sign in SAMPLE) / font["head"].unitsPerEm


def fallback(ours, path):
    """What makes the lines of another font as long and as high as ours."""
    size = width(ours) / width(TTFont(path))
    metrics, em = ours["hhea"], ours["head"].unitsPerEm * size
    return (
        f"{Path(path).name}: size-adjust {size:.2%}, ascent-override {metrics.ascent / em:.2%}, "
        f"descent-override {-metrics.descent / em:.2%}, line-gap-override {metrics.lineGap / em:.2%}"
    )


if __name__ == "__main__":
    import sys

    for script, unicodes in SCRIPTS.items():
        path = written(script, unicodes)
        sys.stdout.write(f"{path.name}: {path.stat().st_size} bytes\n")
    ours = instantiateVariableFont(whole(), AXES | {"wght": 400})
    for path in sys.argv[1:]:
        sys.stdout.write(fallback(ours, path) + "\n")
