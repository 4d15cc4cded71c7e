"""What a PDF page draws as text: each run with its place, size, weight and tag.

pypdf reads the file, its fonts and its operators. Its own extraction gives lines of text;
recipes also need where a line stands, in which size, and under which tag.
"""

from dataclasses import dataclass

from pypdf.generic import ArrayObject, ContentStream, DictionaryObject
from pypdf.generic._font import Font

from imports.formats.block import Unreadable

MOST_OPERATIONS = 400_000  # of one page
MOST_CHARACTERS = 6_000_000  # of the document
IDENTITY = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass
class Run:
    """A piece of text drawn at once."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    mcid: int | None = None
    artifact: bool = False
    upright: bool = True
    drawn: bool = False  # a small shape, such as a list's dot, and no letter


def times(a, b):
    """The product of two matrices as PDF writes them."""
    return (
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    )


class Content:
    """Walks the operators of one page."""

    def __init__(self, reader, page, fonts):
        self.reader, self.fonts, self.runs, self.operations = reader, fonts, [], 0
        self.ctm, self.stack, self.marked = IDENTITY, [], []
        self.state = {
            "Tc": 0.0,
            "Tw": 0.0,
            "Tz": 1.0,
            "TL": 0.0,
            "Ts": 0.0,
            "font": None,
            "size": 1.0,
        }
        self.tm = self.tlm = IDENTITY
        self.path = []
        resources = page.get("/Resources")
        contents = page.get_contents()
        if contents is not None:
            self._walk(
                contents, resources.get_object() if resources is not None else DictionaryObject(), 0
            )

    def _walk(self, contents, resources, depth):
        stream = (
            contents
            if isinstance(contents, ContentStream)
            else ContentStream(contents, self.reader)
        )
        for operands, operator in stream.operations:
            self.operations += 1
            if self.operations > MOST_OPERATIONS:
                raise Unreadable("A page of the PDF draws more than the portal reads.")
            try:
                self._operator(
                    operator.decode("latin-1") if isinstance(operator, bytes) else operator,
                    operands,
                    resources,
                    depth,
                )
            except (IndexError, KeyError, TypeError, ValueError, AttributeError):
                continue  # a broken operator costs its own text only

    def _operator(self, name, args, resources, depth):
        state = self.state
        if name in ("Tj", "'", '"'):
            if name == '"':
                state["Tw"], state["Tc"] = float(args[0]), float(args[1])
            if name != "Tj":
                self._next_line()
            self._show([args[-1]])
        elif name == "TJ":
            self._show(args[0])
        elif name == "BT":
            self.tm = self.tlm = IDENTITY
        elif name in ("Td", "TD"):
            if name == "TD":
                state["TL"] = -float(args[1])
            self.tlm = self.tm = times((1, 0, 0, 1, float(args[0]), float(args[1])), self.tlm)
        elif name == "Tm":
            self.tlm = self.tm = tuple(float(value) for value in args)
        elif name == "T*":
            self._next_line()
        elif name in ("Tc", "Tw", "TL", "Ts"):
            state[name] = float(args[0])
        elif name == "Tz":
            state["Tz"] = float(args[0]) / 100
        elif name == "Tf":
            state["font"], state["size"] = self._font(args[0], resources), float(args[1])
        elif name == "cm":
            self.ctm = times(tuple(float(value) for value in args), self.ctm)
        elif name in ("m", "l", "c", "v", "y", "re"):
            self._trace(name, args)
        elif name in ("f", "F", "f*", "B", "B*", "b", "b*"):
            self._fill()
        elif name in ("S", "s"):
            self._fill("◦")
        elif name == "n":
            self.path = []
        elif name == "q":
            self.stack.append((self.ctm, dict(state)))
        elif name == "Q" and self.stack:
            self.ctm, self.state = self.stack.pop()
        elif name in ("BMC", "BDC"):
            self._mark(args, resources)
        elif name == "EMC" and self.marked:
            self.marked.pop()
        elif name == "Do" and depth < 6:
            self._draw(args[0], resources, depth)

    def _trace(self, name, args):
        values = [float(value) for value in args]
        if name == "re":
            x, y, width, height = values
            values = [x, y, x + width, y + height]
        if len(self.path) < 200:
            self.path += [
                times((1, 0, 0, 1, x, y), self.ctm)[4:]
                for x, y in zip(values[::2], values[1::2], strict=True)
            ]

    def _fill(self, sign="•"):
        """A small square or round shape may be the dot of a list: some programs draw it."""
        path, self.path = self.path, []
        if len(path) < 2 or len(self.runs) > 100_000:
            return
        xs, ys = [x for x, _ in path], [y for _, y in path]
        width, height = max(xs) - min(xs), max(ys) - min(ys)
        if 1.2 <= width <= 8 and 0.7 <= height / width <= 1.4:
            self.runs.append(Run(sign, min(xs), max(xs), min(ys), 2 * height, False, drawn=True))

    def _next_line(self):
        self.tlm = self.tm = times((1, 0, 0, 1, 0, -self.state["TL"]), self.tlm)

    def _mark(self, args, resources):
        properties = args[1] if len(args) > 1 else None
        if isinstance(properties, str):
            properties = resources["/Properties"].get_object()[properties].get_object()
        properties = properties if isinstance(properties, DictionaryObject) else {}
        mcid, instead = properties.get("/MCID"), properties.get("/ActualText")
        self.marked.append(
            {
                "mcid": int(mcid) if mcid is not None else None,
                "artifact": args[0] == "/Artifact",
                "instead": str(instead) if instead is not None else None,
                "said": False,
            }
        )

    def _draw(self, name, resources, depth):
        drawn = resources["/XObject"].get_object()[name].get_object()
        if drawn.get("/Subtype") != "/Form":
            return
        kept = self.ctm, dict(self.state), list(self.stack)
        matrix = drawn.get("/Matrix")
        if matrix is not None:
            self.ctm = times(tuple(float(value) for value in matrix), self.ctm)
        own = drawn.get("/Resources")
        self._walk(drawn, own.get_object() if own is not None else resources, depth + 1)
        self.ctm, self.state, self.stack = kept

    def _font(self, name, resources):
        entry = resources["/Font"].get_object().raw_get(name)
        key = getattr(entry, "idnum", None) or id(entry.get_object())
        if key not in self.fonts:
            dictionary = entry.get_object()
            try:
                font = Font.from_font_resource(dictionary)
            except Exception:
                font = None
            self.fonts[key] = font
        return self.fonts[key]

    # --- Text

    def _show(self, pieces):
        state, font = self.state, self.state["font"]
        if font is None:
            return
        size, stretch = state["size"], state["Tz"]
        start = times((size * stretch, 0, 0, size, 0, state["Ts"]), times(self.tm, self.ctm))
        text, advance = "", 0.0
        for piece in pieces if isinstance(pieces, (list, ArrayObject)) else [pieces]:
            if isinstance(piece, (int, float)):
                shift = -float(piece) / 1000 * size * stretch
                if shift > 0.17 * abs(size) * stretch and text and not text[-1].isspace():
                    text += " "
                advance += shift
                continue
            shown, width = self._decoded(font, piece)
            text += shown
            advance += width
        self.tm = times((1, 0, 0, 1, advance, 0), self.tm)
        end = times((size * stretch, 0, 0, size, 0, state["Ts"]), times(self.tm, self.ctm))
        self._add(text, start, end, font)

    def _decoded(self, font, piece):
        """The text of a string operand and how far it moves on."""
        state = self.state
        if isinstance(piece, str):
            data = (
                piece.original_bytes
                if hasattr(piece, "original_bytes")
                else piece.encode("latin-1", "replace")
            )
        else:
            data = bytes(piece)
        if isinstance(font.encoding, str):
            raw = data.decode(font.encoding, "replace") if font.encoding else data.decode("latin-1")
            named = raw
        else:
            raw = data.decode("latin-1")
            named = "".join(font.encoding.get(code, chr(code)) for code in data)
        text = "".join(font.character_map.get(char, char) for char in named)
        width = 0.0
        for char in raw:
            width += font.get_text_width(char) / 1000 * state["size"] + state["Tc"]
            if char == " ":
                width += state["Tw"]
        return text, width * state["Tz"]

    def _add(self, text, start, end, font):
        marked = self.marked
        instead = next((m for m in reversed(marked) if m["instead"] is not None), None)
        if instead:
            text = "" if instead["said"] else instead["instead"]
            instead["said"] = True
        text = text.replace("\x00", "")
        if not text:
            return
        size = (start[2] ** 2 + start[3] ** 2) ** 0.5
        name = f"{font.name} {font.font_descriptor.weight}".lower()
        self.runs.append(
            Run(
                text,
                min(start[4], end[4]),
                max(start[4], end[4]),
                start[5],
                round(size, 2),
                any(word in name for word in ("bold", "black", "heavy", "semibold", "demi")),
                next((m["mcid"] for m in reversed(marked) if m["mcid"] is not None), None),
                any(m["artifact"] for m in marked),
                abs(start[1]) < 0.2 * max(size, 0.01) and start[0] > 0,
            )
        )
