"""`schemas`: the list, the card of one, getting one from the registry, and a file to fill in."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import socket
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest

from opendata_check.schemas import known, load
from opendata_check.schemas.store import versions

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "fetching"))
from scripted_server import Reply, Scripted, scripted_server

Program = Callable[..., Any]
ROOT = Path(__file__).resolve().parents[2]
JSON = {"Content-Type": "application/json"}
HTML = {"Content-Type": "text/html"}
BENCHES = {
    "name": "bancs",
    "version": "0.9.0",
    "title": "Bancs publics",
    "fields": [
        {
            "name": "id",
            "type": "string",
            "description": "Le numéro du banc.",
            "constraints": {"required": True, "pattern": "^B\\d{3}$"},
            "example": "B001",
        },
        {"name": "pose", "type": "date", "description": "Le jour de la pose."},
    ],
}
RAW = json.dumps(BENCHES).encode()
CATALOGUE = {
    "schemas": [
        {
            "name": "ville/bancs",
            "title": "Mobilier : les bancs",
            "schema_type": "tableschema",
            "versions": [
                {"version_name": "1.0.0", "schema_url": "bancs/1.0.0.json"},
                {"version_name": "1.1.0", "schema_url": "bancs/1.1.0.json"},
            ],
        },
        {
            "name": "ville/bancs-bois",
            "title": "Les bancs de bois",
            "schema_type": "tableschema",
            "datapackage_name": "ville/paquet",
            "versions": [{"version_name": "1.0.0", "schema_url": "bois.json"}],
        },
        {
            "name": "ville/paquet",
            "title": "Un paquet",
            "schema_type": "datapackage",
            "versions": [{"version_name": "1.0.0", "schema_url": "datapackage.json"}],
        },
        {"name": "sans/version", "title": "", "schema_type": "tableschema", "versions": []},
    ]
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in an empty folder; nothing is kept before."""
    place = tmp_path / "travail"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Return where schemas that were got are kept."""
    return tmp_path / "cache" / "schemas"


def _flat(text: str) -> str:
    return " ".join(text.split())


def _refused(run: Any, *words: str) -> None:
    assert (run.code, run.out, run.err.count("\n")) == (2, "", 1), run.err
    for word in words:
        assert word in _flat(run.err)
    assert "imprévue" not in run.err
    assert len(run.err) < 600
    assert all(c == "\n" or unicodedata.category(c) not in {"Cc", "Cf"} for c in run.err)


def _json(program: Program, *arguments: object) -> dict[str, Any]:
    run = program("schemas", *arguments, "--format", "json")
    assert (run.code, run.err) == (0, "")
    content: dict[str, Any] = json.loads(run.out)
    contract = json.loads((ROOT / "docs" / "schemas" / "schemas.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(content, contract, cls=jsonschema.Draft202012Validator)
    return content


# --- list -----------------------------------------------------------------------------------------------------------


def test_the_list_gives_every_embedded_schema_with_its_versions_and_columns(program: Program) -> None:
    listed = {item["id"]: item for item in _json(program, "list")["schemas"]}
    assert set(listed) == set(known())
    for id_, item in listed.items():
        assert [one["version"] for one in item["versions"]] == list(versions(id_))
        assert {one["origin"] for one in item["versions"]} == {"embedded"}
        assert (item["title"], item["column_count"]) == (load(id_).title, len(load(id_).fields))


def test_the_list_fits_the_screen(program: Program) -> None:
    run = program("schemas", "list")
    assert (run.code, run.err) == (0, "")
    assert max(map(len, run.out.splitlines())) <= 80
    assert all(id_ in run.out for id_ in known())


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        (["SUBVENTIONS"], ["scdl/subventions"]),
        (["deliberation"], ["scdl/deliberations"]),
        (["Délibération", "scdl"], ["scdl/deliberations"]),
        (["base", "adresse"], ["etalab/schema-bal"]),
        (["zzzz"], []),
        (["=1+1"], []),
    ],
)
def test_words_choose_by_name_or_title_whatever_their_case_and_accents(
    program: Program, words: list[str], ids: list[str]
) -> None:
    assert [item["id"] for item in _json(program, "list", *words)["schemas"]] == ids


def test_words_that_nothing_answers_are_repeated_safely(program: Program) -> None:
    run = program("schemas", "list", "\x1b[31mzz\u202ezz")
    assert run.code == 0 and "Aucun schéma" in run.out and "\x1b" not in run.out


def test_the_list_can_be_a_csv_on_screen_or_in_a_file(program: Program, folder: Path) -> None:
    out = program("schemas", "list", "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["nom"] for row in rows if row["version"] == versions(row["nom"])[-1]] == list(known())
    assert all(row["origine"] == "fourni" for row in rows)
    program("schemas", "list", "-o", "schemas.csv")
    assert (folder / "schemas.csv").read_text(encoding="utf-8") == out


@pytest.mark.parametrize("arguments", [["list", "--format", "xml"], ["show", "subventions", "-f", "csv"]])
def test_an_unknown_format_is_refused(program: Program, arguments: list[str]) -> None:
    _refused(program("schemas", *arguments), "n'est pas un format", "terminal, json")


def test_text_is_another_name_of_terminal(program: Program) -> None:
    assert program("schemas", "list", "-f", "text").out == program("schemas", "list").out


# --- show -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("schema_id", known())
def test_each_schema_has_a_card_that_fits_the_screen(program: Program, schema_id: str) -> None:
    schema = load(schema_id)
    run = program("schemas", "show", schema_id)
    assert (run.code, run.err) == (0, "")
    assert max(map(len, run.out.splitlines())) <= 80
    said = _flat(run.out)
    assert said.startswith(_flat(f"{schema.title} ({schema_id}, version {schema.version})"))
    for number, field in enumerate(schema.fields, start=1):
        assert f"{number}. {field.name} (" in said
        assert _flat(field.meaning) in said
    told = _json(program, "show", schema_id)["schema"]
    assert [field["name"] for field in told["fields"]] == [field.name for field in schema.fields]
    assert [field["type"] for field in told["fields"]] == [field.type for field in schema.fields]
    assert [field["required"] for field in told["fields"]] == [field.required for field in schema.fields]
    assert (told["origin"], told["pulled"]) == ("embedded", None)


@pytest.mark.parametrize(
    "words",
    [
        "2. idAttribuant (obligatoire) Le SIRET de la collectivité qui donne",
        "Règle : un SIRET juste : 14 chiffres sans espace, dont une clé de contrôle.",
        "Type : date, année-mois-jour, comme 2024-01-31.",
        "rnaBeneficiaire (facultative)",
        "Règle : « W » puis 9 chiffres.",
        "Règle : une de ces valeurs : « aide en numéraire » ; « aide en nature »",
        "Règle : 256 caractères au plus.",
        "Règle : de 0.01 à 1.",
        "Type : oui ou non, écrit « oui » pour oui et « non » pour non.",
        "Attention : cette colonne peut nommer une personne.",
        "Exemple : 2024-03-01/2024-12-31",
    ],
)
def test_a_card_says_types_and_rules_in_plain_french(program: Program, words: str) -> None:
    assert words in _flat(program("schemas", "show", "scdl/subventions").out)


@pytest.mark.parametrize(
    "typed", ["subventions", "SUBVENTION", " scdl/Subventions ", "attribuées par une collectivité"]
)
def test_a_part_of_a_name_or_of_a_title_is_enough_when_it_means_one_schema(program: Program, typed: str) -> None:
    assert program("schemas", "show", typed).out == program("schemas", "show", "scdl/subventions").out


def test_a_whole_name_wins_over_the_names_that_hold_it(program: Program) -> None:
    assert _json(program, "show", "stationnement")["schema"]["id"] == "etalab/schema-stationnement"


def test_another_version_can_be_shown(program: Program) -> None:
    told = _json(program, "show", "bal", "--version", "v1.4.0")["schema"]
    assert (told["version"], told["other_versions"]) == ("1.4.0", ["1.5.0"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["subvanti"], ["« subvanti »", "Vouliez-vous dire : scdl/subventions", "schemas list", "schemas pull"]),
        (["scdl"], ["plusieurs schémas", "scdl/budget", "autres."]),
        (["zzzzz"], ["aucun schéma ne s'appelle « zzzzz »", "schemas list"]),
        ([""], ["aucun schéma"]),
        (["x" * 5_000], ["aucun schéma"]),
        (["\x1b[31m\u202ebal"], ["aucun schéma"]),
        (["../data/scdl__budget__0.8.3"], ["aucun schéma"]),
        (["bal", "--version", "9.9"], ["la version « 9.9 » de etalab/schema-bal", "1.5.0, 1.4.0"]),
    ],
)
def test_an_unknown_name_or_version_is_refused_with_what_there_is(
    program: Program, arguments: list[str], words: list[str]
) -> None:
    _refused(program("schemas", "show", *arguments), *words)


# --- template -------------------------------------------------------------------------------------------------------


def test_a_workbook_to_fill_in_is_written_under_a_plain_name(program: Program, folder: Path) -> None:
    run = program("schemas", "template", "subventions")
    assert (run.code, run.out, run.err) == (0, "", "Écrit : modele-subventions.xlsx\n")
    book = openpyxl.load_workbook(folder / "modele-subventions.xlsx")
    assert [cell.value for cell in book["Données"][1]] == [field.name for field in load("scdl/subventions").fields]


def test_a_csv_to_fill_in_names_its_optional_columns_aside(program: Program, folder: Path) -> None:
    run = program("schemas", "template", "bal", "--version", "1.4.0", "-o", "adresses.csv")
    assert (run.code, run.out) == (0, "")
    assert "Colonnes facultatives : " in run.err and "cle_interop" in run.err
    raw = (folder / "adresses.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    header, example = csv.reader(io.StringIO(raw.decode("utf-8-sig")))
    assert header == [field.name for field in load("etalab/schema-bal", "1.4.0").fields]
    assert len(example) == len(header)
    printed = program("schemas", "template", "bal", "--version", "1.4.0", "-o", "-").out
    assert printed.splitlines() == raw.decode("utf-8-sig").splitlines()


def test_a_file_that_may_be_filled_in_is_never_replaced_without_asking(program: Program, folder: Path) -> None:
    path = folder / "modele-subventions.xlsx"
    path.write_text("rempli")
    _refused(program("schemas", "template", "subventions"), "existe déjà", "--force")
    assert path.read_text() == "rempli"
    assert program("schemas", "template", "subventions", "--force").code == 0
    assert path.read_bytes()[:2] == b"PK"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["subventions", "-o", "a.ods"], ["a.ods", ".xlsx ou .csv"]),
        (["subventions", "-o", "sans-nom"], [".xlsx ou .csv"]),
        (["subventions", "-o", "absent/a.xlsx"], ["le dossier où écrire n'existe pas"]),
        (["subventions", "-o", "dossier.xlsx"], ["c'est un dossier"]),
        (["subventions", "-o", "opendata-check.toml"], ["fichier de réponses"]),
        (["zfe"], ["GeoJSON", "schemas show etalab/schema-zfe"]),
        (["subvanti"], ["scdl/subventions"]),
        (["subventions", "--version", "0.1"], ["Versions connues"]),
    ],
)
def test_a_file_that_cannot_be_made_is_refused_in_one_line(
    program: Program, folder: Path, arguments: list[str], words: list[str]
) -> None:
    (folder / "dossier.xlsx").mkdir()
    _refused(program("schemas", "template", *arguments), *words)
    assert [path.name for path in folder.iterdir()] == ["dossier.xlsx"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root écrit partout")
def test_a_folder_without_rights_is_told(program: Program, folder: Path) -> None:
    folder.chmod(0o500)
    try:
        _refused(program("schemas", "template", "subventions"), "vous n'avez pas le droit d'écrire ici")
    finally:
        folder.chmod(0o700)


# --- pull -----------------------------------------------------------------------------------------------------------


def _json_reply(value: Any, **more: Any) -> Reply:
    return Reply(body=value if isinstance(value, bytes) else json.dumps(value).encode(), headers=JSON, **more)


def _registry(**more: Reply | list[Reply]) -> dict[str, Reply | list[Reply]]:
    replies: dict[str, Reply | list[Reply]] = {
        "/schemas.json": _json_reply(CATALOGUE, etag='"c1"'),
        "/bancs/1.0.0.json": _json_reply({**BENCHES, "title": "Anciens bancs"}),
        "/bancs/1.1.0.json": _json_reply(RAW, etag='"b1"'),
    }
    return replies | {f"/{name}": reply for name, reply in more.items()}


def _pull(program: Program, server: Scripted, *arguments: str, catalogue: str = "/schemas.json") -> Any:
    place = server.base_url + catalogue
    return program("schemas", "pull", *arguments, "--catalogue", place, "--allow-private-network")


def test_without_a_name_the_registry_s_tables_are_listed(program: Program) -> None:
    with scripted_server(_registry()) as server:
        run = _pull(program, server)
    assert (run.code, run.err) == (0, "")
    said = _flat(run.out)
    assert "2 schémas de tableau au registre national." in said
    assert "- ville/bancs 1.1.0 Mobilier : les bancs." in said
    assert "qui ne se récupèrent pas ici : 1." in said and "laissées de côté : 1." in said
    assert max(map(len, run.out.splitlines())) <= 80


def test_the_last_version_is_kept_signed_and_then_shown_without_a_network(
    program: Program, kept: Path, folder: Path
) -> None:
    with scripted_server(_registry()) as server:
        run = _pull(program, server, "ville/bancs")
    assert (run.code, run.err) == (0, "")
    assert "Récupéré : ville/bancs, version 1.1.0, 2 colonnes." in _flat(run.out)
    assert (kept / "ville__bancs__1.1.0.json").read_bytes() == RAW
    signature = json.loads((kept / "ville__bancs__1.1.0.signature").read_text(encoding="utf-8"))
    assert signature["sha256"] == hashlib.sha256(RAW).hexdigest()
    assert (signature["etag"], signature["byte_size"]) == ('"b1"', len(RAW))
    assert signature["url"] == f"{server.base_url}/bancs/1.1.0.json"
    assert signature["got_on"].endswith("+00:00")

    listed = {item["id"]: item for item in _json(program, "list")["schemas"]}
    assert listed["ville/bancs"]["versions"] == [{"version": "1.1.0", "origin": "pulled"}]
    assert "1.1.0*" in program("schemas", "list", "bancs").out
    told = _json(program, "show", "bancs")["schema"]
    assert (told["origin"], told["pulled"]["sha256"]) == ("pulled", signature["sha256"])
    said = _flat(program("schemas", "show", "bancs").out)
    assert "Récupéré : le " in said and "Règle : « B » puis 3 chiffres." in said
    assert program("schemas", "template", "bancs", "-o", "bancs.csv").code == 0
    assert (folder / "bancs.csv").read_text(encoding="utf-8-sig").splitlines() == ["id,pose", "B001,2024-01-31"]


def test_a_second_pull_asks_whether_anything_changed(program: Program, kept: Path) -> None:
    changed = json.dumps({**BENCHES, "title": "Autres bancs"}).encode()
    replies = [_json_reply(RAW, etag='"b1"'), _json_reply(RAW, etag='"b1"'), _json_reply(changed, etag='"b2"')]
    with scripted_server(_registry(**{"bancs/1.1.0.json": replies})) as server:
        _pull(program, server, "ville/bancs")
        again = _pull(program, server, "ville/bancs")
        asked = [headers.get("if-none-match") for path, headers in server.seen if path == "/bancs/1.1.0.json"]
        after = _pull(program, server, "ville/bancs")
    assert asked == [None, '"b1"']
    assert "Rien n'a changé" in again.out
    assert "Attention : son contenu a changé" in _flat(after.out)
    assert (kept / "ville__bancs__1.1.0.json").read_bytes() == changed


def test_a_version_can_be_chosen(program: Program) -> None:
    with scripted_server(_registry()) as server:
        _pull(program, server, "ville/bancs")
        run = _pull(program, server, "ville/bancs", "--version", "1.0.0")
        assert "version 1.0.0" in run.out
        _refused(_pull(program, server, "ville/bancs", "--version", "3"), "Versions connues : 1.1.0, 1.0.0")
    told = _json(program, "show", "ville/bancs")["schema"]
    assert (told["version"], told["other_versions"]) == ("1.1.0", ["1.0.0"])


def test_a_schema_that_the_program_has_is_said_to_be_there_already(program: Program) -> None:
    version = versions("scdl/subventions")[-1]
    entry = {**CATALOGUE["schemas"][0], "name": "scdl/subventions"}
    entry["versions"] = [{"version_name": version, "schema_url": "bancs/1.1.0.json"}]
    with scripted_server(_registry(**{"schemas.json": _json_reply({"schemas": [entry]})})) as server:
        run = _pull(program, server, "subventions")
    assert "c'est la sienne qui sert" in _flat(run.out)
    assert _json(program, "show", "subventions")["schema"]["origin"] == "embedded"


def test_an_address_is_enough(program: Program, kept: Path) -> None:
    with scripted_server(_registry()) as server:
        run = program("schemas", "pull", f"{server.base_url}/bancs/1.1.0.json", "--allow-private-network")
        assert run.code == 0 and "127.0.0.1/bancs, version 0.9.0" in run.out
        again = program("schemas", "pull", f"{server.base_url}/a.json", "--version", "1", "--allow-private-network")
    _refused(again, "une adresse ne donne qu'une version")
    assert _json(program, "show", "bancs")["schema"]["id"] == "127.0.0.1/bancs"


def test_local_files_work_as_well(program: Program, folder: Path) -> None:
    (folder / "bancs").mkdir()
    (folder / "bancs" / "1.1.0.json").write_bytes(RAW)
    (folder / "schemas.json").write_text(json.dumps(CATALOGUE), encoding="utf-8")
    run = program("schemas", "pull", "ville/bancs", "--catalogue", "schemas.json")
    assert (run.code, run.err) == (0, "")
    assert "ville/bancs, version 1.1.0" in run.out
    run = program("schemas", "pull", "bancs/1.1.0.json")
    assert "local/bancs, version 0.9.0" in run.out


def test_a_local_catalogue_never_leads_out_of_its_folder(program: Program, folder: Path, kept: Path) -> None:
    (folder.parent / "secret.json").write_bytes(RAW)
    (folder / "lien.json").symlink_to(folder.parent / "secret.json")
    entry = {**CATALOGUE["schemas"][0]}
    for place in ("../secret.json", str(folder.parent / "secret.json"), "lien.json"):
        entry["versions"] = [{"version_name": "1.0.0", "schema_url": place}]
        (folder / "schemas.json").write_text(json.dumps({"schemas": [entry]}), encoding="utf-8")
        _refused(program("schemas", "pull", "ville/bancs", "--catalogue", "schemas.json"), "n'est pas suivi")
    assert not kept.exists()


def test_a_schema_altered_since_is_refused_and_the_list_says_so(program: Program, kept: Path) -> None:
    with scripted_server(_registry()) as server:
        _pull(program, server, "ville/bancs")
    path = kept / "ville__bancs__1.1.0.json"
    path.write_bytes(RAW.replace(b"required", b"optional"))
    for command in (["show", "ville/bancs"], ["template", "ville/bancs"]):
        _refused(program("schemas", *command), "a été modifié depuis", "schemas pull ville/bancs --version 1.1.0")
    run = program("schemas", "list", "ville")
    assert run.code == 0 and "Illisible : ce schéma a été modifié" in _flat(run.out)
    item = next(one for one in _json(program, "list")["schemas"] if one["id"] == "ville/bancs")
    assert item["column_count"] is None and "modifié" in item["fault"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("banc", ["plusieurs schémas", "ville/bancs et ville/bancs-bois"]),
        ("ville/banks", ["Vouliez-vous dire : ville/bancs"]),
        ("arbres", ["aucun schéma ne s'appelle « arbres »", "schemas pull"]),
        ("ville/paquet", ["ne décrit pas un tableau", "Ses tableaux : ville/bancs-bois"]),
        ("sans/version", ["aucun schéma"]),
        ("https://schema.data.gouv.fr/ville/absent/", ["aucun schéma ne s'appelle « ville/absent »"]),
    ],
)
def test_a_name_that_the_registry_lacks_is_refused(program: Program, kept: Path, typed: str, words: list[str]) -> None:
    with scripted_server(_registry()) as server:
        _refused(_pull(program, server, typed), *words)
    assert not kept.exists()


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(404), ["schemas.json"]),
        (Reply(body=b"<!doctype html><p>Bonjour", headers=HTML), ["page web"]),
        (_json_reply(b'{"schemas": ['), ["pas du JSON"]),
        (_json_reply(b"[1, 2]"), ["catalogue de schémas", "https://schema.data.gouv.fr/schemas.json"]),
        (_json_reply(b"[" * 50 + b"]" * 50), ["trop de niveaux"]),
        (Reply(endless=True, headers=JSON), ["10 Mo"]),
    ],
)
def test_a_catalogue_that_cannot_be_read_is_refused(
    program: Program, kept: Path, reply: Reply, words: list[str]
) -> None:
    with scripted_server(_registry(**{"schemas.json": reply})) as server:
        _refused(_pull(program, server, "ville/bancs"), *words)
    assert not kept.exists()


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(404), ["1.1.0.json"]),
        (Reply(body=b"<html>", headers=HTML), ["page web", "Raw"]),
        (_json_reply(b"[]"), ["ne décrit pas les colonnes"]),
        (_json_reply(b"{}"), ["champs"]),
        (_json_reply(RAW[:-10]), ["pas du JSON"]),
        (Reply(endless=True, headers=JSON), ["10 Mo"]),
    ],
)
def test_a_schema_that_cannot_be_read_is_refused_and_nothing_is_kept(
    program: Program, kept: Path, reply: Reply, words: list[str]
) -> None:
    with scripted_server(_registry(**{"bancs/1.1.0.json": reply})) as server:
        _refused(_pull(program, server, "ville/bancs"), *words)
    assert not kept.exists()


def test_without_a_network_one_line_says_so(program: Program) -> None:
    _refused(program("schemas", "pull", "--catalogue", "https://absent.invalid/schemas.json"), "accès à Internet")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    place = f"http://127.0.0.1:{port}/schemas.json"
    _refused(program("schemas", "pull", "--catalogue", place, "--allow-private-network"), "refuse la connexion")
    _refused(program("schemas", "pull", "--catalogue", place), "--allow-private-network")


def test_a_file_that_does_not_exist_is_told(program: Program) -> None:
    _refused(program("schemas", "pull", "absent.json"), "ce fichier n'existe pas")
    _refused(program("schemas", "pull", "--catalogue", "absent.json"), "ce fichier n'existe pas")


def test_a_cache_that_cannot_be_written_is_told(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "fichier"
    blocked.write_text("")
    monkeypatch.setenv("OPENDATA_CHECK_CACHE", str(blocked))
    with scripted_server(_registry()) as server:
        _refused(_pull(program, server, "ville/bancs"), "n'a pas pu être gardé", "OPENDATA_CHECK_CACHE")


# --- the whole ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [[], ["list"], ["show"], ["pull"], ["template"]])
def test_each_help_is_french_and_fits_the_screen(program: Program, command: list[str]) -> None:
    run = program("schemas", *command, "--help")
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith("Usage : opendata-check schemas")
    assert max(map(len, run.out.splitlines())) <= 80


def test_importing_the_commands_imports_nothing_heavy() -> None:
    code = (
        "import sys, opendata_check.cli.schemas;"
        "heavy = {'yaml', 'requests', 'xlsxwriter', 'frictionless', 'rapidfuzz', 'pyarrow', 'opendata_check.schemas',"
        " 'opendata_check.fetching', 'opendata_check.reports', 'opendata_check.tables'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT, encoding="utf-8")
    assert run.stdout == "[]\n"
