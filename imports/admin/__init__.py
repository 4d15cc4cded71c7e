"""The desk of imports: the file and its account, proposals, blocks."""

from imports.admin import blocks, files, proposals

__all__ = ["blocks", "files", "proposals"]
