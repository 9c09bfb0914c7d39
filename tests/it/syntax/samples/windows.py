def windows(a):
    """Doc."""
    b = a
    return b


class A:
    def b(self): return (
        1)
