from no_such_module import nothing


def test_never_loaded():
    nothing()
