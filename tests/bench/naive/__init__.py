"""The naive twin: the same lists as one writes them on a first evening, on tables without an index.

`icontains` over whatever might match, every row's relations fetched one by one, everything counted.
Its pages have no frame, no filters to draw and no rights beyond the team, all to its advantage.
"""
