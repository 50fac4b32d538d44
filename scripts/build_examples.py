"""Builds examples/: two fictional communes whose files are made here, realistic in size and in flaws.

Nothing is copied from anywhere and nobody in them exists: SIREN numbers use a département that does not exist (99),
social security numbers carry a birthplace that does not exist (98 999), mobile numbers come from the block that ARCEP keeps for
fiction (06 39 98), mail addresses end in .example. Same script, same bytes.
"""

from __future__ import annotations

import csv
import io
import json
import math
import os
import random
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

from stdnum import luhn

ROOT = Path(__file__).resolve().parents[1] / "examples"
STREETS = (
    "Rue de l'Église", "Rue des Tilleuls", "Rue du Moulin", "Avenue de la République", "Rue Victor Hugo", "Place du Marché",
    "Chemin des Vignes", "Rue du Stade", "Rue des Écoles", "Impasse du Lavoir", "Route de la Forêt", "Rue Jean Jaurès",
    "Allée des Chênes", "Rue de la Gare", "Rue Pasteur", "Rue du Général Leclerc", "Sente des Jardins", "Rue des Prés",
)  # fmt: skip
CLUBS = (
    "Union sportive", "Comité des fêtes", "Les Amis de la bibliothèque", "Harmonie municipale", "Club des aînés", "Judo club",
    "Association des parents d'élèves", "Foyer rural", "La Boule vauclairoise", "Ciné-club", "Jardins partagés", "Handball club",
    "Secours local", "Chorale À cœur joie", "Tennis club", "École de musique", "Randonneurs de l'Orme", "Théâtre du Lavoir",
)  # fmt: skip
SUBJECTS = (
    ("7.1", "Finances locales/Décisions budgétaires", "Décision modificative n° {n} du budget principal"),
    ("7.5", "Finances locales/Subventions", "Attribution d'une subvention à l'association {club}"),
    ("1.1", "Commande publique/Marchés publics", "Marché de travaux de la {street} : attribution du lot {n}"),
    ("3.1", "Domaine et patrimoine/Acquisitions", "Acquisition d'une parcelle {street}"),
    ("4.1", "Fonction publique/Personnel titulaire", "Modification du tableau des effectifs"),
    ("5.7", "Institutions et vie politique/Intercommunalité", "Rapport annuel de la communauté de communes"),
    ("8.1", "Domaines de compétences par thèmes/Enseignement", "Organisation du temps scolaire, école de la {street}"),
    ("2.1", "Urbanisme/Documents d'urbanisme", "Modification simplifiée n° {n} du plan local d'urbanisme"),
)


def siret(siren: str, nic: int) -> str:
    """Return SIREN + NIC with its right control digit."""
    head = f"{siren}{nic:04d}"
    return head + luhn.calc_check_digit(head)


def company(rng: random.Random) -> str:
    """Return the SIRET of a body that does not exist but passes the control."""
    head = f"9{rng.randrange(10**7):07d}"
    return siret(head + luhn.calc_check_digit(head), 1)


