"""Keeps Python from loading the user's work trees: an editable install would, and the wrong tree would be tested.

Python imports this at its start, after the .pth files (see the documentation of `site`). What points into a work tree
is pointed at the tree under test; what was loaded from there all the same is written down at the end.
"""

import os
import sys


def _guard():
    slot = os.environ.get("PDD_HOOKS_SLOT")
    trees = [tree for tree in os.environ.get("PDD_HOOKS_WORK_TREES", "").split(os.pathsep) if tree]
    marker = os.environ.get("PDD_HOOKS_FOREIGN")
    if not slot or not trees or not marker:
        return
    # A worktree may stand inside another one: the longest name is the nearest.
    trees.sort(key=len, reverse=True)
    own = os.path.join(slot, "tree")
    prefixes = {os.path.realpath(prefix) for prefix in (sys.prefix, sys.exec_prefix, sys.base_prefix)}
    installed = {"site-packages", "dist-packages"}

    def within(path, folder):
        return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)

    def inside(path):
        """Returns the place below a work tree's top, or None where the path is no work tree's or is installed there."""
        if not isinstance(path, str) or not os.path.isabs(path):
            return None
        real = os.path.realpath(path)
        if within(real, slot):
            return None
        for tree in trees:
            if within(real, tree):
                # An environment in the work tree holds installed packages, and its interpreter.
                if any(prefix != tree and within(real, prefix) for prefix in prefixes if within(prefix, tree)):
                    return None
                rest = os.path.relpath(real, tree)
                return None if installed.intersection(rest.split(os.sep)) else rest
        return None

    def mapped(path):
        rest = inside(path)
        return path if rest is None else os.path.normpath(os.path.join(own, rest))

    def map_paths():
        before = list(sys.path)
        sys.path[:] = [mapped(path) for path in before]
        for path in before:
            if path not in sys.path:
                sys.path_importer_cache.pop(path, None)

    def map_finders():
        # setuptools keeps the places of an editable install in a module named `__editable___<name>_finder`.
        for name, module in list(sys.modules.items()):
            if not name.startswith("__editable__"):
                continue
            mapping = getattr(module, "MAPPING", None)
            if isinstance(mapping, dict):
                for key, path in mapping.items():
                    mapping[key] = mapped(path)
            spaces = getattr(module, "NAMESPACES", None)
            if isinstance(spaces, dict):
                for key, paths in spaces.items():
                    spaces[key] = [mapped(path) for path in paths]

    folders = {}

    def foreign():
        for module in list(sys.modules.values()):
            path = getattr(module, "__file__", None)
            if not isinstance(path, str) or not os.path.isabs(path):
                continue
            folder = os.path.dirname(path)
            if folder not in folders:
                folders[folder] = inside(folder)
            if folders[folder] is not None:
                return path
        return None

    def report():
        try:
            path = foreign()
            if path is not None:
                with open(marker, "a", encoding="utf-8", errors="surrogateescape") as file:
                    file.write(path + "\n")
        except Exception:  # An interpreter that is half gone must end all the same.
            pass

    map_paths()
    map_finders()
    import atexit

    atexit.register(report)
    # Workers of test runners leave this way, past `atexit`.
    leave = os._exit

    def leave_reported(status):
        report()
        leave(status)

    os._exit = leave_reported


def _next():
    """Loads the sitecustomize that this one hides."""
    from importlib.machinery import PathFinder
    from importlib.util import module_from_spec

    here = os.path.dirname(os.path.abspath(__file__))
    others = [path for path in sys.path if os.path.abspath(path or ".") != here]
    spec = PathFinder.find_spec("sitecustomize", others)
    if spec is None or spec.loader is None:
        return
    module = module_from_spec(spec)
    mine = sys.modules.get("sitecustomize")
    sys.modules["sitecustomize"] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        if mine is not None:
            sys.modules["sitecustomize"] = mine
        raise


_guard()
_next()
