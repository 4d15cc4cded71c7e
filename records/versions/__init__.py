"""Versions of records: every change is one, what changed can be read, all can be brought back.

django-reversion keeps them. A model asks for versions by declaring `versioned`
(`snapshots.Versioned`); `registering` listens to its saves, `restoring` brings a version back,
`differences` tells two apart, `conflicts` guards against saving over what nobody has seen,
`forms` and `admin` show it all. This room knows nothing of what the portal is about.
"""
