"""The torch module weighs values as `MeasuredGrounder` does, wherever it takes them from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from kgtransfer.errors import DataError
from kgtransfer.grounding.measured import MeasuredGrounder
from kgtransfer.grounding.measured_module import MeasuredValues
from kgtransfer.knowledge.io.ontology import read_ontology

E = "https://example.org/"
FRUIT = """
@prefix e: <https://example.org/> . @prefix kgt: <https://w3id.org/kgtransfer/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
e:Size rdfs:subClassOf kgt:Attribute .
e:diameter kgt:unit "cm" ; kgt:lowEnd 5 ; kgt:highEnd 25 .
e:Big rdfs:subClassOf e:Size ; kgt:measuredBy e:diameter ; kgt:threshold 10 ; kgt:softness 1 .
e:Small rdfs:subClassOf e:Size ; kgt:measuredBy e:diameter ; kgt:threshold 10 ; kgt:softness -1 .
e:Taste rdfs:subClassOf kgt:Attribute .
e:acid kgt:lowEnd 0.5 ; kgt:highEnd 2 .
e:Sour rdfs:subClassOf e:Taste ; kgt:measuredBy e:acid ; kgt:threshold 1 ; kgt:softness 0.1 .
e:Mild rdfs:subClassOf e:Taste ; kgt:measuredBy e:acid ;
    kgt:minimum 0.6 ; kgt:maximum 1.4 ; kgt:softness 0.1 .
e:Ripe kgt:measuredBy e:colour ; kgt:maximum 3 ; kgt:softness 0.5 .
"""


class Scale:
    measures = (E + "colour", E + "acid", E + "diameter")

    def measure(self, samples: object) -> np.ndarray:
        return np.array(samples)


@pytest.fixture(scope="module")
def grounder(tmp_path_factory: pytest.TempPathFactory) -> MeasuredGrounder:
    file: Path = tmp_path_factory.mktemp("fruit") / "fruit.ttl"
    file.write_text(FRUIT, encoding="utf-8")
    return MeasuredGrounder(read_ontology(file), Scale())


NUMBERS = st.one_of(st.floats(-50, 50, width=32), st.just(float("nan")))
DOMAIN = np.random.default_rng(0).normal((3, 1, 40), (1, 0.5, 10), (30, 3))


@given(measures=npst.arrays(np.float64, st.tuples(st.integers(1, 4), st.just(3)), elements=NUMBERS))
@pytest.mark.parametrize("is_fitted", [False, True])
def test_it_weighs_as_the_grounder(
    grounder: MeasuredGrounder, measures: np.ndarray, is_fitted: bool
) -> None:
    grounder = grounder.fitted_to(DOMAIN) if is_fitted else grounder
    observed = grounder.observations(grounder.weights_of(grounder.standardised(measures)))
    module = MeasuredValues.of(grounder, observed.values)
    expected = np.hstack(list(observed.weights.values()))
    assert module(torch.from_numpy(measures).float()).numpy() == pytest.approx(expected, abs=1e-4)


def test_it_takes_the_range_of_another_domain(grounder: MeasuredGrounder) -> None:
    module = MeasuredValues.of(grounder, grounder.attributes)
    assert module.percentiles.isnan().all()
    module.fit_range(torch.from_numpy(DOMAIN))
    fitted = MeasuredValues.of(grounder.fitted_to(DOMAIN), grounder.attributes)
    assert torch.allclose(module.percentiles, fitted.percentiles, equal_nan=True)
    assert module.percentiles.isnan().tolist() == [[True, False, False]] * 2
    with pytest.raises(DataError, match="9 samples do not tell"):
        module.fit_range(torch.from_numpy(DOMAIN[:9]))


def test_thresholds_are_kept_with_the_module(grounder: MeasuredGrounder) -> None:
    module = MeasuredValues.of(grounder, grounder.attributes)
    again = MeasuredValues(module.state_dict())
    measures = torch.from_numpy(DOMAIN).float()
    assert torch.equal(again(measures), module(measures))
