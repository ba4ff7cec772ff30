"""Charts as Teams draws them; a client that knows none leaves them out, and the words of the card say the same."""

from __future__ import annotations

from typing import Any

from bot.messages import Bars, Chart
from bot.texts import Say

Json = dict[str, Any]

_COLOURS = ("categoricalBlue", "categoricalTeal", "categoricalMarigold", "categoricalPurple", "categoricalLime")


def chart_element(chart: Chart, say: Say) -> list[Json]:
    """The chart as an element of a card. A value that may not be shown has no bar."""
    if not chart.labels or not any(value is not None for bars in chart.bars for value in bars.tenths):
        return []
    labels = [say(label) for label in chart.labels]
    return [
        {
            "type": "Chart.VerticalBar.Grouped",
            "title": say(chart.title),
            "data": [_group(number, bars, labels, say) for number, bars in enumerate(chart.bars)],
            "showBarValues": True,
            "fallback": "drop",
        }
    ]


def _group(number: int, bars: Bars, labels: list[str], say: Say) -> Json:
    values = [{"x": x, "y": tenths / 10} for x, tenths in zip(labels, bars.tenths, strict=True) if tenths is not None]
    return {"legend": say(bars.name), "values": values, "color": _COLOURS[number % len(_COLOURS)]}
