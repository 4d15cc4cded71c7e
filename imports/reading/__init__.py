"""Files read into blocks, without the rest of the portal: this room runs in a child process.

`isolated.read_file` is its door; nothing in here knows Django, the database or a recipe.
"""
