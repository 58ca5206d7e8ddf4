"""The naive twin: the same lists as one writes them on a first evening, without an index of one's own.

`icontains` over whatever might match, every row's relations fetched one by one, everything counted.
It shows what the product's pages show (rows, filters' choices, the five counts of the bar) in bare
HTML, without frame, drafts, rights beyond the level or translations: all to its advantage.
"""
