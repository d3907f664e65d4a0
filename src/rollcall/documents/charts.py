"""Drawings as SVG: values in, text out. Nothing is worked out here but where on the paper a value lies.

A drawing says in words what it shows (`<title>`, `<desc>`), tells its kinds apart without colour, and carries no style
of its own beyond what SVG attributes give.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 640, 230
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 16, 34
INK, QUIET, LINE, BRAND, TARGET = "#0b0c0c", "#505a5f", "#b1b4b6", "#0b4f5c", "#8a4b00"


@dataclass(frozen=True)
class Point:
    """One value along the line, in tenths of a percent; None leaves a gap. `label` is written under it if `marked`."""

    label: str
    tenths: int | None
    marked: bool = False


@dataclass(frozen=True)
class Series:
    """One line of a chart; `dashes` (SVG's own, "6 4") tells it from another without colour."""

    name: str
    points: Sequence[Point]
    colour: str = BRAND
    dashes: str = ""


def share_chart(title: str, said: str, series: Sequence[Series], target_tenths: int | None = None) -> str:
    """A chart of shares over time, each series with as many points as the first.

    said: the chart in a sentence, for who cannot see it. target_tenths: a line across, with its name.
    """
    values = [point.tenths for line in series for point in line.points if point.tenths is not None]
    lowest = _lowest([*values, *([] if target_tenths is None else [target_tenths])])
    n = max((len(line.points) for line in series), default=0)
    parts = [_axis(lowest), _labels(series[0].points, n) if series else ""]
    if target_tenths is not None:
        parts.append(_target(target_tenths, lowest))
    parts += [_line(line, n, lowest) for line in series]
    parts.append(_key(series) if len(series) > 1 else "")
    name = f"{escape(title)}</title><desc>{escape(said)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-size="13" '
        f'fill="{INK}"><title>{name}</desc>{"".join(parts)}</svg>'
    )


def _lowest(values: Sequence[int]) -> int:
    """The foot of the scale: a whole ten percent below the lowest value, 80% at the most."""
    return max(0, min(800, (min(values, default=800) - 1) // 100 * 100))


def _x(n: int, of: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (n + 0.5) / max(of, 1)


def _y(tenths: int, lowest: int) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1000 - tenths) / (1000 - lowest)


def _axis(lowest: int) -> str:
    steps = range(lowest, 1001, 50 if lowest >= 700 else 100)
    lines = []
    for tenths in steps:
        y = _y(tenths, lowest)
        lines.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{LINE}"/>')
        lines.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{tenths // 10}%</text>')
    return "".join(lines)


def _labels(points: Sequence[Point], n: int) -> str:
    marked = [(k, point) for k, point in enumerate(points) if point.marked]
    y = HEIGHT - BOTTOM + 20
    return "".join(f'<text x="{_x(k, n):.1f}" y="{y}" text-anchor="middle">{escape(p.label)}</text>' for k, p in marked)


def _target(tenths: int, lowest: int) -> str:
    y = _y(tenths, lowest)
    words = f"target {tenths / 10:g}%"
    return (
        f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{TARGET}" stroke-width="2" stroke-dasharray="2 4"/>'
        f'<text x="{WIDTH - RIGHT}" y="{y - 5:.1f}" text-anchor="end" fill="{TARGET}">{words}</text>'
    )


def _line(line: Series, n: int, lowest: int) -> str:
    path, pen, dots = [], "M", []
    for k, point in enumerate(line.points):
        if point.tenths is None:
            pen = "M"
            continue
        x, y = _x(k, n), _y(point.tenths, lowest)
        path.append(f"{pen}{x:.1f} {y:.1f}")
        said = escape(f"{point.label}: {point.tenths // 10}.{point.tenths % 10}%")
        dots.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{line.colour}"><title>{said}</title></circle>')
        pen = "L"
    dash = f' stroke-dasharray="{line.dashes}"' if line.dashes else ""
    drawn = f'<path d="{"".join(path)}" fill="none" stroke="{line.colour}" stroke-width="2"{dash}/>'
    return drawn + ("" if line.dashes else "".join(dots))


def _key(series: Sequence[Series]) -> str:
    parts, x = [], LEFT + 8
    for line in series:
        dash = f' stroke-dasharray="{line.dashes}"' if line.dashes else ""
        parts.append(f'<path d="M{x} {TOP + 6}h26" stroke="{line.colour}" stroke-width="2"{dash}/>')
        parts.append(f'<text x="{x + 32}" y="{TOP + 10}">{escape(line.name)}</text>')
        x += 50 + 8 * len(line.name)
    return "".join(parts)
