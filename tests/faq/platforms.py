"""Where the language model can be installed without a compiler."""

import platform
import sys

_WITH_WHEEL = {("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64")}


def has_wheel() -> bool:
    return (sys.platform, platform.machine()) in _WITH_WHEEL
