"""The naive twin: the same lists as one writes them on a first evening, without an index of one's own.

`icontains` over whatever might match, every row's relations fetched one by one, everything counted to
its end. It draws the product's frame, filters and rows, so that what differs is how the data are
asked for; it knows no rights beyond the level and no drafts, to its advantage.
"""
