"""Faults on purpose: processes killed in mid-request, while clients write and remember what was said yes to."""