def table(rows: Iterable[Sequence[object]], delimiter: str = ",", encoding: str = "utf-8", end: str = "\r\n") -> bytes:
    """Return a CSV file."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue().encode(encoding)


def lambert93(lon: float, lat: float) -> tuple[float, float]:
    """Return metres in RGF93 / Lambert-93 (EPSG:2154) for degrees; constants: IGN, note technique NTG_71."""
    n, c, xs, ys, e = 0.7256077650, 11754255.426, 700000.0, 12655612.050, 0.0818191910428
    phi = math.radians(lat)
    iso = math.log(math.tan(math.pi / 4 + phi / 2) * ((1 - e * math.sin(phi)) / (1 + e * math.sin(phi))) ** (e / 2))
    radius, gamma = c * math.exp(-n * iso), n * math.radians(lon - 3)
    return xs + radius * math.sin(gamma), ys - radius * math.cos(gamma)


def deliberations(rng: random.Random, name: str, siren: str, count: int, year: int) -> bytes:
    """Return a list of council decisions that follows the national model."""
    rows: list[list[object]] = [[
        "COLL_NOM", "COLL_SIRET", "DELIB_ID", "DELIB_DATE", "DELIB_MATIERE_CODE", "DELIB_MATIERE_NOM", "DELIB_OBJET",
        "BUDGET_ANNEE", "BUDGET_NOM", "PREF_ID", "PREF_DATE", "VOTE_EFFECTIF", "VOTE_REEL", "VOTE_POUR", "VOTE_CONTRE",
        "VOTE_ABSTENTION", "DELIB_URL",
    ]]  # fmt: skip
    sittings = sorted(date(year, month, rng.randrange(8, 28)) for month in (1, 2, 3, 4, 6, 7, 9, 10, 11, 12))
    for number in range(1, count + 1):
        day = sittings[(number - 1) * len(sittings) // count]
        code, matter, subject = rng.choice(SUBJECTS)
        title = subject.format(n=rng.randrange(1, 6), club=rng.choice(CLUBS), street=rng.choice(STREETS).lower())
        present = rng.randrange(21, 30)
        against, abstained = rng.choice([(0, 0), (0, 0), (0, 2), (4, 0), (4, 1)])
        rows.append([
            name, siret(siren, 1), f"{year}-{number:03d}", day.isoformat(), code, matter, title, year if code == "7.1" else "",
            "Budget principal" if code == "7.1" else "", f"PREF099-{year}{number:04d}", (day + timedelta(days=3)).isoformat(),
            29, present, present - against - abstained, against, abstained, "",
        ])  # fmt: skip
    return table(rows)


SUBSIDY_HEADER = [
    "nomAttribuant", "idAttribuant", "dateConvention", "referenceDecision", "nomBeneficiaire", "idBeneficiaire", "objet", "montant",
    "nature", "conditionsVersement", "datesPeriodeVersement", "idRAE", "notificationUE", "pourcentageSubvention",
]  # fmt: skip


def subsidies(rng: random.Random, name: str, siren: str, count: int, year: int) -> list[list[object]]:
    """Return the rows of a list of subsidies that follows the national model."""
    rows: list[list[object]] = [list(SUBSIDY_HEADER)]
    for number in range(count):
        club = CLUBS[number % len(CLUBS)]
        day = date(year, 2, 3) + timedelta(days=rng.randrange(0, 240))
        rows.append([
            name, siret(siren, 1), day.isoformat(), f"{year}-{number + 12:03d}", club, company(rng),
            rng.choice(["Fonctionnement annuel", "Fête de l'été", "Achat de matériel", "Stage des jeunes", "Déplacements"]),
            f"{rng.randrange(2, 300) * 100}.00", "aide en numéraire", "unique", (day + timedelta(days=30)).isoformat(), "",
            "non", rng.choice(["0.5", "0.75", "1"]),
        ])  # fmt: skip
    return rows


def addresses(rng: random.Random, name: str, insee: str, lon: float, lat: float, per_street: int) -> bytes:
    """Return a Base Adresse Locale, version 1.4."""
    rows: list[list[object]] = [[
        "id_ban_commune", "id_ban_toponyme", "id_ban_adresse", "cle_interop", "commune_insee", "commune_nom",
        "commune_deleguee_insee", "commune_deleguee_nom", "voie_nom", "lieudit_complement_nom", "numero", "suffixe", "position",
        "x", "y", "long", "lat", "cad_parcelles", "source", "date_der_maj", "certification_commune",
    ]]  # fmt: skip
    for index, street in enumerate(STREETS):
        start = lon + 0.0035 * (index % 6), lat + 0.003 * (index // 6)
        for step in range(rng.randrange(per_street // 2, per_street)):
            here = round(start[0] + step * 0.00021, 6), round(start[1] + (step % 2) * 0.00017, 6)
            x, y = lambert93(*here)
            number = step + 1
            rows.append([
                "", "", "", f"{insee}_{index + 10:04d}_{number:05d}", insee, name, "", "", street, "", number, "", "entrée",
                f"{x:.2f}", f"{y:.2f}", f"{here[0]:.6f}", f"{here[1]:.6f}", "", f"Mairie de {name}", "2026-09-30", 1,
            ])  # fmt: skip
    return table(rows, ";", end="\n")


def workbook(sheets: Sequence[tuple[str, Sequence[Sequence[object]], Sequence[str], bool]]) -> bytes:
    """Return an XLSX file: (name, rows, merged ranges, hidden) a sheet; dates inside are fixed so that bytes are."""
    from datetime import datetime

    os.environ["OPENPYXL_LXML"] = "False"  # the same bytes whether lxml is there or not
    from openpyxl import Workbook

    book = Workbook()
    book.properties.created = book.properties.modified = datetime(2026, 3, 2)
    book.remove(book.worksheets[0])
    for name, rows, merged, hidden in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for span in merged:
            sheet.merge_cells(span)
        sheet.sheet_state = "hidden" if hidden else "visible"
    raw = io.BytesIO()
    book.save(raw)
    return same_dates(raw.getvalue())


def same_dates(archive: bytes) -> bytes:
    """Return the zip with every entry dated the same, and the workbook's own save date fixed."""
    import re

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            body = source.read(name)
            if name == "docProps/core.xml":
                body = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2026-03-02T00:00:00Z", body)
            target.writestr(zipfile.ZipInfo(name, (2026, 3, 2, 0, 0, 0)), body, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def pdf(objects: Sequence[bytes]) -> bytes:
    """Return a PDF file from its numbered objects, the first being the catalogue."""
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def stream(body: bytes, head: bytes = b"") -> bytes:
    """Return a compressed PDF stream."""
    packed = zlib.compress(body, 9)
    return b"<< /Length %d /Filter /FlateDecode %s>>\nstream\n%s\nendstream" % (len(packed), head, packed)


def scanned_pdf(rng: random.Random, pages: int) -> bytes:
    """Return a PDF whose pages are only pictures: what a photocopier makes of a budget."""
    width, height = 620, 877
    kids = b" ".join(b"%d 0 R" % (3 + 3 * page) for page in range(pages))
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages)]
    for page in range(pages):
        grey = bytearray(b"\xf4" * (width * height))
        for line in range(60, height - 60, 17):
            for column in (50, 330, 450):
                length = rng.randrange(80, 240) if column == 50 else rng.randrange(40, 80)
                for x in range(column, column + length):
                    if rng.random() < 0.62:
                        for y in range(line, line + 8):
                            grey[y * width + x] = rng.randrange(20, 110)
        first = 3 + 3 * page
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /XObject << /Im0 %d 0 R >> >> >>" % (first + 1, first + 2),
            stream(b"q 595 0 0 842 0 0 cm /Im0 Do Q"),
            stream(bytes(grey), b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray "
                                b"/BitsPerComponent 8 " % (width, height)),
        ]  # fmt: skip
    return pdf(objects)


