"""The command line, as a user meets it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from PIL import Image
from typer.main import get_command

from kgtransfer import cli

Command = Callable[..., subprocess.CompletedProcess[str]]
BROKEN = '@prefix : <http://x.example/> .\n:a :b "c\n'
CYCLE = """
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix : <http://x.example/> .
:A rdfs:label "A" ; rdfs:subClassOf :B .
:B rdfs:label "B" ; rdfs:subClassOf :A .
"""
API = """
@prefix api: <https://w3id.org/kgtransfer/api#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix : <http://x.example/> .
:m a api:Module ; rdfs:label "m" .
:f a api:Function ; rdfs:label "f" ; api:partOf :m .
"""


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from kgtransfer.cli import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs the command line in this process, which costs no start."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        monkeypatch.setattr(sys, "argv", ["kgtransfer", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, int(ended.value.code or 0), *said)

    return run


def test_every_verb_has_help_with_an_example(here: Command) -> None:
    verbs = get_command(cli.app).commands  # type: ignore[attr-defined]
    assert {"check", "train", "predict", "retrain", "migrate", "ground"} < verbs.keys()
    for verb in verbs:
        helped = here(verb, "--help")
        assert helped.returncode == 0
        assert f"kgtransfer {verb}" in helped.stdout.replace("`", "")


def test_the_version(here: Command) -> None:
    assert here("--version").stdout == "kgtransfer 0.1.0\n"


def test_check_is_quiet_about_the_projects_own_ontology(repository: Path) -> None:
    checked = _run("check", str(repository / "ontology"))
    assert (checked.returncode, checked.stdout.strip()) == (0, "0 violations, 0 warnings, 0 hints")


def test_check_names_file_line_and_cure(tmp_path: Path) -> None:
    file = tmp_path / "cycle.ttl"
    file.write_text(CYCLE)
    checked = _run("check", str(file))
    assert checked.returncode == 1
    assert f"{file}:4" in checked.stdout
    assert "remove one rdfs:subClassOf" in checked.stdout
    as_json = json.loads(_run("check", str(file), "--json").stdout)
    assert {"severity", "file", "line", "cure"} <= as_json[0].keys()


def test_warnings_fail_only_a_strict_check(tmp_path: Path) -> None:
    file = tmp_path / "cell.ttl"
    file.write_text("<http://x.example/a> a <http://www.w3.org/2002/07/owl#Class> .")
    checked = _run("check", str(file))
    assert checked.stdout.splitlines()[-1] == "0 violations, 2 warnings, 0 hints"
    assert (checked.returncode, _run("check", str(file), "--strict").returncode) == (0, 1)


def test_check_points_at_a_syntax_error(tmp_path: Path) -> None:
    file = tmp_path / "broken.ttl"
    file.write_text(BROKEN)
    checked = _run("check", str(file))
    assert checked.returncode == 1
    assert f"{file}:2" in checked.stdout


def test_the_package_runs_as_a_module() -> None:
    for module in ("kgtransfer", "kgtransfer.cli"):
        command = [sys.executable, "-m", module, "check", "none.ttl"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr.splitlines()[0]) == (
            2,
            "error: none.ttl: no such file or folder",
        )


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_check_prints_any_text_on_any_terminal(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "size.ttl"
    file.write_text(CYCLE + r':C rdfs:label "Größe\u001b[31m" ; rdfs:subClassOf :C .', "utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    command = [sys.executable, "-m", "kgtransfer", "check", str(file)]
    for extra in ([], ["--json"]):
        done = subprocess.run(
            [*command, *extra], capture_output=True, encoding=encoding, env=environment, check=False
        )
        assert (done.returncode, done.stderr, "\x1b" in done.stdout) == (1, "", False)
    assert "Größe\x1b[31m" in {finding["label"] for finding in json.loads(done.stdout)}


def test_diff_says_what_changed(tmp_path: Path) -> None:
    old, new = tmp_path / "old.ttl", tmp_path / "new.ttl"
    old.write_text(CYCLE)
    new.write_text(CYCLE.replace('label "A"', 'label "alpha"'))
    compared = _run("diff", str(old), str(new))
    assert compared.returncode == 0
    assert compared.stdout.splitlines() == [
        "~ alpha",
        '    ~ label: "A" -> "alpha"',
        "0 added, 0 removed, 1 changed, 1 unchanged",
    ]
    as_json = json.loads(_run("diff", str(old), str(new), "--json").stdout)
    assert as_json["changed"][0]["iri"] == "http://x.example/A"


def test_diff_as_a_table_for_a_pull_request(here: Command, tmp_path: Path) -> None:
    old, new = tmp_path / "old.ttl", tmp_path / "new.ttl"
    old.write_text(CYCLE)
    new.write_text(CYCLE.replace('label "A"', 'label "alpha"'))
    said = here("diff", str(old), str(new), "--markdown").stdout.splitlines()
    assert (said[0], said[-1]) == (
        "**0 added, 0 removed, 1 changed, 1 unchanged**",
        '| `alpha` | `label` | `"A"` | `"alpha"` |',
    )


def test_fix_shows_first_and_writes_when_told(here: Command, tmp_path: Path) -> None:
    file = tmp_path / "slips.ttl"
    file.write_text(CYCLE + ':C rdfs:lable "C"@en_GB .\n')
    shown = here("fix", str(tmp_path))
    assert shown.returncode == 0
    assert '-:C rdfs:lable "C"@en_GB .\n+:C rdfs:label "C"@en-GB .\n' in shown.stdout
    assert shown.stdout.splitlines()[-1] == "2 mistakes would be mended; --write does it"
    assert file.read_text() == CYCLE + ':C rdfs:lable "C"@en_GB .\n'
    (as_json,) = json.loads(here("fix", str(file), "--json").stdout)
    assert ([mistake["line"] for mistake in as_json["mended"]], as_json["written"]) == (
        [6, 6],
        False,
    )
    assert here("fix", str(file), "--write").stdout.splitlines()[-1] == "2 mistakes mended"
    assert file.read_text() == CYCLE + ':C rdfs:label "C"@en-GB .\n'
    assert here("fix", str(file)).stdout == "nothing to mend\n"


def test_export_writes_every_format(here: Command, tmp_path: Path) -> None:
    file, out = tmp_path / "cycle.ttl", tmp_path / "out" / "cycle.rdf"
    file.write_text(CYCLE)
    said = here("export", str(file), "--format", "ntriples").stdout
    assert "<http://x.example/A>" in said
    assert here("export", str(file), "--format", "rdfxml", "--out", str(out)).returncode == 0
    assert here("diff", str(file), str(out)).stdout.startswith("0 added, 0 removed, 0 changed")
    assert here("export", str(file), "--format", "docx").returncode == 2


def test_an_error_is_one_message_and_status_2(tmp_path: Path) -> None:
    failed = _run("sync", str(tmp_path / "none.ttl"))
    assert failed.returncode == 2
    assert failed.stderr.startswith("error: ")
    assert "Traceback" not in failed.stderr


def test_sync_then_query(here: Command, tmp_path: Path) -> None:
    file, store = tmp_path / "api.ttl", str(tmp_path / "store.kglite")
    file.write_text(API)
    synced = json.loads(here("sync", str(file), "--store", store, "--json").stdout)
    assert synced["nodes_added"] == 2
    cypher = "MATCH (f:api__Function)-[:api__partOf]->(m) RETURN f.uri AS f, m.uri AS m"
    rows = json.loads(here("query", cypher, "--store", store, "--json").stdout)
    assert rows == [{"f": "http://x.example/f", "m": "http://x.example/m"}]
    named = here(
        *("query", "api_functions_of_module", "--param", "module=m", "--store", store, "--json")
    )
    assert json.loads(named.stdout)[0]["function"] == "f"


def test_query_refuses_to_write_unless_told(here: Command, tmp_path: Path) -> None:
    file, store = tmp_path / "api.ttl", str(tmp_path / "store.kglite")
    file.write_text(API)
    here("sync", str(file), "--store", store)
    count, create = "MATCH (n:Mine) RETURN count(n) AS n", "CREATE (n:Mine) RETURN 1 AS one"
    for arguments, status in (([], 2), (["--read"], 2), (["--write"], 0)):
        done = here("query", create, "--store", store, *arguments)
        assert done.returncode == status
        assert ("CREATE is not allowed" in done.stderr) == (status == 2)
    assert json.loads(here("query", count, "--store", store, "--json").stdout) == [{"n": 1}]


def test_query_prints_a_table_or_csv_and_checks_its_parameters(
    here: Command, tmp_path: Path
) -> None:
    file, store = tmp_path / "api.ttl", str(tmp_path / "store.kglite")
    file.write_text(API)
    assert "2 added" in here("sync", str(file), "--store", store).stdout
    assert "nothing to do" in here("sync", str(file), "--store", store).stdout
    command = ["query", "api_functions_of_module", "--store", store]
    shown = here(*command, "-p", "module=m").stdout.split()
    assert shown == ["function", "uri", "f", "http://x.example/f"]
    as_csv = here(*command, "-p", "module=m", "--csv").stdout
    assert as_csv.splitlines() == ["function,uri", "f,http://x.example/f"]
    wrong = here(*command, "-p", "modul=m")
    assert wrong.returncode == 2
    assert "give $module (its label, such as json.decoder)" in wrong.stderr
    capped = here("query", "MATCH (n:Resource) RETURN n", "--store", store, "--max-rows", "1")
    assert capped.returncode == 2
    assert "more than 1" in capped.stderr


def test_sync_says_what_it_would_do_and_a_piped_table_is_whole(
    here: Command, tmp_path: Path
) -> None:
    file, store = tmp_path / "api.ttl", tmp_path / "store.kglite"
    file.write_text(API.replace("x.example", "a.very.long.name.of.a.host." + "x" * 80))
    missing = here("sync", str(file), "--store", str(store), "--dry-run")
    assert (missing.returncode, store.exists()) == (2, False)
    here("sync", str(file), "--store", str(store))
    assert store.exists()
    shown = here("query", "MATCH (f:api__Function) RETURN f.uri", "--store", str(store)).stdout
    assert "http://a.very.long.name.of.a.host." + "x" * 80 + "/f" in shown
    file.write_text(API)
    said = here("sync", str(file), "--store", str(store), "--dry-run").stdout
    assert "would be brought up to date" in said
    assert "2 added" in said
    assert "2 removed" in said
    both = here("query", "hubs", "--store", str(store), "--json", "--csv")
    assert "not both" in both.stderr


def test_query_makes_no_store(here: Command, tmp_path: Path) -> None:
    store = tmp_path / "mistyped.kglite"
    failed = here("query", "RETURN 1 AS one", "--store", str(store))
    assert failed.returncode == 2
    assert f"kgtransfer sync ONTOLOGY --store {store}" in failed.stderr
    assert not list(tmp_path.iterdir())


def test_query_lists_the_named_queries(here: Command) -> None:
    rows = json.loads(here("query", "--list", "--json").stdout)
    (found,) = [row for row in rows if row["query"] == "discriminating_axioms"]
    assert found["parameters"] == "a, b"
    assert found["answers"].startswith("Which facts tell two classes apart?")


def test_a_password_in_an_address_is_refused(here: Command, tmp_path: Path) -> None:
    file = tmp_path / "api.ttl"
    file.write_text(API)
    for verb, what in (("query", "hubs"), ("sync", str(file))):
        failed = here(verb, what, "--store", "neo4j://kim:open-sesame@localhost")
        assert failed.returncode == 2
        assert "NEO4J_PASSWORD" in failed.stderr
        assert "open-sesame" not in failed.stderr + failed.stdout


def test_embed_writes_vectors(tmp_path: Path) -> None:
    file, out = tmp_path / "cycle.ttl", tmp_path / "vectors"
    file.write_text(CYCLE)
    command = ["embed", str(file), "--out", str(out), "--text", "none", "--dim", "4"]
    done = _run(*command, "--epochs", "1", "--json")
    assert json.loads(done.stdout)["entities"] == 2
    assert (out / "concepts.safetensors").is_file()
    assert not (out / "concepts.png").exists()  # two concepts have no plane


def test_embed_draws_and_exports_a_folder_of_triples(tmp_path: Path) -> None:
    out = tmp_path / "vectors"
    (tmp_path / "train.tsv").write_text("a\tr\tb\nb\tr\tc\nc\tr\ta\n")
    (tmp_path / "entity_label.tsv").write_text("a\tthe first\n")
    command = ["embed", str(tmp_path), "--out", str(out), "--dim", "4", "--epochs", "1"]
    _run(*command, "--export", "word2vec", "--export", "parquet")
    assert (out / "concepts.png").read_bytes().startswith(b"\x89PNG")
    assert (out / "concepts.vec").read_text().splitlines()[0] == "3 8"
    table = pq.read_table(out / "concepts.parquet")
    assert table["label"].to_pylist() == ["the first", None, None]
    refused = _run(*command, "--export", "csv")
    assert (refused.returncode, "one of: word2vec, parquet" in refused.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--out", "train.tsv"], "train.tsv is a file"),
        (["--out", "o", "--described"], "--described is for ontologies"),
        (["--out", "o", "--from", "o", "--dim", "4", "--model", "cp"], "--model, --dim cannot"),
        (["--out", "o", "--model", "conve"], "one of: complex, cp, distmult"),
        (["--out", "o", "--budget", "much"], "'much' is no budget"),
        (["--out", "o", "--from", "o", "--budget", "2x"], "--budget cannot change with --from"),
        (["--out", "o", "--text", "minilm"], "has no texts to read"),
    ],
)
def test_embed_refuses_at_once_what_cannot_be(
    here: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments, message
) -> None:
    (tmp_path / "train.tsv").write_text("a\tr\tb\n")
    monkeypatch.chdir(tmp_path)
    refused = here("embed", ".", *arguments)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert message in refused.stderr


def test_embed_says_what_an_empty_folder_lacks(here: Command, tmp_path: Path) -> None:
    refused = here("embed", str(tmp_path), "--out", str(tmp_path / "o"))
    assert refused.returncode == 2
    assert "has neither triples nor an ontology" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "no.toml", "--out", "o"], "stands beside its settings"),
        (["predict", "no/run", "text"], "no/run is no run"),
        (["query", "no_such_query"], "named queries are"),
        (["query", "hubs", "-p", "x"], "write name=value"),
        (["query"], "--list"),
    ],
)
def test_wrong_paths_and_names_are_clear_errors(arguments: list[str], message: str) -> None:
    failed = _run(*arguments)
    assert failed.returncode == 2
    assert message in " ".join(failed.stderr.split())


def test_a_mistyped_setting_is_named(tmp_path: Path, repository: Path) -> None:
    toml = str(repository / "pipelines" / "code_search.toml")
    failed = _run("train", toml, "--out", str(tmp_path), "--set", "training.epoch=2")
    assert failed.returncode == 2
    assert "training.epoch" in failed.stderr


def _smear(file: Path, radius: int = 30, nucleus: int = 24) -> Path:
    """An image of a round violet nucleus in a lilac cell, beside red cells."""
    rows, columns = np.ogrid[:144, :144]
    image = np.full((144, 144, 3), (240, 228, 210), dtype=np.float64)
    for row, column, reach, colour in (
        (30, 30, 14, (190, 160, 165)),
        (110, 120, 14, (190, 160, 165)),
        (72, 72, radius, (205, 190, 225)),
        (72, 72, nucleus, (90, 50, 130)),
    ):
        image[(rows - row) ** 2 + (columns - column) ** 2 <= reach**2] = colour
    image += np.random.default_rng(0).normal(0, 2, image.shape)
    Image.fromarray(np.clip(image, 0, 255).astype(np.uint8)).save(file)
    return file


def test_ground_draws_a_cell_and_names_its_concepts(
    here: Command, repository: Path, tmp_path: Path
) -> None:
    smear = _smear(tmp_path / "smear.png")
    ontology = str(repository / "ontology" / "wbc.ttl")
    said = here("ground", str(smear), "--ontology", ontology)
    assert said.returncode == 0, said.stderr
    assert "nuclear/cytoplasmic ratio: high nuclear/cytoplasmic ratio" in said.stdout
    assert "nucleus shape: round nucleus" in said.stdout
    assert "cell diameter unknown" in said.stdout
    assert smear.with_suffix(".grounded.png").read_bytes().startswith(b"\x89PNG")


def test_ground_as_json_with_a_data_set_to_compare(
    here: Command, repository: Path, tmp_path: Path
) -> None:
    smear = [_smear(tmp_path / f"{radius}.png", radius) for radius in range(26, 36)][-1]
    ontology, out = repository / "ontology" / "wbc.ttl", tmp_path / "drawn" / "cell.png"
    options = ("--ontology", str(ontology), "--like", str(tmp_path), "--out", str(out), "--json")
    found = json.loads(here("ground", str(smear), *options).stdout)
    assert found["picture"] == str(out)
    assert found["share"] == pytest.approx({"cell": 0.186, "nucleus": 0.087}, abs=0.01)
    by = {concept["label"]: concept for concept in found["concepts"]}
    assert by["round nucleus"]["concept"] == "https://w3id.org/kgtransfer/wbc#RoundNucleus"
    assert by["big cell"]["value"] == pytest.approx(19, abs=1)
    assert by["big cell"]["weight"] > 0.95
    assert out.is_file()


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"no image", "not an image of a known kind"), (None, "no stained cell is in it")],
)
def test_ground_names_the_image_that_it_cannot_use(
    here: Command, repository: Path, tmp_path: Path, content: bytes | None, message: str
) -> None:
    file = tmp_path / "bad.png"
    if content is None:
        Image.new("RGB", (60, 60), "white").save(file)
    else:
        file.write_bytes(content)
    said = here("ground", str(file), "--ontology", str(repository / "ontology" / "wbc.ttl"))
    assert said.returncode == 2
    assert str(file) in said.stderr
    assert message in said.stderr


def test_ground_draws_a_scene_and_names_its_concepts(
    here: Command, repository: Path, tmp_path: Path
) -> None:
    lawn = np.random.default_rng(0).normal((110, 140, 80), 8, (128, 128, 3))
    pixels = lawn.astype(np.uint8)
    pixels[:, :64] = (20, 40, 70)
    scene = tmp_path / "lake.png"
    Image.fromarray(pixels).save(scene)
    said = here("ground", str(scene), "--ontology", str(repository / "ontology" / "land_cover.ttl"))
    assert said.returncode == 0, said.stderr
    assert "water cover: some open water" in said.stdout
    assert scene.with_suffix(".grounded.png").read_bytes().startswith(b"\x89PNG")
