"""Charts as Slack draws them; the words of a card say the same, so that whoever sees no chart loses nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.adapters.slack.blocks import Block, shorten
from bot.messages import Bars, Chart
from bot.texts import Say

CHART = "data_visualization"

_MAX_TITLE = 50
_MAX_LABEL = 20  # also of a series' name
_MAX_LABELS = 20
_MAX_SERIES = 6


def chart_block(chart: Chart, say: Say) -> list[Block]:
    """The chart as a block; none where Slack has no room for it.

    Kinds of bars with a value that may not be shown are left to the words, since Slack wants one for each label.
    """
    whole = [bars for bars in chart.bars if None not in bars.tenths][:_MAX_SERIES]
    if not whole or not 0 < len(chart.labels) <= _MAX_LABELS:
        return []
    labels = _short([say(label) for label in chart.labels])
    names = _short([say(bars.name) for bars in whole])
    series = [_series(name, bars, labels) for name, bars in zip(names, whole, strict=True)]
    drawn = {"type": "bar", "series": series, "axis_config": {"categories": labels}}
    return [{"type": CHART, "title": shorten(say(chart.title), _MAX_TITLE), "chart": drawn}]


def _series(name: str, bars: Bars, labels: list[str]) -> Block:
    points = zip(labels, bars.tenths, strict=True)
    return {"name": name, "data": [{"label": label, "value": (tenths or 0) / 10} for label, tenths in points]}


def _short(texts: list[str]) -> list[str]:
    """Labels that fit; all of them carry their numbers where two would begin alike."""
    cut = [shorten(text, _MAX_LABEL) if text.strip() else "–" for text in texts]
    if len(set(cut)) == len(cut):
        return cut
    marks = [f"{number}. " for number in range(1, len(texts) + 1)]
    return [mark + shorten(text, _MAX_LABEL - len(mark)) for mark, text in zip(marks, texts, strict=True)]


def without_charts(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same message with its charts left to the words below them; itself, if it has none."""
    blocks = message.get("blocks") or []
    rest = list(_plain(blocks))
    return {**message, "blocks": rest} if len(rest) < len(blocks) else message


def _plain(blocks: list[Block]) -> Iterator[Block]:
    return (block for block in blocks if block["type"] != CHART)
