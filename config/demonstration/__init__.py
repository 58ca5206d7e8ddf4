"""The demonstration: the cast, their associations, the sample cases as tickets; and load for trials.

Words: a *sheet* is what `data/` says of an association or a case; a *story* is how one ticket went so
far; *laying* writes stories into the database through the product's own actions, at times counted
back from now; *load* is many made-up tickets at once, the same ones for the same seed and time.
"""
