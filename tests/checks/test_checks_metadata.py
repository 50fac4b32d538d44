"""What the record of a dataset says, and what could be written in it from what its files hold."""

from __future__ import annotations

import time
import unicodedata
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata_check.checks.loading import all_checks
from opendata_check.checks.running import run_checks
from opendata_check.checks.suggesting import says_nothing, subject_of, suggestion, years_of
from opendata_check.inspection import inspect
from opendata_check.model.catalog import Dataset, Distribution
from opendata_check.model.content import Content
from opendata_check.model.facts import ColumnFacts, ContentFacts, EnvelopeFacts, PersonalDataHint, TableFacts
from opendata_check.model.finding import Outcome
from opendata_check.model.inspected import Evidence, InspectedDataset, InspectedFile, Match
from opendata_check.model.organization import Organization, OrganizationKind

ON = date(2026, 11, 26)
BODY = Organization("Villeneuve", OrganizationKind.COMMUNE, insee_code="99001")
CHECKS = {check.rule.id: check for check in all_checks()}
LONG = (
    "Une ligne par convention, avec le nom de l'association, le montant et l'objet. Source : le service des finances."
)
METADATA = (
    "titre-et-description", "titres-distincts", "point-de-contact", "mots-cles-presents", "periode-indiquee",
    "territoire-indique", "colonnes-documentees", "noms-de-fichiers-simples",
)  # fmt: skip


def _facts(*columns: ColumnFacts, labels: tuple[str, ...] = (), rows: int = 412, **more: Any) -> ContentFacts:
    names = labels or tuple(column.label for column in columns)
    return ContentFacts(EnvelopeFacts("csv", "csv"), table=TableFacts(1, names, rows, columns), **more)


def _dated(label: str, first: str, last: str) -> ColumnFacts:
    return ColumnFacts(label, 0, "A", kind="date", first_date=first, last_date=last)


def _item(
    facts: ContentFacts | None = None, *, family: str = "", name: str = "a.csv", **record: Any
) -> InspectedDataset:
    one = Distribution("a", name, path=Path(name))
    dataset = Dataset("jeu", record.pop("title", "Données"), (one,), **{"described": True, **record})
    matches = (Match(family, 0.9, "columns"),) if family else ()
    return InspectedDataset(dataset, (InspectedFile(one, name, facts),), matches)


def _found(check: str, *items: InspectedDataset, body: Organization | None = BODY) -> list[tuple[Outcome, str, str]]:
    findings = run_checks([CHECKS[check]], Evidence(body, ON, (), (), items))
    return [(finding.outcome, finding.case, finding.message) for finding in findings]


# ---- titles


@pytest.mark.parametrize(
    ("title", "case"),
    [
        ("export_2024_v2", "title"),
        ("subventions.csv", "title"),
        ("Sans titre", "empty_title"),
        ("Export 2024", "empty_title"),
        ("Feuil1", "empty_title"),
        ("12345", "empty_title"),
        ("Nouveau document", "empty_title"),
        ("LISTE DES SUBVENTIONS 2024", "capitals"),
        ("Subventions " * 20, "long_title"),
        ("", "no_title"),
    ],
)
def test_a_title_that_says_nothing_or_shouts_is_told(title: str, case: str) -> None:
    ((outcome, found, _),) = _found("titre-et-description", _item(title=title, description=LONG))
    assert (outcome, found) == (Outcome.NON_COMPLIANT, case)


@pytest.mark.parametrize(
    "title",
    ["DECP 2024", "Budget 2026", "DAE", "BP 2024", "Liste des jeux de données", "Subventions-2024", "PLU de Villeneuve",
     "Résultats des élections – Bureau n° 12", "Base Adresse Locale", "IRVE"],
)  # fmt: skip
def test_a_plain_title_is_left_alone(title: str) -> None:
    ((outcome, _, _),) = _found("titre-et-description", _item(title=title, description=LONG))
    assert outcome is Outcome.COMPLIANT


