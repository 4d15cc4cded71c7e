"""Runs of text on a page become lines in the order in which one reads them, columns and all."""

from collections import Counter
from itertools import pairwise

from imports.formats import marks
from imports.formats.lines import Line, Page
from imports.formats.tables import is_form


def page_of(runs, links):
    """The lines of a page; `links` are (address, (x0, y0, x1, y1))."""
    upright = [run for run in runs if run.upright and run.text.strip()]
    segments = [segment for row in _rows(upright) for segment in _segments(_without_shapes(row))]
    lines = _in_order(segments)
    for line in lines:
        line.links = [(address, words) for address, words in _links_of(line, links)]
    odd = [run for run in runs if not run.upright and run.text.strip()]
    if odd:
        lines.append(Line("".join(run.text for run in odd), furniture=True, size=1))
    _set_gap_above(lines)
    return Page(lines)


def _rows(runs):
    """Runs that stand on one baseline, a raised mark included, from the top of the page."""
    rows = []
    for run in sorted(runs, key=lambda run: (-run.y, run.x0)):
        for row in reversed(rows[-4:]):
            size = max(row[0].size, run.size) * (1.6 if row[0].drawn else 1)
            raised = min(row[0].size, run.size) < 0.85 * max(row[0].size, run.size)
            if abs(row[0].y - run.y) < (0.55 if raised else 0.42) * size:
                row.append(run)
                break
        else:
            rows.append([run])
    return [sorted(row, key=lambda run: run.x0) for row in rows]


def _without_shapes(row):
    """A drawn dot counts where text follows close behind and none stands close before."""
    kept = []
    for index, run in enumerate(row):
        if run.drawn:
            after = next((other for other in row[index + 1 :] if not other.drawn), None)
            before = kept[-1] if kept else None
            if after is None or after.x0 - run.x1 > 4 * after.size or after.x0 - run.x1 < 1:
                continue
            if run.size > 1.6 * after.size or (
                before is not None and run.x0 - before.x1 < 0.4 * after.size
            ):
                continue
        kept.append(run)
    return kept


def _segments(row):
    """Parts of a row between which more than a word's space is left."""
    groups = [[run] for run in row[:1]]
    for run in row[1:]:
        before = groups[-1][-1]
        size = max(run.size, before.size)
        text = "".join(r.text for r in groups[-1]).strip()
        sign = marks.BULLET_ALONE.fullmatch(text) or (len(text) <= 4 and marks.number(text + " x"))
        room = 6 * size if sign else 1.7 * size
        if run.drawn or run.x0 - max(r.x1 for r in groups[-1]) > room:
            groups.append([run])
        else:
            groups[-1].append(run)
    return [_segment(group) for group in groups]


def text_of(runs):
    """The text of runs on one baseline, with the spaces that the gaps stand for."""
    text, last = "", None
    for run in runs:
        if (
            last is not None
            and run.x0 - last.x1 > 0.16 * max(run.size, last.size)
            and not text.endswith(" ")
            and not run.text.startswith(" ")
        ):
            text += " "
        text += run.text
        last = run
    return text


def _segment(runs):
    sizes = Counter()
    for run in runs:
        sizes[run.size] += len(run.text.strip())
    bold = sum(len(run.text.strip()) for run in runs if run.bold)
    total = sum(sizes.values()) or 1
    line = Line(
        text_of(runs),
        min(run.x0 for run in runs),
        max(run.x1 for run in runs),
        size=sizes.most_common(1)[0][0],
        bold=bold > 0.8 * total,
    )
    line.y, line.runs = runs[0].y, runs
    return line


def _in_order(segments):
    """One column, or two read one after the other, or a form read row by row."""
    if not segments:
        return []
    gutter = _gutter(segments)
    if gutter is None:
        return _column(segments, merge=True)
    ordered, left, right = [], [], []

    def flush():
        if left and right and _is_table(left, right):
            ordered.extend(_form(left, right))
        else:
            ordered.extend(
                _column(left) + _column(right, min(s.left for s in left) if left else None)
            )
        left.clear()
        right.clear()

    for segment in sorted(segments, key=lambda s: (-s.y, s.left)):
        if segment.right <= gutter + 2:
            left.append(segment)
        elif segment.left >= gutter - 2:
            right.append(segment)
        else:
            flush()
            segment.fresh = True
            segment.limit = max(s.right for s in segments)
            ordered.append(segment)
    flush()
    return ordered