def text_pdf(lines: Sequence[str]) -> bytes:
    """Return a one-page PDF with real text."""
    body = ["BT /F1 11 Tf 60 780 Td 16 TL"]
    for line in lines:
        escaped = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        body.append(f"({escaped}) Tj T*")
    body.append("ET")
    return pdf([
        b"<< /Type /Catalog /Pages 2 0 R /Lang (fr-FR) >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        stream("\n".join(body).encode("cp1252")),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ])  # fmt: skip


def geojson(features: Sequence[tuple[str, list[float], dict[str, object]]], crs: str = "") -> bytes:
    """Return a GeoJSON file."""
    content: dict[str, object] = {"type": "FeatureCollection"}
    if crs:
        content["crs"] = {"type": "name", "properties": {"name": crs}}
    content["features"] = [
        {"type": "Feature", "geometry": {"type": kind, "coordinates": place}, "properties": properties}
        for kind, place, properties in features
    ]
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def shapefile_zip(points: Sequence[tuple[float, float]]) -> bytes:
    """Return a zipped shapefile of points in Lambert-93, with its .prj."""
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    box = struct.pack("<4d", min(xs), min(ys), max(xs), max(ys))

    def head(words: int) -> bytes:
        return struct.pack(">7i", 9994, 0, 0, 0, 0, 0, words) + struct.pack("<2i", 1000, 1) + box + b"\0" * 32

    shp = b"".join(struct.pack(">2i", i + 1, 10) + struct.pack("<i2d", 1, *p) for i, p in enumerate(points))
    shx = b"".join(struct.pack(">2i", 50 + 14 * i, 10) for i in range(len(points)))
    dbf = struct.pack("<B3BIHH20x", 3, 126, 3, 2, len(points), 65, 7)
    dbf += (
        struct.pack("<11sc4xBB14x", b"ID", b"N", 6, 0) + b"\r" + b"".join(b" %6d" % (i + 1) for i in range(len(points)))
    )
    prj = (
        'PROJCS["RGF93_Lambert_93",GEOGCS["GCS_RGF_1993",DATUM["D_RGF_1993",SPHEROID["GRS_1980",6378137.0,298.257222101]],'
        'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Lambert_Conformal_Conic"],UNIT["Meter",1.0]]'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for suffix, body in (("shp", head(50 + 14 * len(points)) + shp), ("shx", head(50 + 4 * len(points)) + shx),
                             ("dbf", dbf + b"\x1a"), ("prj", prj.encode()), ("cpg", b"UTF-8")):  # fmt: skip
            archive.writestr(
                zipfile.ZipInfo(f"eclairage_public.{suffix}", (2026, 3, 2, 0, 0, 0)), body, zipfile.ZIP_DEFLATED
            )
    return out.getvalue()


def false_nir(rng: random.Random, birth: date) -> str:
    """Return a social security number with a right key and a birthplace that does not exist (98 999): nobody's."""
    head = f"{rng.randrange(1, 3)}{birth.year % 100:02d}{birth.month:02d}98999{rng.randrange(1, 999):03d}"
    return f"{head}{97 - int(head) % 97:02d}"


def holiday_club(rng: random.Random) -> bytes:
    """Return what must never be published: children's enrolments with names, birth dates and a parent's number."""
    last = ("Martinot", "Delvaux", "Garancher", "Roussillac", "Petitpré", "Lamberty", "Fontanier", "Chevrolier")
    first = ("Léa", "Noé", "Jade", "Malo", "Inès", "Sacha", "Zoé", "Tom", "Lina", "Hugo")
    rows: list[list[object]] = [
        ["nom", "prenom", "date_naissance", "ecole", "numero_secu_parent", "telephone_parent", "quotient"]
    ]
    for _ in range(64):
        child = date(2015, 1, 1) + timedelta(days=rng.randrange(2600))
        parent = date(1980, 1, 1) + timedelta(days=rng.randrange(4800))
        rows.append([
            rng.choice(last), rng.choice(first), child.strftime("%d/%m/%Y"), rng.choice(["Les Tilleuls", "Le Moulin"]),
            false_nir(rng, parent), f"06 39 98 {rng.randrange(100):02d} {rng.randrange(100):02d}", rng.randrange(300, 1800),
        ])  # fmt: skip
    return table(rows, ";", "cp1252")


def contracts(rng: random.Random, siren: str) -> bytes:
    """Return the essential data of public contracts, in the national JSON form."""
    deals = []
    for number in range(1, 8):
        day = date(2026, 1, 12) + timedelta(days=38 * number)
        deals.append({
            "id": f"2026{number:04d}", "acheteur": {"id": siret(siren, 1)}, "nature": "Marché",
            "objet": f"Travaux d'entretien, lot {number}", "codeCPV": "45233141", "techniques": {"technique": ["Sans objet"]},
            "modalitesExecution": {"modaliteExecution": ["Sans objet"]}, "marcheInnovant": False, "ccag": "Travaux",
            "offresRecues": rng.randrange(1, 7), "attributionAvance": False, "typeGroupementOperateurs": "Pas de groupement",
            "procedure": "Procédure adaptée", "lieuExecution": {"code": "99001", "typeCode": "Code commune"},
            "dureeMois": rng.randrange(3, 24), "dateNotification": day.isoformat(),
            "datePublicationDonnees": (day + timedelta(days=20)).isoformat(), "montant": float(rng.randrange(41, 300) * 1000),
            "typesPrix": {"typePrix": ["Définitif ferme"]}, "formePrix": "Forfaitaire", "sousTraitanceDeclaree": False,
            "titulaires": [{"titulaire": {"typeIdentifiant": "SIRET", "id": company(rng)}}],
            "considerationsSociales": {"considerationSociale": ["Pas de considération sociale"]},
            "considerationsEnvironnementales": {"considerationEnvironnementale": ["Critère environnemental"]},
        })  # fmt: skip
    return json.dumps({"marches": {"marche": deals}}, ensure_ascii=False, indent=1).encode()


def settings(name: str, municipale: int, totale: int, agents: float, more: Sequence[str]) -> bytes:
    """Return the opendata-check.toml of a fictional commune."""
    lines = [
        "# Commune fictive : ses chiffres sont inventés pour l'exemple.",
        "[organization]",
        f'name = "{name}"',
        'kind = "commune"',
        f"population_municipale = {municipale}",
        f"population_totale = {totale}",
        "population_date = 2026-01-01",
        f"agents_etp = {agents}",
        "agents_etp_date = 2026-01-15",
        "",
        "[declarations]",
        *more,
        "",
    ]
    return "\n".join(lines).encode()


def package(name: str, town: str, resources: Sequence[dict[str, object]]) -> bytes:
    """Return a datapackage.json that describes the files."""
    publisher = {"title": f"Mairie de {town}", "role": "publisher", "email": f"mairie@{name}.example"}
    content = {"name": name, "contributors": [publisher], "resources": list(resources)}
    return json.dumps(content, ensure_ascii=False, indent=2).encode()


def flawed() -> dict[str, bytes]:
    """Return the files of Vauclair-sur-Orme: what a town hall really has on its shared drive."""
    rng = random.Random(6200)
    name, siren, insee = "Vauclair-sur-Orme", "219900016", "99001"
    lon, lat = 4.8213, 47.6034
    files: dict[str, bytes] = {}
    files["deliberations/deliberations-2025.csv"] = deliberations(rng, name, siren, 96, 2025)
    rows = subsidies(rng, name, siren, 42, 2025)
    for row in rows[4:16]:
        row[2] = "/".join(reversed(str(row[2]).split("-")))
    rows[9][5] = str(rows[9][5])[:-1] + str((int(str(rows[9][5])[-1]) + 5) % 10)
    rows[21][7] = "1 250,00"
    files["subventions/subventions-2025.csv"] = table(rows, ";", "cp1252")
    files["budget/budget-primitif-2026.pdf"] = scanned_pdf(rng, 3)
    places = [["Gymnase du Moulin", "sport", 320, "oui"], ["Salle des fêtes", "culture", 250, "oui"],
              ["Médiathèque", "culture", 80, "non"], ["Stade municipal", "sport", 600, "non"], ["École des Tilleuls", "scolaire", 210, "oui"],
              ["École du Moulin", "scolaire", 185, "oui"], ["Crèche Les Lucioles", "petite enfance", 40, "oui"],
              ["Maison des associations", "vie associative", 120, "non"], ["Piscine", "sport", 300, "oui"]]  # fmt: skip
    files["equipements.xlsx"] = workbook([
        ("Équipements", [["Commune de Vauclair-sur-Orme : équipements municipaux", None, None, None], ["Mise à jour : mars 2026", None, None, None],
                         ["Nom", "Type", "Capacité", "Accès PMR"], *places, ["Total", None, f"=SUM(C4:C{3 + len(places)})", None]],
         ["A1:D1", "A2:D2"], False),
        ("Clés", [["Équipement", "Code alarme"], ["Gymnase du Moulin", "à changer"]], [], True),
    ])  # fmt: skip
    files["adresses/99001_bal_vauclair-sur-orme.csv"] = addresses(rng, name, insee, lon, lat, 60)
    racks = []
    for index in range(14):
        x, y = lambert93(lon + rng.random() * 0.02, lat + rng.random() * 0.01)
        racks.append(
            (
                "Point",
                [round(x, 2), round(y, 2)],
                {"id": index + 1, "nom": rng.choice(STREETS), "places": rng.randrange(4, 20)},
            )
        )
    files["cartes/stationnement-velo.geojson"] = geojson(racks)
    lamps = [lambert93(lon + rng.random() * 0.02, lat + rng.random() * 0.01) for _ in range(160)]
    files["cartes/eclairage-public.zip"] = shapefile_zip(lamps)
    files["enfance/inscriptions-centre-de-loisirs.csv"] = holiday_club(rng)
    births = [["annee", "prenom", "sexe", "nombre"]] + [[2025, p, s, rng.randrange(3, 9)] for p, s in
              (("Louise", "F"), ("Gabriel", "M"), ("Ambre", "F"), ("Léo", "M"), ("Alba", "F"), ("Raphaël", "M"), ("Jade", "F"), ("Noah", "M"))]  # fmt: skip
    files["prenoms-2025.csv"] = table(births)
    menus = [["date", "service", "entree", "plat", "dessert"]]
    for offset in range(20):
        day = date(2026, 11, 2) + timedelta(days=offset + 2 * (offset // 5))
        menus.append([day.isoformat(), "déjeuner", rng.choice(["Carottes râpées", "Salade composée", "Velouté de légumes"]),
                      rng.choice(["Poulet rôti", "Pâtes à la tomate", "Poisson pané", "Gratin végétarien"]),
                      rng.choice(["Crème au chocolat", "Pomme", "Fromage blanc"])])  # fmt: skip
    files["menus-novembre-2026.csv"] = (
        table(menus, ";").decode().encode("utf-8").decode("cp1252", "replace").encode("utf-8")
    )
    clubs = [["association", "president", "courriel", "portable", "adresse"]]
    for club in CLUBS:
        who = rng.choice(["camille.delvaux", "dominique.fontanier", "claude.petitpre", "alex.lamberty"])
        clubs.append([club, who.replace(".", " ").title(), f"{who}@courriel.example", f"06 39 98 {rng.randrange(100):02d} {rng.randrange(100):02d}",
                      f"{rng.randrange(1, 40)} {rng.choice(STREETS)}"])  # fmt: skip
    files["associations.csv"] = table(clubs, ";", "cp1252")
    counts = [["date", "", "velos", "velos"]] + [[(date(2026, 9, 1) + timedelta(days=d)).isoformat(), "pont", rng.randrange(40, 400), rng.randrange(5, 80)]
              for d in range(30)]  # fmt: skip
    counts[7] = counts[7][:2]
    counts[19] = [*counts[19], "panne"]
    files["comptages-velo.csv"] = table(counts, ";")
    files["elections-2024.csv"] = (
        b'<!DOCTYPE html>\n<html lang="fr"><head><title>Page introuvable</title></head>\n'
        b"<body><h1>Erreur 404</h1><p>Cette page n'existe plus.</p></body></html>\n"
    )
    files["agenda.json"] = (
        b'{"evenements": [\n  {"date": "2026-12-05", "titre": "March\xc3\xa9 de No\xc3\xabl"},\n  {"date": "2026-12-12", "titre": "Concert"\n'
    )
    files["dechets-tonnages.csv"] = b""
    files["conseil-municipal/proces-verbal-2026-09-24.pdf"] = text_pdf([
        "Commune de Vauclair-sur-Orme", "Procès-verbal du conseil municipal du 24 septembre 2026", "",
        "Présents : 24 élus sur 29. Quorum atteint.", "1. Approbation du procès-verbal de la séance de juin.",
        "2. Décision modificative n° 2 du budget principal : adoptée.", "3. Rapport sur le prix de l'eau : pris acte.",
    ])  # fmt: skip
    files["marches-publics-2026.json"] = contracts(rng, siren)
    common = {"frequency": "annual"}
    lov2 = [
        {
            "name": "lov2",
            "title": "Licence Ouverte 2.0",
            "path": "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
        }
    ]
    files["datapackage.json"] = package("vauclair-sur-orme", name, [
        {"name": "deliberations-2025", "path": "deliberations/deliberations-2025.csv", "title": "Délibérations du conseil municipal 2025",
         "description": "Toutes les délibérations adoptées par le conseil municipal en 2025, avec leur objet, leur matière et le résultat du vote.",
         "licenses": lov2, "modified": "2026-01-20", "schema": "scdl/deliberations", **common},
        {"name": "adresses", "path": "adresses/99001_bal_vauclair-sur-orme.csv", "title": "Base adresse locale de Vauclair-sur-Orme",
         "description": "Toutes les adresses numérotées de la commune, avec leur position, certifiées par la mairie et tenues à jour au fil des délibérations.",
         "licenses": lov2, "modified": "2026-09-30", **{**common, "frequency": "monthly"}},
        {"name": "subventions-2025", "path": "subventions/subventions-2025.csv", "title": "Subventions versées en 2025",
         "description": "Subventions.", "modified": "2026-02-10", **common},
        {"name": "prenoms", "path": "prenoms-2025.csv", "title": "Prénoms des nouveau-nés", "description": "Prénoms donnés au moins trois fois aux enfants nés en 2025 et déclarés à la mairie, avec leur nombre.",
         "licenses": [{"name": "cc-by-nc", "title": "CC BY-NC"}], "modified": "2026-01-12", **common},
        {"name": "comptages", "path": "comptages-velo.csv", "title": "comptages-velo.csv", "description": "Passages de vélos chaque jour au pont de l'Orme, relevés par un compteur posé par la communauté de communes.",
         "licenses": lov2, "modified": "2024-09-30", **{**common, "frequency": "monthly"}},
    ])  # fmt: skip
    files["opendata-check.toml"] = settings(
        name,
        6200,
        6342,
        84.5,
        ["subventions_plus_de_23000 = true", "marches_plus_de_40000 = true", "site_internet = true"],
    )
    return files


def right() -> dict[str, bytes]:
    """Return the files of Beaupré-l'Étang, where everything is right."""
    rng = random.Random(4100)
    name, siren, insee = "Beaupré-l'Étang", "219900024", "99002"
    files: dict[str, bytes] = {}
    files["deliberations-2025.csv"] = deliberations(rng, name, siren, 60, 2025)
    files["subventions-2025.csv"] = table(subsidies(rng, name, siren, 18, 2025))
    files["99002_bal_beaupre-letang.csv"] = addresses(rng, name, insee, 4.21, 46.92, 40)
    files["marches-publics-2026.json"] = contracts(rng, siren)
    files["repertoire-des-informations-publiques.csv"] = table([
        ["titre", "objet", "date_creation", "date_mise_a_jour", "conditions_de_reutilisation"],
        ["Délibérations du conseil municipal", "Décisions du conseil", "2025-01-20", "2026-01-20", "Licence Ouverte 2.0"],
        ["Subventions versées aux associations", "Aides de la commune", "2025-02-02", "2026-02-10", "Licence Ouverte 2.0"],
        ["Base adresse locale", "Adresses de la commune", "2024-05-30", "2026-11-02", "Licence Ouverte 2.0"],
        ["Marchés publics conclus", "Données essentielles des marchés", "2024-03-01", "2026-10-28", "Licence Ouverte 2.0"],
        ["Équipements municipaux", "Bâtiments ouverts au public", "2025-06-01", "2026-06-15", "Licence Ouverte 2.0"],
    ])  # fmt: skip
    files["equipements.csv"] = table([
        ["nom", "type", "capacite", "acces_pmr", "longitude", "latitude"],
        ["Gymnase", "sport", 250, "oui", 4.2113, 46.9214], ["Médiathèque", "culture", 60, "oui", 4.2141, 46.9222],
        ["École de l'Étang", "scolaire", 150, "oui", 4.2152, 46.9231], ["Salle polyvalente", "culture", 300, "oui", 4.2127, 46.9209],
    ])  # fmt: skip
    files["stationnement-velo.geojson"] = geojson([
        ("Point", [round(4.21 + rng.random() * 0.01, 6), round(46.92 + rng.random() * 0.01, 6)], {"id": n, "places": rng.randrange(4, 12)})
        for n in range(1, 9)
    ])  # fmt: skip
    lov2 = [
        {
            "name": "lov2",
            "title": "Licence Ouverte 2.0",
            "path": "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
        }
    ]

    def resource(
        path: str, title: str, text: str, modified: str, frequency: str, schema: str = ""
    ) -> dict[str, object]:
        keywords, temporal = subjects[path]
        entry: dict[str, object] = {"name": path.split(".")[0], "path": path, "title": title, "description": text, "licenses": lov2,
                                    "modified": modified, "frequency": frequency, "keywords": keywords, "temporal": temporal,
                                    "spatial": "Beaupré-l'Étang"}  # fmt: skip
        return {**entry, "schema": schema} if schema else entry

    year_2025, year_2026 = "2025-01-01/2025-12-31", "2026-01-01/2026-12-31"
    subjects = {
        "deliberations-2025.csv": (["délibérations", "conseil municipal"], year_2025),
        "subventions-2025.csv": (["subventions", "associations"], year_2025),
        "99002_bal_beaupre-letang.csv": (["adresses", "base adresse locale"], year_2026),
        "marches-publics-2026.json": (["marchés publics", "commande publique"], year_2026),
        "repertoire-des-informations-publiques.csv": (
            ["répertoire des informations publiques"],
            "2024-01-01/2025-12-31",
        ),
        "equipements.csv": (["équipements", "accessibilité"], year_2026),
        "stationnement-velo.geojson": (["vélo", "stationnement"], year_2026),
    }
    files["datapackage.json"] = package("beaupre-letang", name, [
        resource("deliberations-2025.csv", "Délibérations du conseil municipal 2025",
                 "Toutes les délibérations adoptées par le conseil municipal en 2025, avec leur objet, leur matière et le résultat du vote.",
                 "2026-01-20", "annual", "scdl/deliberations"),
        resource("subventions-2025.csv", "Subventions versées aux associations en 2025",
                 "Toutes les subventions que la commune a versées à des associations en 2025, avec leur montant, leur objet et leur date.",
                 "2026-02-10", "annual", "scdl/subventions"),
        resource("99002_bal_beaupre-letang.csv", "Base adresse locale de Beaupré-l'Étang",
                 "Toutes les adresses numérotées de la commune, avec leur position, certifiées par la mairie et déposées dans la base nationale.",
                 "2026-11-02", "monthly", "etalab/schema-bal"),
        resource("marches-publics-2026.json", "Données essentielles des marchés publics 2026",
                 "Les marchés publics que la commune a conclus en 2026, avec leur objet, leur montant, leur durée et leur titulaire.",
                 "2026-10-28", "quarterly", "139bercy/format-commande-publique"),
        resource("repertoire-des-informations-publiques.csv", "Répertoire des informations publiques",
                 "La liste des principaux documents que la commune détient, avec leur date et les conditions dans lesquelles on peut les réutiliser.",
                 "2026-02-16", "annual"),
        resource("equipements.csv", "Équipements municipaux",
                 "Les bâtiments de la commune ouverts au public, avec leur type, leur capacité, leur accessibilité et leur position.",
                 "2026-06-15", "annual"),
        resource("stationnement-velo.geojson", "Stationnement des vélos",
                 "L'emplacement des arceaux à vélos de la commune et le nombre de places de chacun, relevés par les services techniques.",
                 "2026-05-04", "annual"),
    ])  # fmt: skip
    files["opendata-check.toml"] = settings(
        name,
        4100,
        4176,
        62,
        ["subventions_plus_de_23000 = true", "marches_plus_de_40000 = true", "site_internet = true"],
    )
    return files


def main() -> None:
    """Write both communes under examples/ (or the folder given)."""
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT
    for folder, files in (("commune-exemple", flawed()), ("commune-conforme", right())):
        for name, body in sorted(files.items()):
            path = root / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)


if __name__ == "__main__":
    main()