@pytest.mark.parametrize(
    ("description", "case"),
    [
        ("", "no_description"),
        ("Subventions aux associations", "same_as_title"),
        ("Lorem ipsum dolor sit amet", "filler"),
        (
            "À compléter par le service des finances, quand il aura le temps de s'en occuper, avant l'été si tout va bien.",
            "filler",
        ),
        ("Trois mots ici", "short_description"),
        (f"{LONG} <span style='color:red'>Important</span>", "markup"),
        (f"{LONG} Fin&nbsp;!", "markup"),
    ],
)
def test_a_description_that_was_not_written_is_told(description: str, case: str) -> None:
    item = _item(title="Subventions aux associations", description=description)
    ((outcome, found, _),) = _found("titre-et-description", item)
    assert (outcome, found) == (Outcome.NON_COMPLIANT, case)


def test_markdown_and_an_ampersand_are_no_leftovers() -> None:
    text = f"**Subventions** de R&D & associations : voir https://exemple.fr/?a=1&b=2 et < 3500 habitants. {LONG}"
    ((outcome, _, _),) = _found("titre-et-description", _item(title="Subventions", description=text))
    assert outcome is Outcome.COMPLIANT


def test_two_records_of_one_title_are_told_once_and_years_part_them() -> None:
    items = [replace(_item(title=title), dataset=replace(_item(title=title).dataset, id=str(rank)))
             for rank, title in enumerate(["Budget 2024", "Budget 2025", "budget 2025.", "Arbres"])]  # fmt: skip
    ((outcome, case, message),) = _found("titres-distincts", *items)
    assert (outcome, case) == (Outcome.NON_COMPLIANT, "non_compliant")
    assert "2 jeux de données" in message


def test_files_of_a_folder_have_no_title_to_compare() -> None:
    assert _found("titres-distincts", _item(described=False), _item(described=False)) == []


# ---- contact


@pytest.mark.parametrize(
    "contact",
    ["opendata@ville.example", "mairie.villeneuve@orange.example", "service.sig@ville.example", "contact@ville.example",
     "https://ville.example/contact", "mailto:donnees@ville.example", "communication@ville.example", "saint.denis@saint-denis.example"],
)  # fmt: skip
def test_the_mailbox_of_a_service_and_a_form_are_good(contact: str) -> None:
    assert [outcome for outcome, _, _ in _found("point-de-contact", _item(contact=contact))] == [Outcome.COMPLIANT]


@pytest.mark.parametrize(
    "contact", ["camille.martin@ville.example", "c.martin@ville.example", "Jean-Luc.Martin@ville.example"]
)
def test_the_mailbox_of_a_person_is_a_question_that_does_not_repeat_it(contact: str) -> None:
    ((outcome, case, message),) = _found("point-de-contact", _item(contact=contact))
    assert (outcome, case) == (Outcome.UNVERIFIABLE, "person")
    assert "martin" not in message.lower() and "ville.example" in message


# ---- period, territory, keywords, columns, names


def test_a_dated_table_without_a_period_has_one_proposed_by_years() -> None:
    item = _item(_facts(_dated("dateConvention", "2023-01-05", "2025-11-30")), title="Subventions")
    ((outcome, _, message),) = _found("periode-indiquee", item)
    assert outcome is Outcome.NON_COMPLIANT
    assert message.endswith(": 2023 à 2025.")
    assert "01-05" not in message


def test_birth_dates_the_date_of_the_file_and_absurd_years_make_no_period() -> None:
    birth = _dated("date_naissance", "1951-02-03", "2001-02-03")
    update = _dated("date_maj", "2026-01-01", "2026-01-01")
    absurd = _dated("date", "1000-01-01", "2999-01-01")
    assert _found("periode-indiquee", _item(_facts(birth, update, absurd), title="Agents")) == []
    hidden = _facts(_dated("d1", "1999-02-03", "2001-02-03"), personal=(PersonalDataHint("birth_date", "d1", count=9),))
    assert _found("periode-indiquee", _item(hidden, title="Agents")) == []