def _gutter(segments):
    """Where a strip of white divides the page; None on a page of one column."""
    first, last = min(s.left for s in segments), max(s.right for s in segments)
    if len(segments) < 8 or last - first < 200:
        return None
    best, least = None, 0.3 * len(segments)
    for share in range(20, 81):
        x = first + (last - first) * share / 100
        left = [s for s in segments if s.right <= x + 2]
        right = [s for s in segments if s.left >= x - 2]
        crossing = len(segments) - len(left) - len(right)
        if min(len(left), len(right)) < 4 or crossing > least:
            continue
        both = sum(any(abs(a.y - b.y) < a.size * 8 for b in right) for a in left)
        facing = sum(any(abs(a.y - b.y) < a.size * 0.5 for b in right) for a in left)
        if both >= 3 and facing >= 2 and crossing < least:
            best, least = x, crossing
    return best


def _is_table(left, right):
    """Short labels that stand level with the first line of what they label."""
    level = sum(any(abs(a.y - b.y) < 0.6 * a.size for b in right) for a in left)
    starts = [a for a in left if any(abs(a.y - b.y) < 0.6 * a.size for b in right)]
    if len(starts) >= 3 and level >= 0.5 * len(left) and is_form([(s.text, "") for s in starts]):
        return True
    if not starts or sum(len(s.text) for s in right) < 1.8 * sum(len(s.text) for s in left):
        return False
    wide = max(s.right for s in left) - min(s.left for s in left)
    if wide > 0.75 * (max(s.right for s in right) - min(s.left for s in right)):
        return False
    return level >= 0.5 * len(left) and is_form([(s.text, "x" * 500) for s in starts])


def _form(left, right):
    """Each label with its lines, then what stands beside it."""
    lines, labels, at = [], sorted(left, key=lambda s: -s.y), 0
    values = sorted(right, key=lambda s: (-s.y, s.left))
    rows = []
    for label in labels:
        beside = any(abs(label.y - value.y) < 0.6 * label.size for value in values)
        gap = rows and rows[-1][-1].y - label.y > 1.7 * label.size
        if not rows or (beside and (gap or not _continues(rows[-1], label))):
            rows.append([label])
        else:
            rows[-1].append(label)
    limit = max(s.right for s in right)
    for number, row in enumerate(rows):
        floor = (
            rows[number + 1][0].y + 0.6 * row[0].size if number + 1 < len(rows) else float("-inf")
        )
        for index, label in enumerate(row):
            label.fresh, label.limit, label.bold = index == 0, limit, True
            lines.append(label)
        first = True
        while at < len(values) and values[at].y > floor:
            values[at].fresh, values[at].limit = first, limit
            first = False
            lines.append(values[at])
            at += 1
    return lines + values[at:]


def _continues(row, label):
    text = " ".join(s.text.strip() for s in row)
    return label.text.strip()[:1].islower() or text.endswith(("and", "of", "&", "(", ","))


def _column(segments, beside=None, merge=False):
    lines = sorted(segments, key=lambda s: (-round(s.y, 1), s.left))
    if not lines:
        return []
    if merge:
        lines = _merged(lines)
    limit, first = max(line.right for line in lines), min(line.left for line in lines)
    for index, line in enumerate(lines):
        line.limit, line.fresh = limit, index == 0
        line.indent = line.left if beside is None else line.left - first + beside
    return lines


def _merged(lines):
    """Parts of one row that no column divides are one line, with a tab between."""
    result = []
    for line in lines:
        before = result[-1] if result else None
        if before is not None and abs(before.y - line.y) < 0.42 * max(line.size, before.size):
            before.text = f"{before.text.rstrip()}\t{line.text.lstrip()}"
            before.right, before.runs = max(before.right, line.right), before.runs + line.runs
        else:
            result.append(line)
    return result


def _set_gap_above(lines):
    usual = Counter()
    for before, line in pairwise(lines):
        if hasattr(line, "y") and hasattr(before, "y") and not line.fresh and line.size:
            line.gap = round((before.y - line.y) / line.size, 1)
            usual[line.gap] += 1
    common = usual.most_common(1)[0][0] if usual else 1.2
    for line in lines:
        if line.fresh or not line.gap:
            line.gap = common


def _links_of(line, links):
    for address, (x0, y0, x1, y1) in links:
        if not (y0 - 2 <= line.y + 0.3 * line.size <= y1 + 2):
            continue
        words = [
            run.text
            for run in line.runs
            if min(run.x1, x1) - max(run.x0, x0) > 0.3 * min(run.x1 - run.x0, x1 - x0)
        ]
        if words:
            yield address, "".join(words).strip()
