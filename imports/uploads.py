"""The one place that takes a file: the form for an import, from those who may import.

Everywhere else an upload is refused before a byte of it is kept.
"""

from django.core.exceptions import TooManyFilesSent
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.urls import Resolver404, resolve

from imports.formats.isolated import LARGEST

DOOR = "admin:imports_import_add"


class OnlyImports(MemoryFileUploadHandler):
    """Keeps the one file of an import in memory; it goes into the database at once.

    Of one that is too large no more than that is kept: its form says so by its size.
    """

    def handle_raw_input(self, *args, **kwargs):
        self.activated, self.seen = True, 0

    def new_file(self, *args, **kwargs):
        if not self._is_the_door():
            raise TooManyFilesSent("Files are taken for imports alone.")
        super().new_file(*args, **kwargs)

    def _is_the_door(self):
        request = self.request
        try:
            here = resolve(request.path_info).view_name
        except Resolver404:
            return False
        user = getattr(request, "user", None)
        return here == DOOR and user is not None and user.has_perm("imports.add_import")

    def receive_data_chunk(self, raw_data, start):
        self.seen += len(raw_data)
        if self.seen > LARGEST:
            return None
        return super().receive_data_chunk(raw_data, start)
