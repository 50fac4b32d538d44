"""Starts a real pycsw (CSW 2.0.2 and 3.0, from PyPI) on ISO 19139 records of a made-up commune, written here.

pycsw 2.6 is the newest on PyPI. It keeps what it is given as it is: an ISO record comes back byte for byte when the
``gmd`` schema is asked in full, and as Dublin Core when ``csw:Record`` is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree

from serving import LiveServer, free_port, run_server, venv_from_lock

_REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(_REPOSITORY / "tests" / "sources"))

from csw_server import (  # noqa: E402 - the records are written by the same hand as the replay server's
    NO_LIMIT,
    Record,
    anchor_property,
    conformity,
    dated,
    iso_record,
    iso_service,
    keywords,
    legal,
    online,
    party,
    text_property,
    transfer,
)

_SERVE = (
    "import sys; from wsgiref.simple_server import make_server; from pycsw.wsgi import application; "
    "make_server('127.0.0.1', int(sys.argv[1]), application).serve_forever()"
)
_SUBJECTS = (
    ("plu", "Plan local d'urbanisme d'Exempleville", "Usage des sols"),
    ("cadastre", "Parcelles cadastrales d'Exempleville", "Parcelles cadastrales"),
    ("adresses", "Base adresse locale d'Exempleville", "Adresses"),
    ("batiments", "Bâtiments communaux", "Bâtiments"),
    ("voirie", "Voies et places communales", "Réseaux de transport"),
    ("pistes", "Aménagements cyclables", "Réseaux de transport"),
    ("arbres", "Arbres d'alignement", "Habitats et biotopes"),
    ("parcs", "Parcs et jardins", "Usage des sols"),
    ("ecoles", "Périmètres scolaires", "Services d'utilité publique et services publics"),
    ("bureaux", "Bureaux de vote", "Unités administratives"),
    ("eau", "Réseau d'eau potable", "Services d'utilité publique et services publics"),
    ("bruit", "Carte du bruit", "Santé et sécurité des personnes"),
    ("risques", "Zones inondables", "Zones à risque naturel"),
    ("tri", "Points d'apport volontaire", "Services d'utilité publique et services publics"),
    ("eclairage", "Points lumineux", "Services d'utilité publique et services publics"),
    ("ortho", "Orthophotographie 2023", "Ortho-imagerie"),
    ("altitude", "Modèle numérique de terrain", "Altitude"),
    ("toilettes", "Toilettes publiques", "Services d'utilité publique et services publics"),
    ("marches", "Marchés de plein air", ""),
    ("defibrillateurs", "Défibrillateurs", "Santé et sécurité des personnes"),
    ("stationnement", "Parcs de stationnement", "Réseaux de transport"),
    ("bornes", "Bornes de recharge", "Réseaux de transport"),
)
_ODBL = anchor_property("otherConstraints", "ODbL 1.0", "https://opendatacommons.org/licenses/odbl/1-0/")


def records() -> list[Record]:
    """Return the records: whole ones, a few that lack something, a series, a non-geographic dataset, services."""
    found = [
        iso_record(number, id=f"fr-219900016-{key}", title=title, keywords=_words(key, theme))
        for number, (key, title, theme) in enumerate(_SUBJECTS, start=1)
    ]
    return [*found, *_odd_ones(), *_services()]


def _words(key: str, theme: str) -> str:
    themes = keywords([theme], "GEMET - INSPIRE themes, version 1.0") if theme else ""
    return keywords([key, "données ouvertes", "Exempleville"]) + themes


def _odd_ones() -> list[Record]:
    """Return records as one meets them: other licences, persons, levels, links."""
    person = party("", "owner", "marie.durand@exempleville.fr", "Marie Durand")
    return [
        iso_record(50, id="odbl", constraints=legal(use="license", others=_ODBL)),
        iso_record(
            51,
            id="licence-en-mots",
            constraints=legal(
                access="otherRestrictions",
                use="otherRestrictions",
                others=NO_LIMIT
                + text_property("otherConstraints", "Licence Ouverte 1.0 http://www.data.gouv.fr/Licence."),
            ),
        ),
        iso_record(52, id="sans-licence", constraints=legal(access="otherRestrictions", others=NO_LIMIT)),
        iso_record(53, id="une-personne", points=person, contact=""),
        iso_record(54, id="non-conforme", quality=conformity("Règlement (UE) n° 1089/2010", "false")),
        iso_record(55, id="non-evalue", quality=conformity("Règlement (UE) n° 1089/2010", "")),
        iso_record(56, id="serie", level="series", title="Orthophotographies d'Exempleville"),
        iso_record(57, id="tableau", level="nonGeographicDataset", title="Liste des marchés publics"),
        iso_record(58, id="enfant", parent="serie", title="Orthophotographie 2018"),
        iso_record(59, id="creation-seule", dates=dated("2019-04-05", "creation")),
        iso_record(
            60,
            id="liens",
            links=transfer(
                online("https://exempleville.fr/atom.xml", "atom", "Flux"),
                online("https://exempleville.fr/rest/services/v/FeatureServer/0", "ESRI:REST", "0"),
                online("https://exempleville.fr/ogc/features/collections/v", "OGC API Features", "v"),
                online("https://exempleville.fr/notice.pdf", "WWW:LINK-1.0-http--link", "Notice", "information"),
            ),
        ),
    ]


def _services() -> list[Record]:
    served = [f"fr-219900016-{key}" for key, _, _ in _SUBJECTS[:3]]
    return [
        iso_service(1, served),
        iso_service(
            2,
            [],
            by_link=["fr-219900016-plu"],
            url="https://exempleville.fr/atom/plu.xml",
            protocol="atom",
            type="download",
        ),
        iso_service(3, ["inconnu"], url="https://exempleville.fr/csw", protocol="OGC:CSW", type="discovery"),
    ]


_SETTINGS = """[server]
home=.
url={url}
mimetype=application/xml; charset=UTF-8
encoding=UTF-8
language=fr-FR
maxrecords=10
loglevel=ERROR
logfile=pycsw-own.log
ogc_schemas_base=http://schemas.opengis.net
federatedcatalogues=
pretty_print=true
profiles=apiso

