"""A method that an address does not know is answered as HTTP says."""

from django.http import HttpResponseNotAllowed


class Methods:
    """Before anything asks for the token of a form: to an address without a form that means nothing."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, args, kwargs):
        view = getattr(view_func, "view_class", None)
        if view is None or hasattr(view_func, "cls"):  # the API refuses in a form of its own
            return None
        asked = "get" if request.method == "HEAD" else request.method.lower()
        if asked in view.http_method_names and hasattr(view, asked):
            return None
        known = [name for name in view.http_method_names if hasattr(view, name)]
        known += ["head"] if "get" in known else []
        return HttpResponseNotAllowed(sorted({name.upper() for name in known}))
