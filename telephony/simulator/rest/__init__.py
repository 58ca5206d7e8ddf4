"""The REST surface as our client sees it: resources, their errors, and how it fails."""