def test_the_years_of_a_title_make_a_period_when_no_column_is_dated() -> None:
    assert years_of(_item(title="Budget 2024"), ON) == (2024, 2024)
    assert years_of(_item(title="Arbres", name="arbres_2022-2024.csv"), ON) == (2022, 2024)
    assert years_of(_item(title="Route 1789, lot 20244"), ON) is None


def test_a_territory_is_proposed_from_the_body() -> None:
    ((_, _, message),) = _found("territoire-indique", _item())
    assert "Villeneuve (99001)" in message
    ((_, _, silent),) = _found("territoire-indique", _item(), body=None)
    assert silent == "Le territoire couvert n'est pas indiqué."


def test_keywords_are_proposed_from_the_subject_and_the_body() -> None:
    ((_, _, message),) = _found("mots-cles-presents", _item(family="subventions", title="export"))
    assert "Mots-clés proposés : subventions versées, subventions, villeneuve." in message


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        (("CD_NAT", "LB_CRT", "MT", "commune"), True),
        (("C1", "C2", "C3"), True),
        (("id", "nom", "lat", "lon", "cp"), False),
        (("nomAttribuant", "idAttribuant", "dateConvention"), False),
        (("LIB_COMMUNE", "CODE_INSEE", "NB_HAB"), False),
        (("essence", "hauteur", "circ_cm", "CD"), False),
    ],
)
def test_only_names_that_nobody_can_guess_ask_for_a_notice(labels: tuple[str, ...], told: bool) -> None:
    found = _found("colonnes-documentees", _item(_facts(labels=labels)))
    assert [outcome for outcome, _, _ in found] == ([Outcome.NON_COMPLIANT] if told else [])


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("Liste des élus.csv", "des espaces et des accents"),
        ("arbres (1).csv", "des espaces et des signes"),
        ("à.csv", "des accents"),
    ],
)
def test_a_name_that_some_systems_lose_is_told(name: str, kinds: str) -> None:
    ((outcome, _, message),) = _found("noms-de-fichiers-simples", _item(name=name))
    assert outcome is Outcome.NON_COMPLIANT
    assert kinds in message


# ---- suggestions


def test_a_whole_record_is_proposed_from_the_content() -> None:
    facts = _facts(
        ColumnFacts("montant", 1, "B", kind="number"),
        _dated("dateConvention", "2023-01-05", "2025-11-30"),
        ColumnFacts("nom", 2, "C"),
    )
    found = suggestion(_item(facts, family="subventions", title="export_v2", described=False), BODY, ON)
    assert found.title == "Subventions versées, Villeneuve (2023 à 2025)"
    assert found.description.replace("\u00a0", " ").startswith(
        "Subventions versées : Villeneuve. Le tableau compte 412 lignes et 3 colonnes, dont montant"
    )
    assert "Les dates vont de 2023 à 2025." in found.description
    assert len(found.description) > 100
    assert (found.period, found.territory) == ("2023 à 2025", "Villeneuve (99001)")


def test_a_record_that_does_not_exist_has_its_proposal_as_evidence() -> None:
    item = _item(_facts(ColumnFacts("montant", 0, "A")), family="subventions", title="export", described=False)
    (finding,) = run_checks([CHECKS["titre-et-description"]], Evidence(BODY, ON, (), (), (item,)))
    assert finding.outcome is Outcome.UNVERIFIABLE
    assert finding.evidence.startswith("Titre proposé : « Subventions versées, Villeneuve ». Description proposée : «")


