"""Figures as they are published: the median of several rounds, with the least and the most."""

import statistics
from collections.abc import Mapping


def figure(values: list[float], unit: str) -> dict[str, object]:
    """One figure."""
    median = statistics.median(values)
    digits = 0 if median >= 100 else 2 if median >= 1 else 3
    return {
        "value": round(median, digits),
        "unit": unit,
        "min": round(min(values), digits),
        "max": round(max(values), digits),
        "rounds": len(values),
    }


def show(figures: Mapping[str, Mapping[str, object]]) -> None:
    """Print figures, one a line."""
    for name, each in figures.items():
        print(f"{name:38} {each['value']:>10} {each['unit']:11} min {each['min']}, max {each['max']}")
