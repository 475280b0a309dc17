"""Where data sets are: at the path given, or under `$KGTRANSFER_DATA`."""

from __future__ import annotations

import os
from pathlib import Path

from kgtransfer.errors import DataError
from kgtransfer.utils.resources import expanded

__all__ = ["find_data"]

_GRAPH_DATA = "github.com/EdisonLeeeee/GraphData (MIT)"
_STRUC2VEC = "Ribeiro et al., KDD 2017: github.com/leoribeiro/struc2vec (MIT)"
_PLATONOV = "Platonov et al., ICLR 2023: github.com/yandex-research/heterophilous-graphs (MIT)"
SOURCES = {  # what to get, from where, under which licence
    "wbc_pbc": "PBC, Mendeley Data doi:10.17632/snkd93bnjr.1, with WBCAtt's attributes; CC BY 4.0",
    "wbc_jtsc": "Zheng et al., Micron 107, 2018: github.com/zxaoyou/segmentation_WBC; GPL-3.0",
    "wbc_bccd": "github.com/Shenggan/BCCD_Dataset; MIT",
    "rs_rsscn7": "Zou et al., IEEE GRSL 12(11), 2015: github.com/palewithout/RSSCN7; research",
    "ds_pacs": "PACS, Li et al., ICCV 2017; no licence stated, for research",
    "wordnet30_nouns": "made of WordNet 3.0, wordnet.princeton.edu; WordNet License",
    "cora_ml": f"Bojchevski & Guennemann, ICLR 2018: {_GRAPH_DATA}",
    "dblp": f"Bojchevski & Guennemann, ICLR 2018: {_GRAPH_DATA}",
    "coauthor_cs": f"Shchur et al., 2018: {_GRAPH_DATA}",
    "coauthor_physics": f"Shchur et al., 2018: {_GRAPH_DATA}",
    "europe_airport": _STRUC2VEC,
    "usa_airport": _STRUC2VEC,
    "hindex": "Qiu et al., KDD 2020: github.com/renH2/Bridge-Tune; no licence stated",
    "chameleon": _PLATONOV,
    "actor": _PLATONOV,
}
_ARCHIVE = "a .npz file with edge_index, num_nodes and y (docs/graph_control.md)"
KINDS = {  # how a file's name ends that is asked for without it, and what can be given
    "vision": ("", "a folder with labels.csv, or with a folder of images for each class"),
    "ontology": (".tsv.gz", "a table of WordNet 3.0's nouns (docs/sources.md)"),
    "graph": (".npz", f"{_ARCHIVE}, or of a table whose rows are samples (docs/rows.md)"),
    "code": (".jsonl.gz", "lines of JSON with query, code and split (docs/code_search.md)"),
    "rows": ("", "a table of rows, or a folder with one (docs/rows.md)"),
}


def find_data(path: str | Path, kind: str = "vision") -> Path:
    """Path or name of a data set -> where it is.

    Args:
        path: of the data set, or its name under `$KGTRANSFER_DATA/KIND`.
        kind: of data, a key of `KINDS`; that of `graph` is a file, also without its `.npz`, and so
            is that of `ontology` without its `.tsv.gz`.

    Raises:
        DataError: it is in neither place; the message says where it can be had.
    """
    suffix, description = KINDS[kind]
    requested = expanded(path)
    root = os.environ.get("KGTRANSFER_DATA")
    folders = [Path(), *([Path(root, kind), Path(root)] if root else [])]
    names = dict.fromkeys([requested, requested.parent / f"{requested.name}{suffix}"])
    for place in (folder / name for folder in folders for name in names):
        if str(path) and (place.is_file() if suffix else place.exists()):
            return place
    source = SOURCES.get(requested.stem)
    missing = f"{path or 'no data'}: not found"
    raise DataError(
        missing if root else f"{missing}, and $KGTRANSFER_DATA is not set",
        cure=f"get {requested.name} ({source}), and give its path"
        if source
        else f"give the path of {description}",
    )
