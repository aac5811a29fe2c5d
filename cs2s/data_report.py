"""What a data set holds, as text."""

from cs2s.download import data_file, published_files
from cs2s.loading import Dataset
from cs2s.windows import dataset_statistics

__all__ = ["data_report"]


def data_report(dataset: Dataset) -> str:
    """Describe a loaded data set in lines of text: files, frames, actions, used columns, what is missing."""
    description = dataset.description
    statistics = dataset_statistics(dataset)
    lines = [
        f"{description.name}: {description.title}",
        f"source: {description.source}",
        f"skeleton: {len(description.skeleton.joints)} joints, {description.skeleton.columns} columns a row, "
        f"{len(statistics.used)} of them used",
        f"frame rate: {description.source_fps:g} a second in the files, {description.fps:g} after the paper's halving",
    ]
    if description.t_pose_rows:
        lines.append("peculiar: row 0 of every file is a T-pose left by a conversion, not motion")
    lines += [
        f"fingerprint: {dataset.fingerprint}",
        "",
        f"{'action':<20}{'train':>8}{'frames':>10}{'test':>8}{'frames':>10}",
    ]
    for action in description.classes:
        cells = []
        for split in ("train", "test"):
            takes = [m for take, m in dataset.split(split).items() if take.action == action]
            cells.append(f"{len(takes):>8}{sum(map(len, takes)):>10}")
        lines.append(f"{action:<20}{''.join(cells)}")
    lines.append("")
    total = len(dataset.motions) + len(dataset.missing)
    lines.append(f"{len(dataset.motions)} of {total} takes are present")
    lines += [f"missing: {file}" for file in dataset.missing]
    if description.manifest:
        published = published_files(data_file(description.manifest))
        changed = [file for file, blob_id in dataset.blob_ids.items() if published.get(file) != blob_id]
        lines += [f"not as published: {file}" for file in changed]
        if not changed:
            lines.append("all present files are as published")
    return "\n".join(lines)
