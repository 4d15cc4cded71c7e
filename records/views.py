from django.http import Http404, HttpResponsePermanentRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.generic import DetailView

from records.models import FormerSlug


class FormerAddresses:
    """Of a view of one record: a former address of it redirects to the present one.

    The addresses of a deleted record answer 410.
    """

    def get(self, request, *args, **kwargs):
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            former = FormerSlug.of(self.model, kwargs["slug"])
            if former is not None and former.is_of_deleted:
                return self.deleted()
            if former is None or not self.is_known(former.current_slug):
                raise
            address = reverse(request.resolver_match.view_name, args=[former.current_slug])
            # Renamed back, a browser that remembers this for good would go round in circles.
            return HttpResponsePermanentRedirect(address, headers={"Cache-Control": "no-cache"})

    def is_known(self, slug):
        """Whether there is something to be said at this address."""
        return self.get_queryset().filter(slug=slug).exists()

    def deleted(self):
        words = {"name": self.model._meta.verbose_name}
        return TemplateResponse(self.request, "records/deleted.html", words, status=410)


class RecordDetail(FormerAddresses, DetailView):
    """The page of a record."""

    read_parameters = ()  # that it reads of the query string
