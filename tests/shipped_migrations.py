"""The migrations that a release has shipped, by their digests: they are never edited again.

`python -m tests.shipped_migrations` writes the digests of all there are now, for a release.
"""

import hashlib
from pathlib import Path

ROOT = Path(__file__).parent.parent
SHIPPED = Path(__file__).with_name("shipped_migrations.txt")


def digests():
    """{path: SHA-256} of every migration of ours."""
    paths = sorted(path for path in ROOT.glob("*/**/migrations/*.py") if path.stem != "__init__")
    ours = (path for path in paths if ".venv" not in path.parts)
    return {
        str(path.relative_to(ROOT)): hashlib.sha256(path.read_bytes()).hexdigest() for path in ours
    }


def shipped():
    """The same as a release has shipped them; None before the first."""
    if not SHIPPED.exists():
        return None
    rows = (line.split() for line in SHIPPED.read_text().splitlines())
    return {path: digest for digest, path in rows}


if __name__ == "__main__":
    lines = (f"{digest}  {path}\n" for path, digest in digests().items())
    SHIPPED.write_text("".join(lines))
