"""What askers do: ask, and follow what they asked."""
