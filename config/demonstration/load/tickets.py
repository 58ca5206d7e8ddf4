def has_real_tickets():
    return False


def tickets(*a, **k):
    return 0
