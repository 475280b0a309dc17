"""A run as a page for its reader: `report.html` with every plot inside, and a model card.

Settings of validation samples stand last, apart from the tests. Beside the scores, the page shows
what it finds in `RunResult.details`; every key is optional:

    arms        {arm: what it is, in a phrase}
    label_unit  what a label is, in the plural: "labelled pairs"
    command     the command line that made the run
    graph       {ontology: its title, triples, concepts, relations: {label: count},
                 classes: {label: count}, colours: {label: #rrggbb}, languages, python, hash,
                 packages: [name]}
    gates       {setting: {arm: {relation: [value of each seed]}}}
    chosen      {setting: {seed: {name, by, losses: {candidate: held-out loss}}}}
    candidates  {setting: {candidate: [test score, low, high]}}
    hindsight   {setting: {best: candidate, margin: the chosen ones' score minus its own}}
                (these three: see `kgtransfer.report.candidates`)
    confusion   {test set: {classes: [name], table: [counts of a true class]}}
    calibration {test set: {bins: [{confidence, accuracy, count}], ece,
        abstention: [{answered, accuracy}] or nothing}}
    concepts    {names, classes, seen: [[weight of each class] of each name], stated: the same}
    pictures    [{title, png: base64}]
    examples    {setting: [{query, target, module, rank_before, rank_after,
                 context: [{relation, concept, weight}]}]}
    map         {x: [...], y: [...], class: [...], label: [...], explained: [share of each axis],
                 concepts: how many there are, colours: {class: #rrggbb}}
    queries     [{question, cypher, rows: [{column: value}]}]
    embedding   {name: value}
    overlap     {sets: {name: {images, groups, copies, near_copies}}, across, listed: [{kind, image,
                 set, other, other_set}], left_out, leakage, group}
    training    {synthetic_queries: [text], name: value}
"""

from __future__ import annotations

from kgtransfer.report.card import write_card
from kgtransfer.report.html import write_report

__all__ = ["write_card", "write_report"]
