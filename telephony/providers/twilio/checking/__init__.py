"""Whether the public line is set up as it must be: asked by a sweep, kept as rows, shown to administrators."""
