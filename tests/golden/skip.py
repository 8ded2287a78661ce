# SPDX-License-Identifier: Apache-2.0
"""For the scripts that ctest runs: a missing program or module is shown as skipped, not as passed."""
import importlib
import sys

SKIPPED = 77  # SKIP_RETURN_CODE in tests/files/CMakeLists.txt


def skip(reason):
    print("skipped:", reason)
    sys.exit(SKIPPED)


def need(*modules):
    """The modules, or the test is skipped."""
    found = []
    for name in modules:
        try:
            found.append(importlib.import_module(name))
        except ImportError as error:
            skip(f"{name}: {error}")
    return found[0] if len(found) == 1 else found
