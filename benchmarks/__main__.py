"""`make bench`: every figure that flux publishes, measured here and now; writes var/bench.json."""

import argparse
import json
from pathlib import Path

from benchmarks import gateway, judging, rules
from benchmarks.figures import show

RESULTS = Path("var/bench.json")


def main() -> None:
    """Run the benchmarks and write what they measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how many times each is run; medians are published")
    parser.add_argument("--flows", type=int, default=20, help="flows of 500 invoices a round")
    arguments = parser.parse_args()
    figures = judging.measure(rounds=arguments.rounds)
    show(figures)
    beside_saxon = rules.measure(rounds=arguments.rounds)
    show(beside_saxon)
    figures |= beside_saxon
    main_job = gateway.measure(rounds=arguments.rounds, flows=arguments.flows)
    show(main_job)
    figures |= main_job
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(f"written to {RESULTS}")


if __name__ == "__main__":
    main()
