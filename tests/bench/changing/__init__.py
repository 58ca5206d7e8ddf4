"""A change of the largest tables as the lint of migrations asks for it, to be made while others write: a column that
may be empty, its rows filled in batches, an index beside the writes. Only in the settings of `make bench scale`."""
