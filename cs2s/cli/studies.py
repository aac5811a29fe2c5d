"""What the project measures and draws once, for chapters and README to quote."""

import json
from argparse import Namespace

from cs2s.datasets.loading import load
from cs2s.files.provenance import made_by
from cs2s.files.writing import replacing

__all__ = ["draw_network", "window_study"]


def window_study(arguments: Namespace) -> None:
    """Measure what hangs on the choice of eight windows and on single joints, and write it as JSON."""
    from cs2s.workbook.figures import error_evaluation

    dataset = load(arguments.dataset, arguments.data_dir)
    found = {**error_evaluation.window_study(dataset), "made_from": made_by(missing=list(dataset.missing))}
    with replacing(arguments.json) as temporary:
        temporary.write_text(json.dumps(found) + "\n")
    print(f"what hangs on the choice of eight windows is in {arguments.json}")


def draw_network(arguments: Namespace) -> None:
    """Draw the paper's generator."""
    from cs2s.workbook.figures.generator import plot_network

    with replacing(arguments.out) as temporary:
        plot_network().savefig(temporary, format=arguments.out.suffix[1:] or "png", dpi=160)
    print(f"the network is drawn in {arguments.out}")