def test_a_title_is_made_of_a_file_name_when_nothing_else_is_known() -> None:
    assert subject_of(_item(title="219900016_arbres-remarquables_v3.csv")) == "Arbres remarquables"
    assert subject_of(_item(title="export_2024_v2")) == ""
    assert suggestion(_item(title="export_2024_v2"), BODY, ON).title == ""
    assert says_nothing("3f2a-77") and not says_nothing("Arbres")


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("marches-34ad127d2c6e13d4d3f50f75c4ddff05", "Marches"),
        ("3f2504e0-4f89-11d3-9a0c-0305e82c3301", ""),
        ("20004021000060 deliberations 2025", "Deliberations 2025"),
        ("façade cadastrale", "Façade cadastrale"),
    ],
)
def test_numbers_and_digests_are_no_subject(title: str, subject: str) -> None:
    assert subject_of(_item(title=title)) == subject


def test_a_table_without_a_header_is_not_described() -> None:
    facts = ContentFacts(EnvelopeFacts("csv", "csv"), table=TableFacts(None, (), 12))
    assert suggestion(_item(facts, family="budget"), BODY, ON).description == ""


def test_a_title_that_repeats_the_file_is_not_proposed() -> None:
    item = _item(title="Arbres remarquables", described=False)
    (finding,) = run_checks([CHECKS["titre-et-description"]], Evidence(None, ON, (), (), (item,)))
    assert "Titre proposé" not in finding.evidence


def test_nothing_of_the_cells_is_ever_proposed(tmp_path: Path) -> None:
    path = tmp_path / "agents.csv"
    rows = [
        f"{name};19{year}-05-{year % 27 + 1:02d};0612345{year:03d}"
        for year, name in enumerate(["Zorglub", "Quasimodo"] * 20, 50)
    ]
    path.write_text("\n".join(["nom;date_naissance;telephone", *rows]), encoding="utf-8")
    facts = inspect(Content(path, path.name, path.stat().st_size, path.name))
    found = suggestion(_item(facts, title="Agents", name="agents.csv"), BODY, ON)
    told = repr(found)
    for secret in ("Zorglub", "Quasimodo", "06123", "1950", "1989", "-05-"):
        assert secret not in told
    assert "dont nom et telephone." in found.description


def test_a_header_that_is_really_a_person_is_not_cited() -> None:
    facts = _facts(labels=("Camille Martin", "camille.martin@exemple.fr", "0612345678", "rue"))
    found = suggestion(_item(facts, title="Inscriptions"), BODY, ON)
    assert "Martin" not in repr(found) and "06123" not in repr(found)
    assert "dont rue." in found.description


@given(title=st.text(max_size=400), label=st.text(max_size=200), name=st.text(max_size=200))
def test_hostile_words_break_nothing_and_reach_no_screen(title: str, label: str, name: str) -> None:
    body = Organization(name, OrganizationKind.COMMUNE)
    one = Distribution("a", "a", url=f"https://exemple.fr/{name}.csv")
    dataset = Dataset("jeu", title, (one,), description=label * 3, described=True, contact=name)
    item = InspectedDataset(dataset, (InspectedFile(one, "a", _facts(labels=(label, "id"))),))
    for finding in run_checks([CHECKS[name] for name in METADATA], Evidence(body, ON, (), (), (item, item))):
        assert finding.outcome is not Outcome.ERROR
        assert len(finding.message) <= 700
        assert not {unicodedata.category(letter) for letter in finding.message} & {
            "Cc",
            "Cf",
            "Cs",
            "Co",
            "Cn",
            "Zl",
            "Zp",
        }


def test_ten_thousand_records_are_judged_in_seconds() -> None:
    items = tuple(
        InspectedDataset(Dataset(str(rank), f"Budget annexe {rank}", (), described=True), ()) for rank in range(10_000)
    )
    evidence = Evidence(BODY, ON, (), (), items)
    began = time.process_time()
    findings = run_checks([CHECKS[name] for name in METADATA], evidence)
    assert len(findings) > 30_000
    assert time.process_time() - began < 30


def test_no_text_is_said_to_demand_any_of_this() -> None:
    for name in METADATA:
        rule = CHECKS[name].rule
        assert all(reference.kind.value == "standard" for reference in rule.legal_basis), name
        assert rule.obligation == "" and rule.weight <= 2, name
