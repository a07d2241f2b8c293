"""Draw one chart: ``python -m bot.chart`` reads its description as JSON and writes a PNG.

It runs in a process of its own (``bot.artist``) and imports nothing of ours: what it is given are
titles and amounts as text, and a pixel needs no more digits than a float has.
"""

import json
import sys
from io import BytesIO
from typing import Any

WIDTH, HEIGHT = 8.0, 3.2
"""Inches of one panel."""

DOTS = 200
"""For each inch: sharp on the screens of today, and some forty thousand bytes."""

PADDING = 0.14
"""Inches round everything: on a dark Slack it is a white card."""

COLOURS = (
    "#1f3a5f", "#e08e2b", "#3a7d44", "#8b3a62", "#4f9bc7", "#b5523b", "#7a6c9d", "#5d6d7e",
)  # fmt: skip
"""Dark enough on white, and told apart by their lightness too."""


def draw(chart: dict[str, Any]) -> bytes:
    """Stacked bars, one panel under the other."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - an extra that only this child needs
    from matplotlib.layout_engine import ConstrainedLayoutEngine  # noqa: PLC0415 - the same

    panels = chart["panels"]
    layout = ConstrainedLayoutEngine(w_pad=PADDING, h_pad=PADDING)
    figure = Figure(figsize=(WIDTH, HEIGHT * len(panels)), dpi=DOTS, layout=layout)
    for axes, panel in zip(figure.subplots(len(panels), squeeze=False)[:, 0], panels, strict=True):
        days = range(1, len(panel["series"][0]["values"]) + 1)
        below = [0.0] * len(days)
        for colour, series in zip(COLOURS, panel["series"], strict=False):
            values = [float(text) for text in series["values"]]
            axes.bar(
                days, values, bottom=below, width=0.8, color=colour, label=series["name"],
                edgecolor="white", linewidth=0.4,
            )  # fmt: skip
            below = [low + value for low, value in zip(below, values, strict=True)]
        axes.set_title(panel["title"], loc="left", fontsize=11, pad=10)
        axes.set_xticks([day for day in days if day == 1 or day % 5 == 0])
        axes.set_xlim(0.4, len(days) + 0.6)
        axes.yaxis.set_major_formatter("{x:,.0f}" if max(below) >= 10 else "{x:g}")
        axes.grid(axis="y", color="#d9d9d9", linewidth=0.6)
        axes.set_axisbelow(True)
        axes.spines[["top", "right", "left"]].set_visible(False)
        # Beside the title, where no bar can stand under it.
        axes.legend(
            frameon=False, fontsize=9, ncols=4, loc="lower right", bbox_to_anchor=(1.0, 1.0),
            borderaxespad=0.2, handlelength=1.2, columnspacing=1.2,
        )  # fmt: skip
    out = BytesIO()
    figure.savefig(out, format="png", facecolor="white")
    return out.getvalue()


def main() -> None:
    """From standard input to standard output."""
    sys.stdout.buffer.write(draw(json.load(sys.stdin)))


if __name__ == "__main__":
    main()
