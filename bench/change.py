"""Changes the name of an entry of each kind, as curators do at any time: `python -m bench.change`."""

import random
import time

import django


def main():
    django.setup()
    from entries.models import kinds

    for kind in kinds():
        keys = list(kind.objects.published().values_list("pk", flat=True))
        entry = kind.objects.get(pk=random.choice(keys))
        name = getattr(entry, kind.name_field)
        setattr(entry, kind.name_field, f"{name[:80]} {time.time():.0f}")
        entry.save()


if __name__ == "__main__":
    main()
