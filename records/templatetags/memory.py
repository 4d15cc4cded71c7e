from sys import getsizeof

from django import template

from records.memory import at_hand, remembered

register = template.Library()


class Remembered(template.Node):
    def __init__(self, nodes, names):
        self.nodes, self.names = nodes, names

    def render(self, context):
        if not at_hand():
            return self.nodes.render(context)
        key = (
            "piece",
            id(self),
            *(str(name.resolve(context, ignore_failures=True)) for name in self.names),
        )
        return remembered(key, lambda: self.nodes.render(context), weight=getsizeof)


@register.tag("remembered")
def do_remembered(parser, token):
    """A piece of a page that is the same wherever these values are: {% remembered entry.pk … %}."""
    names = [parser.compile_filter(name) for name in token.split_contents()[1:]]
    nodes = parser.parse(["endremembered"])
    parser.delete_first_token()
    return Remembered(nodes, names)
