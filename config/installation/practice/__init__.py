"""A practice: staff rehearse in a centre beside their own, and all of it is wiped in one act (decision 0039)."""
