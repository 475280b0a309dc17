from __future__ import annotations

import numpy as np
import pytest

from kgtransfer.errors import ConfigError
from kgtransfer.grounding.observations import Observations
from kgtransfer.grounding.said import Said, corrected, read_said
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology

TURTLE = """
@prefix e: <http://e.example/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
e:Colour rdfs:label "granule colour" .
e:Red rdfs:label "red granules" ; skos:altLabel "eosinophilic" .
e:Blue rdfs:label "blue granules" .
e:Pale rdfs:label "pale" .
e:Stain rdfs:label "stain" .
e:Weak rdfs:label "pale" .
e:Strong rdfs:label "strong" .
"""
E = "http://e.example/"
VALUES = {
    f"{E}Colour": (f"{E}Blue", f"{E}Pale", f"{E}Red"),
    f"{E}Stain": (f"{E}Strong", f"{E}Weak"),
}
RED = Said(f"{E}Colour", f"{E}Red", holds=True)


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    path = tmp_path_factory.mktemp("said") / "said.ttl"
    path.write_text(TURTLE, encoding="utf-8")
    return read_ontology(path)


@pytest.mark.parametrize(
    "text",
    [
        "e:Red=yes", "Red = YES", f"{E}Red=true", "red granules=yes", "eosinophilic=yes",
        "e:Colour=e:Red", "granule colour=red granules",
    ],
)  # fmt: skip
def test_a_value_goes_by_any_of_its_names(text: str, graph: KnowledgeGraph) -> None:
    assert read_said([text], graph, VALUES) == (RED,)


def test_a_value_is_denied(graph: KnowledgeGraph) -> None:
    assert read_said(["e:Red=no"], graph, VALUES) == (Said(f"{E}Colour", f"{E}Red", holds=False),)


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["e:Red"], r"'e:Red' says nothing of a value\n.*VALUE=yes"),
        (["redd granules=yes"], r"called 'redd granules'\n.*what can be said: e:Red, "),
        (["Size=yes"], r"called 'Size'\n.*e:Blue, e:Pale, e:Red, e:Strong, e:Weak"),
        (["granule color=red"], r"called 'granule color'\n.*e:Colour"),
        (["granule colour=strong"], r"called 'strong'\n.*said: e:Blue, e:Pale, e:Red$"),
        (["pale=yes"], r"several values are called 'pale'\n.*e:Colour=e:Pale, e:Stain=e:Weak"),
        (["e:Red=yes", "e:Blue=yes"], "e:Red and e:Blue are values of one attribute, granule"),
    ],
)
def test_what_cannot_be_said_is_refused_with_what_could(
    texts: list[str], message: str, graph: KnowledgeGraph
) -> None:
    with pytest.raises(ConfigError, match=message):
        read_said(texts, graph, VALUES)


def test_what_is_said_stands_in_place_of_what_was_measured() -> None:
    weights = {
        f"{E}Colour": np.array([[0.7, 0.2, 0.1], [0.0, 1.0, 0.0]]),
        f"{E}Stain": np.array([[0.5, 0.5], [0.9, 0.1]]),
    }
    observed = Observations(VALUES, weights)
    said = corrected(observed, [RED])
    red = [0.01 / 1.03, 0.01 / 1.03, 1.01 / 1.03]
    np.testing.assert_allclose(said.weights[f"{E}Colour"], [red, red])
    assert said.weights[f"{E}Stain"].tolist() == [[0.5, 0.5], [0.9, 0.1]]
    assert weights[f"{E}Colour"][0].tolist() == [0.7, 0.2, 0.1]


def test_what_is_denied_leaves_its_weight_to_the_others() -> None:
    weights = {f"{E}Colour": np.array([[0.6, 0.2, 0.2], [0.0, 0.0, 1.0]])}
    observed = Observations({f"{E}Colour": VALUES[f"{E}Colour"]}, weights)
    denied = corrected(observed, [Said(f"{E}Colour", f"{E}Red", holds=False)])
    np.testing.assert_allclose(
        denied.weights[f"{E}Colour"],
        [[0.61 / 0.83, 0.21 / 0.83, 0.01 / 0.83], [1 / 3, 1 / 3, 1 / 3]],
    )
