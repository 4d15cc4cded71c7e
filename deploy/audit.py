"""Checks what the lock files pin against published advisories.

    python deploy/audit.py [ADVISORIES]

ADVISORIES is a zip of advisories in the OSV format (ossf.github.io/osv-schema), as a file or an
address; without it the one that OSV publishes for PyPI. Ends with 0 where nothing is known, with 1
and a line each where something is, and with 2 where nothing could be checked: that is never a pass.
"""

import json
import re
import sys
import urllib.request
import zipfile
from io import BytesIO
from pathlib import Path

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.txt", "requirements-dev.txt")
PUBLISHED = "https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip"


def locked():
    """{name: version} of what is installed."""
    lines = "\n".join((ROOT / lock).read_text() for lock in LOCKS)
    pinned = re.findall(r"^([\w.-]+)==([\w.+!-]+)", lines, re.M)
    return {canonicalize_name(name): Version(version) for name, version in pinned}


def advisories(where):
    """Each advisory of the zip that is not withdrawn. Raises OSError and BadZipFile."""
    if re.match(r"https?://", where):
        with urllib.request.urlopen(where, timeout=60) as answer:
            where = BytesIO(answer.read())
    with zipfile.ZipFile(where) as archive:
        for name in archive.namelist():
            advisory = json.loads(archive.read(name))
            if "withdrawn" not in advisory:
                yield advisory


def is_affected(version, affected):
    """By the versions that are listed, or by the ranges between the events of the advisory."""
    if str(version) in affected.get("versions", ()):
        return True
    ranges = [each["events"] for each in affected.get("ranges", ()) if each["type"] == "ECOSYSTEM"]
    return any(is_within(version, events) for events in ranges)


def is_within(version, events):
    inside = False
    for event in events:
        ((what, at),) = event.items()
        try:
            limit = Version(at)
        except InvalidVersion:
            continue
        if what == "introduced" and version >= limit:
            inside = True
        if (what == "fixed" and version >= limit) or (what == "last_affected" and version > limit):
            inside = False
    return inside


def found(where):
    """A line for each advisory that concerns a locked version, and how many were looked at."""
    versions, lines, looked_at = locked(), [], 0
    for advisory in advisories(where):
        looked_at += 1
        for affected in advisory.get("affected", ()):
            name = canonicalize_name(affected.get("package", {}).get("name", ""))
            if name in versions and is_affected(versions[name], affected):
                summary = advisory.get("summary", "")
                lines.append(f"{name} {versions[name]}: {advisory['id']} {summary}".strip())
    return sorted(set(lines)), looked_at


def main(where=PUBLISHED):
    try:
        lines, looked_at = found(where)
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        sys.stdout.write(f"NOTHING WAS CHECKED: {where} cannot be read ({error}).\n")
        return 2
    if not looked_at:
        sys.stdout.write(f"NOTHING WAS CHECKED: {where} holds no advisories.\n")
        return 2
    for line in lines:
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(
        f"{len(locked())} packages, {looked_at} advisories: {len(lines) or 'nothing'} found.\n"
    )
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