[manager]
transactions=false
allowed_ips=127.0.0.1

[metadata:main]
identification_title=Catalogue d'Exempleville
identification_abstract=Les données de la commune
identification_keywords=urbanisme
identification_keywords_type=theme
identification_fees=None
identification_accessconstraints=None
provider_name=Ville d'Exempleville
provider_url=https://exempleville.fr
contact_name=Service SIG
contact_position=Service SIG
contact_address=1 place de la Mairie
contact_city=Exempleville
contact_stateorprovince=Alsace
contact_postalcode=99001
contact_country=France
contact_phone=0
contact_fax=0
contact_email=sig@exempleville.fr
contact_url=https://exempleville.fr
contact_hours=0
contact_instructions=aucune
contact_role=pointOfContact

[metadata:inspire]
enabled=true
languages_supported=fre
default_language=fre
date=2026-01-01
gemet_keywords=Services
conformity_service=notEvaluated
contact_name=Service SIG
contact_email=sig@exempleville.fr
temp_extent=2020-01-01/2024-12-31

[repository]
database=sqlite:///{database}
table=records
"""


@contextmanager
def live_pycsw(folder: Path = _REPOSITORY / "build" / "live" / "pycsw") -> Iterator[LiveServer]:
    """Serve the records at ``<base_url>/csw`` until the block ends.

    Raises LiveUnavailableError when pycsw cannot be installed.
    """
    python = venv_from_lock(folder, _REPOSITORY / "requirements" / "live" / "pycsw.lock")
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    data = folder / "data"
    rmtree(data, ignore_errors=True)
    (data / "records").mkdir(parents=True)
    settings = data / "pycsw.cfg"
    settings.write_text(_SETTINGS.format(url=f"{base_url}/csw", database=data / "records.db"), encoding="utf-8")
    for identifier, xml in records():
        (data / "records" / f"{identifier}.xml").write_text(xml, encoding="utf-8")
    admin = [python, "-W", "ignore", python.parent / "pycsw-admin.py", "-f", settings, "-c"]
    _run([*admin, "setup_db"], data)
    _run([*admin, "load_records", "-p", data / "records"], data)
    ready = f"{base_url}/csw?service=CSW&version=2.0.2&request=GetCapabilities"
    environment = {"PYCSW_CONFIG": str(settings)}
    with run_server(
        [python, "-W", "ignore", "-c", _SERVE, str(port)], environment, data, folder / "pycsw.log", ready=ready
    ):
        yield LiveServer(base_url)


def _run(command: list[str | Path], folder: Path) -> None:
    """Run a command of pycsw to its end; it tells its failures by its code."""
    import subprocess

    done = subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.decode("utf-8", "replace")[-2_000:])
