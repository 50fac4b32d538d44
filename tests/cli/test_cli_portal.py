"""`portal`, `sources` and `audit --source` as users type them: one form for every portal, each dataset once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources"))
import ckan_server
import ods_server
from udata_server import Scripted, serve_udata

ROOT = Path(__file__).resolve().parents[2]
LOCAL = "--allow-private-network"
Program = Callable[..., Any]

ORGANIZATION = {
    "id": "5baa0e468b4c414416b6f7b2",
    "slug": "exempleville",
    "name": "Exempleville",
    "business_number_id": "21350328700019",
    "badges": [{"kind": "certified"}],
}


def trees(portal: str, **more: Any) -> dict[str, Any]:
    """Return the record of a dataset of data.gouv.fr harvested from an Opendatasoft portal."""
    page = f"{portal}/explore/dataset/arbres/"
    return {
        "id": "6baa0e468b4c414416b6f7b3",
        "slug": "arbres",
        "title": "Arbres d'alignement",
        "organization": ORGANIZATION,
        "license": "lov2",
        "harvest": {"remote_id": page, "remote_url": page, "domain": portal.partition("//")[2]},
        "resources": [
            {"id": "r1", "title": "csv", "format": "csv", "url": f"{portal}/api/explore/v2.1/catalog/datasets/arbres/exports/csv?use_labels=true"},
        ],
    } | more  # fmt: skip


@pytest.fixture
def ods() -> Iterator[str]:
    """Serve an Opendatasoft portal of three datasets, one of which is « arbres »."""
    records = [record | {"dataset_id": f"jeu-{number}"} for number, record in enumerate(ods_server.generated(2))]
    named = ods_server.generated_one(7, title="Arbres d'alignement", license="Licence Ouverte v2.0 (Etalab)")
    with ods_server.serve_ods([*records, named | {"dataset_id": "arbres"}]) as portal:
        yield portal.base_url


def portal(program: Program, *arguments: object) -> tuple[dict[str, Any], Any]:
    run = program("portal", *arguments, LOCAL, "--format", "json", "--on", "2026-11-26")
    assert run.out, run.err
    return json.loads(run.out), run


def test_a_catalogue_comes_out_by_the_names_of_dcat(program: Program, ods: str) -> None:
    found, run = portal(program, ods)
    assert run.code == 0
    jsonschema.validate(found, json.loads((ROOT / "docs/schemas/portal.schema.json").read_text(encoding="utf-8")))
    assert [source["kind"] for source in found["sources"]] == ["opendatasoft"]
    assert {dataset["identifier"] for dataset in found["datasets"]} == {"arbres", "jeu-0", "jeu-1"}
    (wanted,) = [dataset for dataset in found["datasets"] if dataset["identifier"] == "arbres"]
    assert wanted["title"] == "Arbres d'alignement"
    assert wanted["license"] == "Licence Ouverte v2.0 (Etalab)"
    tried = [one for one in wanted["distribution"] if one["availability"]]
    assert [one["format"] for one in tried if one["synthesised"]] == ["csv"], "one export stands for all"
    assert {one["availability"]["state"] for one in tried} == {"available"}


def test_the_links_are_left_alone_when_asked(program: Program, ods: str) -> None:
    found, _ = portal(program, ods, "--no-links")
    assert not found["links_checked"]
    assert not [one for dataset in found["datasets"] for one in dataset["distribution"] if one["availability"]]


def test_several_portals_make_one_list_where_a_copy_counts_once(program: Program, ods: str) -> None:
    with serve_udata([ORGANIZATION], [trees(ods)]) as national:
        found, _ = portal(program, ods, f"{national.base_url}/organizations/exempleville/", "--no-links")
    assert len(found["datasets"]) == 3
    (wanted,) = [dataset for dataset in found["datasets"] if dataset["title"] == "Arbres d'alignement"]
    assert [place["source"] for place in wanted["place"]] == ["opendatasoft", "udata"]
    assert wanted["identifier"] == "arbres", "the native record prevails over the harvested one"


def test_what_differs_between_copies_is_a_finding(program: Program, ods: str) -> None:
    with serve_udata([ORGANIZATION], [trees(ods, license="cc-by")]) as national:
        found, _ = portal(program, ods, f"{national.base_url}/organizations/exempleville/", "--no-links")
    (said,) = [one for one in found["findings"] if one["check"] == "copies-concordantes"]
    assert said["outcome"] == "non_compliant"
    assert "licence" in said["message"].casefold()


def test_the_same_portal_twice_is_read_once(program: Program, ods: str) -> None:
    found, _ = portal(program, ods, ods, "--no-links")
    assert len(found["catalogs"]) == 1


def test_a_source_that_fails_leaves_the_others_and_the_answer_is_partial(program: Program, ods: str) -> None:
    failing = {"/api/1/organizations/exempleville/": [Scripted(status=500, keep=True)]}
    with serve_udata([ORGANIZATION], [], scripted=failing) as national:
        found, run = portal(program, ods, f"{national.base_url}/organizations/exempleville/", "--no-links")
    assert run.code == 3
    assert found["partial"]
    assert len(found["datasets"]) == 3
    assert any("500" in fault["what"] for fault in found["faults"])


def test_one_portal_where_nothing_can_be_seen_is_one_line(program: Program) -> None:
    with serve_udata([ORGANIZATION], []) as national:
        run = program("portal", f"{national.base_url}/organizations/inconnue/", LOCAL)
    assert run.code == 2
    assert run.err.count("\n") == 1
    assert "n'existe pas" in run.err


def test_the_screen_fits_eighty_columns(program: Program, ods: str) -> None:
    run = program("portal", ods, LOCAL, "--on", "2026-11-26")
    assert run.code == 0
    assert all(len(line) <= 80 for line in run.out.splitlines())
    assert "3 jeux de données" in run.out.replace("\N{NO-BREAK SPACE}", " ")


def test_a_recording_gives_the_same_answer_byte_for_byte(program: Program, ods: str, tmp_path: Path) -> None:
    kept = tmp_path / "garde"
    first = program("portal", ods, LOCAL, "--format", "json", "--on", "2026-11-26", "--record", kept)
    assert first.code == 0, first.err
    again = program("portal", ods, "--format", "json", "--replay", kept)
    assert again.out == first.out, "the date too comes from the recording"


def test_an_audit_is_done_again_from_its_recording(program: Program, ods: str, tmp_path: Path) -> None:
    kept = tmp_path / "garde"
    with serve_udata([ORGANIZATION], [trees(ods)]) as national:
        asked = ["audit", f"{national.base_url}/organizations/exempleville/", "--source", ods, "--format", "json"]
        first = program(*asked, LOCAL, "--on", "2026-11-26", "--record", kept)
    assert first.code == 0, first.err
    again = program(*asked, "--replay", kept)
    assert again.out == first.out
    report = json.loads(again.out)
    jsonschema.validate(report, json.loads((ROOT / "docs/schemas/audit.schema.json").read_text(encoding="utf-8")))
    assert len(report["datasets"]) == 3
    assert any(file["row_count"] for dataset in report["datasets"] for file in dataset["files"])
    (wanted,) = [dataset for dataset in report["datasets"] if dataset["title"] == "Arbres d'alignement"]
    assert [copy["source"] for copy in wanted["copies"]] == ["opendatasoft", "udata"]


def test_what_was_not_recorded_is_told(program: Program, ods: str, tmp_path: Path) -> None:
    kept = tmp_path / "garde"
    program("portal", ods, LOCAL, "--no-links", "--record", kept)
    run = program("portal", "http://127.0.0.1:1/", "--replay", kept)
    assert run.code == 2
    assert run.err.count("\n") == 1
    assert "enregistr" in run.err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--record", "a", "--replay", "."], "s'excluent"),
        (["--offline", "--refresh"], "se contredisent"),
        (["--replay", "nulle-part"], "n'existe pas"),
        (["--ca-bundle", "nulle-part.pem"], "n'existe pas"),
        (["--format", "pdf"], "n'est pas un format"),
    ],
)
def test_options_that_make_no_sense_are_told_in_one_line(program: Program, options: list[str], told: str) -> None:
    run = program("portal", "https://data.exemple.fr", *options)
    assert run.code == 2
    assert told in run.err
    assert run.err.count("\n") == 1


def test_a_word_is_no_portal(program: Program) -> None:
    run = program("portal", "nancy")
    assert run.code == 2
    assert "n'est pas une adresse web" in run.err


def test_without_the_cache_offline_says_so(program: Program, ods: str) -> None:
    run = program("portal", ods, LOCAL, "--offline")
    assert run.code == 2
    assert run.err.count("\n") == 1


# --- sources


def test_sources_says_the_kind_and_on_what_ground(program: Program) -> None:
    with ckan_server.serve_ckan(ckan_server.generated(2)) as server:
        run = program("sources", server.base_url, LOCAL)
        found = json.loads(program("sources", server.base_url, LOCAL, "--format", "json", "--refresh").out)
    assert run.code == 0
    assert "CKAN" in run.out and "Reconnu à ceci" in run.out
    jsonschema.validate(found, json.loads((ROOT / "docs/schemas/sources.schema.json").read_text(encoding="utf-8")))
    assert found["source"]["kind"] == "ckan"
    assert found["requests"] <= 6


def test_a_second_question_costs_no_request(program: Program) -> None:
    with ckan_server.serve_ckan(ckan_server.generated(2)) as server:
        program("sources", server.base_url, LOCAL)
        before = len(server.seen)
        run = program("sources", server.base_url, LOCAL)
        assert len(server.seen) == before
    assert "aucune demande" in run.out


def test_an_unknown_site_exits_with_one_and_says_what_was_tried(program: Program) -> None:
    from test_sources_finding import plain_site

    with plain_site() as (base, _):
        run = program("sources", base, LOCAL)
    assert run.code == 1
    assert "d'aucun type connu" in run.out
    assert "Opendatasoft" in run.out and "CKAN" in run.out


def test_a_site_that_does_not_answer_exits_with_two(program: Program) -> None:
    run = program("sources", "http://127.0.0.1:1/", LOCAL)
    assert run.code == 2
    assert "refuse la connexion" in run.err


# --- audit --source


def test_a_commune_without_siren_may_be_audited_where_it_publishes(program: Program, ods: str) -> None:
    with serve_udata([], []) as national:
        run = program("audit", "54395", "--portal", national.base_url, "--source", ods, LOCAL, "--format", "json")
    assert run.code == 0, run.err
    report = json.loads(run.out)
    assert report["organization"]["name"] == "Nancy"
    assert {catalog["source"] for catalog in report["catalogs"]} == {"udata", "opendatasoft"}
    assert len(report["datasets"]) == 3


def test_a_folder_and_a_portal_are_audited_together(program: Program, ods: str, tmp_path: Path) -> None:
    folder = tmp_path / "fichiers"
    folder.mkdir()
    (folder / "budget.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    run = program("audit", folder, "--source", ods, LOCAL, "--format", "json")
    report = json.loads(run.out)
    assert run.code == 0
    assert {catalog["place"] for catalog in report["catalogs"]} == {"folder", "portal"}
    assert len(report["datasets"]) == 4


def test_a_portal_s_address_is_a_target_of_its_own(program: Program, ods: str) -> None:
    run = program("audit", ods, LOCAL, "--format", "json")
    assert run.code == 0, run.err
    assert len(json.loads(run.out)["datasets"]) == 3


def test_an_address_of_no_known_kind_is_told(program: Program) -> None:
    from test_sources_finding import plain_site

    with plain_site() as (base, _):
        run = program("audit", base, LOCAL)
    assert run.code == 2
    assert "aucun type connu" in run.err


@pytest.mark.parametrize(("status", "said"), [(403, "refuse l'accès"), (503, "en panne")])
def test_a_site_that_is_closed_or_down_is_no_unknown_kind(program: Program, status: int, said: str) -> None:
    from test_sources_finding import plain_site

    with plain_site(everywhere=True, status=status) as (base, _):
        run = program("sources", base, LOCAL)
    assert run.code == 2
    assert said in run.err and "aucun type connu" not in run.err


def test_a_dead_address_beside_others_is_told_and_they_are_read(program: Program, ods: str) -> None:
    found, run = portal(program, ods, "http://127.0.0.1:1/", "--no-links")
    assert run.code == 3
    assert len(found["datasets"]) == 3
    assert [fault["where"] for fault in found["faults"]] == ["http://127.0.0.1:1/"]


def test_a_commune_or_a_folder_given_to_portal_is_led_to_audit(program: Program, tmp_path: Path) -> None:
    for given in ("Nancy", str(tmp_path)):
        run = program("portal", given)
        assert run.code == 2
        assert "opendata-check audit" in run.err


@pytest.mark.parametrize("letters", ["ascii", "cp1252"])
def test_json_leaves_as_utf8_whatever_the_console_s_letters(ods: str, letters: str) -> None:
    command = [sys.executable, "-m", "opendata_check", "portal", ods, LOCAL, "--no-links", "--format", "json"]
    environment = {**os.environ, "PYTHONIOENCODING": letters, "PYTHONPATH": str(ROOT)}
    written = subprocess.run(command, capture_output=True, check=True, env=environment, cwd=ROOT).stdout
    assert "Arbres d'alignement" in [dataset["title"] for dataset in json.loads(written.decode("utf-8"))["datasets"]]
