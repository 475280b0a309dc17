"""How all arms of node classification are fitted, and the published hyper-parameters."""

from __future__ import annotations

from dataclasses import dataclass, field

from kgtransfer.nodes.encoders.training import Tuning

__all__ = ["PRESETS", "NodeRecipe", "Preset"]


@dataclass(frozen=True)
class Preset:
    """Hyper-parameters of GraphControl with GCC's encoder, as published for a data set."""

    lr: float
    optimiser: str
    weight_decay: float
    restart: float
    threshold: float
    epochs: int = 100


#: graphcontrol-2024: Zhu et al., WWW 2024, by the name of the data set's file.
PRESETS = {
    "cora_ml": Preset(0.5, "adamw", 5e-4, 0.8, 0.17),
    "amazon_photo": Preset(0.5, "adamw", 5e-4, 0.8, 0.2),
    "dblp": Preset(0.1, "adam", 5e-4, 0.8, 0.3),
    "coauthor_physics": Preset(0.01, "adam", 1e-2, 0.8, 0.15),
    "usa_airport": Preset(0.3, "sgd", 1e-3, 0.5, 0.15),
    "europe_airport": Preset(0.2, "sgd", 5e-4, 0.5, 0.15),
    "brazil_airport": Preset(0.1, "sgd", 1e-3, 0.3, 0.3, epochs=400),
    "hindex": Preset(0.1, "sgd", 5e-4, 0.5, 0.17),
}


@dataclass(frozen=True)
class NodeRecipe:
    """Settings that all arms share.

    Attributes:
        protocol: `validated`: everything is chosen within the training nodes; `paper`: training
            sees all of them and the best accuracy on the test over the epochs is what counts, as
            published; it holds for the preset and for `tuned` arms.
        preset: `graphcontrol-2024`, or empty for the method of this project.
        local: what the preset's subgraphs are positioned by, `adjacency` or `attributes`.
        layerwise: the preset's condition enters after every layer of the copy, too.
        restart: of the walks, outside of the preset.
        tuning: of the `tuned` arms.
    """

    protocol: str = "validated"
    preset: str = ""
    local: str = "adjacency"
    layerwise: bool = False
    restart: float = 0.8
    tuning: Tuning = field(default_factory=Tuning)
