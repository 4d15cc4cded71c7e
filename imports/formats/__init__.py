"""Files of each format read into blocks, without the rest of the portal, in a child process with limits.

`isolated` is its door; nothing in here knows Django or the database.
"""
