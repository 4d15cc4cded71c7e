"""How documents of one type are read: a recipe for each, and the ways they go.

`sections` follows headings and bullets, `labels` a form or page of labels with its values;
`settling` ends both.
"""
