from django.http import Http404, HttpResponsePermanentRedirect
from django.urls import reverse
from django.views.generic import DetailView

from themes.models import FormerSlug


class FormerAddresses:
    """Of a view of one record: a former address of it redirects to the present one."""

    def get(self, request, *args, **kwargs):
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            former = FormerSlug.objects.filter(
                model=self.model._meta.label_lower, slug=kwargs["slug"]
            ).first()
            if former is None or not self.get_queryset().filter(slug=former.current_slug).exists():
                raise
            address = reverse(request.resolver_match.view_name, args=[former.current_slug])
            # Renamed back, a browser that remembers this for good would go round in circles.
            return HttpResponsePermanentRedirect(address, headers={"Cache-Control": "no-cache"})


class RecordDetail(FormerAddresses, DetailView):
    """The page of a record."""
