from django import template
from django.utils.html import json_script
from django.utils.safestring import mark_safe

register = template.Library()


@register.filter
def json_ld(data):
    """The data as a block that a browser does not run, and that no text in it can leave."""
    block = json_script(data)
    return mark_safe(block.replace("application/json", "application/ld+json", 1))
