"""Starts the command `lartraff`; what it does stands in `bot.commands`."""

from __future__ import annotations

import gc


def main() -> None:
    """The entry point of the command `lartraff`."""
    gc.disable()  # what is loaded here stays: to look through it again and again took an eighth of the start
    from bot.commands import cli

    gc.freeze()
    gc.enable()
    cli()


if __name__ == "__main__":
    main()
