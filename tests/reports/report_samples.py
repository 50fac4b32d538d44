"""Audit reports of fictional bodies, as the other rooms would hand them over."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

from opendata_check.model.catalog import Catalog, Dataset, Distribution, Fault
from opendata_check.model.facts import (
    ContentFacts,
    Dialect,
    EnvelopeFacts,
    PersonalDataHint,
    RowRange,
    TableFacts,
    TextFacts,
)
from opendata_check.model.finding import Axis, Finding, Location, Outcome, Severity
from opendata_check.model.inspected import InspectedDataset, InspectedFile, Match
from opendata_check.model.legal import (
    Applicability,
    Certainty,
    ConditionNode,
    DatedPart,
    Duty,
    LegalReference,
    MissingFact,
    NodeKind,
    Proof,
    ReferenceKind,
    WhatIf,
)
from opendata_check.model.organization import (
    DeclaredFact,
    EvidenceKind,
    Organization,
    OrganizationKind,
    PopulationFigures,
)
from opendata_check.model.report import AuditReport
from opendata_check.model.schema import Field, SchemaMatch, TableSchema, TableValidation, ValueIssue
from opendata_check.model.score import AxisScore, Priority, Scores

ON = date(2026, 11, 23)
FOLDER = Path("/srv/mairie/commune-exemple")

OPEN = LegalReference("CRPA", "article L312-1-1", "2016-10-09", "https://www.legifrance.gouv.fr/codes/id/L312-1-1")
OPEN_SIZE = LegalReference("CRPA", "article D312-1-1-1", "2017-01-01")
OPEN_DATES = LegalReference("loi n° 2016-1321", "article 8", certainty=Certainty.INTERPRETATION,
                            according_to="la Banque des territoires")  # fmt: skip
FORMAT = LegalReference("CRPA", "article L300-4", "2016-10-09")
LICENCE = LegalReference("CRPA", "article D323-2-1", "2021-12-04")
RIP = LegalReference("CRPA", "article L322-6", "2016-03-19")
DECP = LegalReference("code de la commande publique", "article L2196-2", "2026-04-04")
SUBVENTIONS = LegalReference("loi n° 2000-321", "article 10", "2022-02-23", certainty=Certainty.INTERPRETATION,
                             according_to="deux commentaires concordants")  # fmt: skip
BAL = LegalReference("CGCT", "article L2121-30", "2022-02-23")
PRIVACY = LegalReference("CRPA", "article L312-1-2", "2016-10-09")
PRIVACY_LIST = LegalReference("CRPA", "article D312-1-3", "2018-12-13")
RFC_4180 = LegalReference("RFC 4180", "section 2", kind=ReferenceKind.STANDARD)
RFC_7946 = LegalReference("RFC 7946", "section 4", kind=ReferenceKind.STANDARD)


def commune(population: int = 6200, agents: float | None = 62, name: str = "Valombre-sur-Orle") -> Organization:
    return Organization(
        name=name,
        kind=OrganizationKind.COMMUNE,
        insee_code="99042",
        siren="219900425",
        departement_code="99",
        departement_name="Exemple",
        epci_siren="249900017",
        epci_name="Communauté de communes de l'Orle",
        populations=(
            PopulationFigures(2023, 2026, population, population + 118, "Insee, populations de référence 2023"),
            PopulationFigures(2022, 2025, population - 40, population + 70, "Insee, populations de référence 2022"),
        ),
        agents_etp=agents,
        agents_etp_stated_on=date(2026, 3, 4) if agents is not None else None,
        declared=(DeclaredFact("marches_plus_de_40000", True, date(2026, 3, 4)),),
    )


def test_node(fact: str, result: bool | None, label: str) -> ConditionNode:
    return ConditionNode(NodeKind.TEST, result, label, fact=fact)


test_node.__test__ = False  # type: ignore[attr-defined]  # a builder, not a test


AGENTS = MissingFact(
    "agents_etp",
    "le nombre d'agents en équivalent temps plein",
    "Combien d'agents employez-vous, en équivalent temps plein ?",
)
AGENTS_ANSWERS = (
    WhatIf("agents_etp", "50 agents ou plus", Applicability.APPLIES, "50 agents ou plus : la commune est concernée."),
    WhatIf("agents_etp", "moins de 50 agents", Applicability.EXEMPT, "Moins de 50 agents : elle n'est pas concernée."),
)


def opening(answer: Applicability, body: Organization | None) -> Duty:
    population = body.populations[0].municipale if body and body.populations else None
    agents = body.agents_etp if body else None
    reason = {
        Applicability.APPLIES: "La commune compte 6 200 habitants (seuil : 3 500) et emploie 62 agents (seuil : 50).",
        Applicability.EXEMPT: "La commune compte 1 250 habitants, moins que le seuil de 3 500 : la loi ne l'impose pas.",
        Applicability.UNKNOWN: "La commune compte 6 200 habitants (seuil : 3 500), mais son nombre d'agents manque.",
    }[answer]
    result = {Applicability.APPLIES: True, Applicability.EXEMPT: False, Applicability.UNKNOWN: None}[answer]
    condition = ConditionNode(
        NodeKind.ALL,
        result,
        "aucune des deux dispenses ne joue",
        (
            test_node("kind", True if body else None, "administration"),
            test_node("population", None if population is None else population >= 3500, "nombre d'habitants"),
            test_node("agents_etp", None if agents is None else agents >= 50, "nombre d'agents"),
        ),
    )
    return Duty(
        "diffusion-par-principe",
        "Publier ses données par principe",
        answer,
        reason,
        condition,
        what="Mettre en ligne vos bases de données tenues à jour et vos données utiles à l'économie ou à la société.",
        where="À l'endroit de votre choix.",
        format="Un format ouvert, qu'un logiciel peut lire.",
        frequency="Des mises à jour régulières.",
        authority="Aucune amende ne punit l'absence de publication. La CADA, puis le juge, peuvent être saisis.",
        since=date(2017, 4, 7),
        parts=(
            DatedPart(date(2017, 4, 7), "documents déjà communiqués", Certainty.INTERPRETATION),
            DatedPart(date(2018, 10, 7), "bases de données tenues à jour", Certainty.INTERPRETATION),
        ),
        legal_basis=(OPEN, OPEN_SIZE, OPEN_DATES),
        weight=5,
        missing_facts=(AGENTS,) if answer is Applicability.UNKNOWN else (),
        what_if=AGENTS_ANSWERS if answer is Applicability.UNKNOWN else (),
        holder="la direction générale ou le secrétariat",
        software="les logiciels de chaque service",
        effort="deux_jours",
        proof=Proof(("folder", "site", "portal")),
    )


def duty(
    obligation: str,
    title: str,
    reference: LegalReference,
    *,
    answer: Applicability = Applicability.APPLIES,
    weight: int = 3,
    what: str = "Publier ces données.",
    event: str = "",
    event_fact: str = "",
    note: str = "",
    elsewhere: str = "",
    since: date = date(2016, 10, 9),
) -> Duty:
    return Duty(
        obligation,
        title,
        answer,
        "Ce texte ne fixe aucun seuil d'habitants ni d'agents.",
        test_node("kind", True, "commune"),
        what=what,
        since=since,
        legal_basis=(reference,),
        certainty=reference.certainty,
        weight=weight,
        event=event,
        event_fact=event_fact,
        note=note,
        authority="Retirez le fichier et prévenez votre délégué à la protection des données.",
        holder="le service des finances",
        software="le logiciel de finances (compte 65748)",
        effort="demi_journee",
        proof=Proof(("folder", "portal"), elsewhere=elsewhere),
    )


def duties(answer: Applicability = Applicability.APPLIES, body: Organization | None = None) -> tuple[Duty, ...]:
    return (
        opening(answer, body),
        duty("format-ouvert", "Publier dans un format ouvert", FORMAT, weight=4,
             what="Enregistrer les données dans un format libre, qu'un logiciel peut lire."),
        duty("licence", "Dire sous quelle licence on réutilise", LICENCE, since=date(2021, 12, 4)),
        duty("rip", "Publier la liste de ses documents", RIP, since=date(2016, 3, 19),
             elsewhere="Le texte désigne votre site, que cet examen n'a pas regardé."),
        duty("decp-marches", "Publier les données essentielles des marchés publics", DECP, weight=4,
             event="un marché de 40 000 € hors taxes ou plus", event_fact="marches_plus_de_40000",
             since=date(2018, 10, 1)),
        duty("subventions", "Publier les données essentielles des subventions", SUBVENTIONS, weight=4,
             event="une subvention de plus de 23 000 € par an à un organisme de droit privé",
             event_fact="subventions_plus_de_23000", since=date(2017, 8, 1),
             note="L'article du décret n'a pas été relu."),
        duty("bal", "Déposer la base adresse locale", BAL, since=date(2024, 1, 1)),
        duty("anonymisation", "Protéger les personnes avant de publier", PRIVACY, weight=5,
             what="Retirer tout ce qui permet de reconnaître une personne, sauf si une loi le permet.",
             note="La liste du décret compte neuf familles : l'organigramme, les élus, les permis de construire…"),
    )  # fmt: skip


RULES: dict[str, tuple[Axis, Severity, str, str, str, str, str, str, tuple[LegalReference, ...]]] = {
    "obligation-publiee": (
        Axis.PUBLISHED, Severity.MAJOR, "Chaque obligation a sa publication",
        "Publiez ce que la loi vous demande", "C'est l'objet même de la loi.",
        "Créez le fichier à partir du modèle, puis déposez-le sur data.gouv.fr ou sur votre site.",
        "demi_journee", "rip", (RIP,),
    ),
    "jeu-decrit": (
        Axis.PUBLISHED, Severity.MINOR, "Chaque jeu de données est décrit",
        "Décrivez vos jeux de données", "Sans description, personne ne sait ce que contient le fichier.",
        "Ajoutez un titre, une phrase de description et une date.", "demi_heure", "diffusion-par-principe", (OPEN,),
    ),
    "format-exploitable": (
        Axis.ACCESSIBLE, Severity.MAJOR, "Les données sont dans un format ouvert",
        "Remplacez les PDF de données par des tableaux", "Un PDF ne se relit pas avec un tableur.",
        "Exportez le tableau d'origine au format CSV. Gardez le PDF pour l'affichage.",
        "demander_au_prestataire", "format-ouvert", (FORMAT,),
    ),
    "tableur-plat": (
        Axis.USABLE, Severity.MINOR, "Le tableau commence à la première ligne",
        "Retirez les titres et les cellules fusionnées", "Un logiciel lit le titre comme une donnée.",
        "Supprimez les lignes de titre, défusionnez les cellules, puis enregistrez en CSV.",
        "demi_heure", "format-ouvert", (FORMAT,),
    ),
    "encodage-utf8": (
        Axis.USABLE, Severity.MINOR, "Le texte est encodé en UTF-8",
        "Enregistrez vos fichiers en UTF-8", "Les accents se perdent à l'ouverture.",
        "Dans Excel : Enregistrer sous, puis « CSV UTF-8 (délimité par des virgules) ».",
        "demi_heure", "format-ouvert", (FORMAT, RFC_4180),
    ),
    "valeurs-conformes": (
        Axis.USABLE, Severity.MAJOR, "Les valeurs suivent le modèle de tableau",
        "Corrigez les valeurs qui ne suivent pas le modèle", "Un logiciel rejette la ligne entière.",
        "Corrigez ces cellules dans le tableau d'origine, puis exportez à nouveau.",
        "demi_journee", "subventions", (SUBVENTIONS,),
    ),
    "colonnes-conformes": (
        Axis.USABLE, Severity.MAJOR, "Les colonnes obligatoires sont là",
        "Ajoutez les colonnes qui manquent", "Sans ces colonnes, le fichier national ignore le vôtre.",
        "Ajoutez les colonnes nommées ci-dessus, même vides.", "demi_heure", "subventions", (SUBVENTIONS,),
    ),
    "coordonnees-wgs84": (
        Axis.USABLE, Severity.MAJOR, "Les coordonnées sont en longitude et latitude",
        "Refaites l'export de vos cartes en longitude et latitude", "Les points s'affichent en pleine mer.",
        "Dans QGIS : Exporter, puis choisissez « EPSG:4326 ».", "demi_heure", "format-ouvert", (RFC_7946,),
    ),
    "licence-indiquee": (
        Axis.REUSABLE, Severity.MAJOR, "La licence est indiquée",
        "Indiquez la licence de vos données", "La réutilisation est libre, mais personne n'ose sans licence.",
        "Choisissez « Licence Ouverte 2.0 » et écrivez-la dans la description de chaque jeu de données.",
        "demi_heure", "licence", (LICENCE,),
    ),
    "frequence-indiquee": (
        Axis.UP_TO_DATE, Severity.MINOR, "Le rythme de mise à jour est indiqué",
        "Dites à quel rythme vous mettez à jour", "Le lecteur ne sait pas si le fichier vit encore.",
        "Indiquez « chaque année », « chaque mois »… dans la description.", "demi_heure",
        "diffusion-par-principe", (OPEN,),
    ),
    "donnees-recentes": (
        Axis.UP_TO_DATE, Severity.MAJOR, "Les données sont tenues à jour",
        "Mettez à jour les fichiers anciens", "La loi demande des mises à jour régulières.",
        "Exportez l'année en cours et remplacez le fichier.", "demi_journee", "diffusion-par-principe", (OPEN,),
    ),
    "donnees-personnelles": (
        Axis.PROTECTED, Severity.CRITICAL, "Aucune colonne ne désigne une personne",
        "Retirez du fichier ce qui désigne des personnes", "Une personne reconnue ne peut plus être oubliée.",
        "Retirez le fichier, supprimez ces colonnes, puis prévenez votre délégué à la protection des données.",
        "demi_heure", "anonymisation", (PRIVACY, PRIVACY_LIST),
    ),
}  # fmt: skip


def fingerprint(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:16]


def finding(
    check: str,
    outcome: Outcome = Outcome.NON_COMPLIANT,
    *,
    dataset: str = "",
    title: str = "",
    message: str = "",
    evidence: str = "",
    locations: tuple[Location, ...] | None = None,
    column: str = "",
    letter: str = "",
    rows: tuple[RowRange, ...] = (),
    count: int = 1,
) -> Finding:
    axis, severity, statement, action, why, remedy, effort, obligation, basis = RULES[check]
    file = dataset
    if locations is None:
        locations = (Location(dataset=dataset, file=file, column=column, letter=letter, rows=rows),) if dataset else ()
    return Finding(
        check=check,
        axis=axis,
        outcome=outcome,
        severity=severity,
        weight=3,
        title=statement,
        message=message or statement + ".",
        why=why,
        remedy=remedy if outcome is Outcome.NON_COMPLIANT else "",
        effort=effort,
        legal_basis=basis,
        obligation=obligation,
        dataset=dataset,
        dataset_title=title or TITLES.get(dataset, ""),
        locations=locations,
        evidence=evidence,
        evidence_kind=EvidenceKind.OBSERVED,
        fingerprint=fingerprint(check, dataset, column, rows, outcome),
        blocker=check == "donnees-personnelles" and outcome is Outcome.NON_COMPLIANT,
        count=count,
        action=action,
    )


TITLES = {
    "adresses.csv": "Base adresse locale",
    "aires-de-jeux.geojson": "Aires de jeux",
    "associations.csv": "Associations de la commune",
    "bibliotheque.xlsx": "Prêts de la bibliothèque",
    "budget-2025.pdf": "Budget primitif 2025",
    "deliberations-2025.csv": "Délibérations 2025",
    "elections-2024.csv": "Résultats des élections 2024",
    "equipements.xlsx": "Équipements publics",
    "inscriptions-cantine.csv": "Inscriptions à la cantine",
    "marches-2025.json": "Marchés publics 2025",
    "menus.csv": "Menus de la cantine",
    "prenoms.csv": "Prénoms des nouveau-nés",
    "subventions-2025.csv": "Subventions 2025",
    "voirie.zip": "Voirie",
    "arbres.csv": "Arbres remarquables",
}

SUBVENTIONS_SCHEMA = TableSchema(
    "scdl/subventions", "2.0.4", "Subventions",
    tuple(Field(name) for name in ("nomAttribuant", "idAttribuant", "dateConvention", "nomBeneficiaire", "montant")),
)  # fmt: skip

DATE_ROWS: tuple[RowRange, ...] = ((4, 4), (9, 12), (15, 15), (20, 249))


def dataset(name: str, *, matched: str = "", validation: TableValidation | None = None) -> InspectedDataset:
    extension = name.rsplit(".", 1)[-1]
    distribution = Distribution(id=name, title=name, path=FOLDER / name, declared_format=extension)
    table = text = None
    if extension == "csv":
        labels = ("collectivite", "date", "objet")
        table = TableFacts(1, labels, 245, dialect=Dialect("\t"))
        text = TextFacts("utf-8", False, "lf")
    personal = ()
    if name == "inscriptions-cantine.csv":
        personal = (PersonalDataHint("nir", "NUM_SECU", "F", 120, ((2, 121),)),)
    facts = ContentFacts(EnvelopeFacts(extension, extension), text=text, table=table, personal=personal,
                         sha256=hashlib.sha256(name.encode()).hexdigest(), byte_size=4096)  # fmt: skip
    schema = None
    if validation is not None:
        schema = SchemaMatch(SUBVENTIONS_SCHEMA, 0.94, "header", missing_columns=("referenceDecision",))
    return InspectedDataset(
        Dataset(id=name, title=TITLES[name], distributions=(distribution,), license="lov2", described=True),
        (InspectedFile(distribution, name, facts=facts, schema=schema, validation=validation),),
        matches=(Match(matched, 0.9, "file_name"),) if matched else (),
        catalog_location=str(FOLDER),
    )


def folder(items: tuple[InspectedDataset, ...], **changes: object) -> Catalog:
    catalog = Catalog("folder", "folder", str(FOLDER), FOLDER.name, tuple(item.dataset for item in items))
    return replace(catalog, **changes)  # type: ignore[arg-type]


def _datasets() -> tuple[InspectedDataset, ...]:
    validation = TableValidation(
        "scdl/subventions", "2.0.4", 245,
        issues=(
            ValueIssue("type", "dateConvention", "C", 236, DATE_ROWS, "236 dates ne sont pas à la forme 2024-01-31.",
                       before="31/12/2023", after="2023-12-31"),
        ),
    )  # fmt: skip
    matched = {"adresses.csv": "bal", "subventions-2025.csv": "subventions", "marches-2025.json": "decp-marches"}
    return tuple(
        dataset(name, matched=matched.get(name, ""), validation=validation if name == "subventions-2025.csv" else None)
        for name in TITLES
    )


def _faults_of_files() -> tuple[Finding, ...]:
    cantine = "inscriptions-cantine.csv"
    return (
        finding("obligation-publiee", message="La liste de vos documents (RIP) n'a pas été trouvée.",
                evidence="Aucun titre ni nom de fichier ne lui ressemble parmi 15 jeux de données."),
        *(finding("jeu-decrit", dataset=name, evidence="La description est vide.")
          for name in ("associations.csv", "menus.csv")),
        finding("format-exploitable", dataset="budget-2025.pdf", message="Le budget n'existe qu'en PDF, scanné.",
                evidence="12 pages lues, aucune ne contient de texte."),
        finding("tableur-plat", dataset="equipements.xlsx", message="Le tableau commence à la ligne 3.",
                evidence="2 lignes de titre, 4 groupes de cellules fusionnées.", rows=((1, 2),)),
        finding("tableur-plat", dataset="bibliotheque.xlsx", message="Le tableau commence à la ligne 2.",
                evidence="1 ligne de titre.", rows=((1, 1),)),
        finding("encodage-utf8", dataset="subventions-2025.csv", message="Le fichier est en cp1252.",
                evidence="Premier accent à la ligne 4.", rows=((4, 4),)),
        finding("valeurs-conformes", dataset="subventions-2025.csv", column="dateConvention", letter="C",
                rows=DATE_ROWS, count=236,
                message="236 lignes : la colonne C (dateConvention) n'est pas à la forme 2024-01-31."),
        finding("valeurs-conformes", dataset="subventions-2025.csv", column="idAttribuant", letter="B",
                rows=((7, 7),), message="1 ligne : le SIRET de la colonne B est faux.",
                evidence="La clé de contrôle ne tombe pas juste."),
        finding("colonnes-conformes", dataset="subventions-2025.csv",
                message="Il manque la colonne referenceDecision.", evidence="14 colonnes lues sur 15 attendues."),
        finding("coordonnees-wgs84", dataset="aires-de-jeux.geojson", message="Les coordonnées sont en Lambert 93.",
                evidence="8 objets, x entre 843 000 et 846 000.", count=8),
        *(finding("licence-indiquee", dataset=name, message="Aucune licence n'est indiquée.")
          for name in ("associations.csv", "bibliotheque.xlsx", "elections-2024.csv", "menus.csv", "voirie.zip")),
        *(finding("frequence-indiquee", dataset=name, message="Le rythme n'est pas indiqué.")
          for name in ("arbres.csv", "associations.csv", "bibliotheque.xlsx", "elections-2024.csv", "menus.csv",
                       "voirie.zip")),
        finding("donnees-recentes", dataset="voirie.zip", message="Les données datent de 2019.",
                evidence="Date déclarée : 12 mars 2019."),
        finding("donnees-personnelles", dataset=cantine, column="NUM_SECU", letter="F", rows=((2, 121),), count=120,
                message="120 lignes : la colonne F (NUM_SECU) semble contenir des numéros de sécurité sociale."),
        finding("donnees-personnelles", dataset=cantine, column="DATE_NAISS", letter="D", rows=((2, 121),), count=120,
                message="120 lignes : la colonne D (DATE_NAISS) semble contenir des dates de naissance."),
    )  # fmt: skip


def _right() -> tuple[Finding, ...]:
    good = ("adresses.csv", "deliberations-2025.csv", "marches-2025.json", "prenoms.csv", "subventions-2025.csv")
    every = [
        finding(check, Outcome.COMPLIANT, dataset=name)
        for check in ("licence-indiquee", "frequence-indiquee", "encodage-utf8", "donnees-personnelles")
        for name in good
        if (check, name) != ("encodage-utf8", "subventions-2025.csv")
    ]
    published = replace(finding("obligation-publiee", Outcome.COMPLIANT, dataset="adresses.csv"), obligation="bal")
    return (
        published,
        *every,
        replace(
            finding("obligation-publiee", Outcome.UNVERIFIABLE, message="Dites s'il existe un marché de 40 000 € ou plus."),
            obligation="decp-marches",
        ),
        finding("donnees-personnelles", Outcome.UNVERIFIABLE, dataset="budget-2025.pdf",
                message="Le PDF est une image : ce qu'il contient n'a pas pu être lu."),
        finding("coordonnees-wgs84", Outcome.ERROR, dataset="voirie.zip", message="La lecture de l'archive a échoué."),
    )  # fmt: skip


def _priorities(findings: tuple[Finding, ...]) -> tuple[Priority, ...]:
    groups: dict[str, list[Finding]] = {}
    for item in findings:
        if item.outcome is Outcome.NON_COMPLIANT:
            groups.setdefault(item.check, []).append(item)
    ordered = sorted(groups.values(), key=lambda group: not group[0].blocker)
    return tuple(
        Priority(
            rank=rank,
            check=group[0].check,
            title=group[0].action,
            why=group[0].why,
            remedy=group[0].remedy,
            obligation=group[0].obligation,
            legal_basis=group[0].legal_basis,
            legal_weight=2.5,
            effort=group[0].effort,
            gain=max(0.4, 9.6 - rank),
            findings=tuple(item.fingerprint for item in group),
            files=tuple(sorted({place.file for item in group for place in item.locations})),
            holder="le service qui tient le fichier",
            software="le logiciel de finances (compte 65748)" if rank % 2 else "",
            frequency="À chaque changement." if rank % 3 == 0 else "",
            blocker=group[0].blocker,
        )
        for rank, group in enumerate(ordered, start=1)
    )


def _scores(findings: tuple[Finding, ...], overall: float | None, level: str) -> Scores:
    axes = []
    for position, axis in enumerate(Axis):
        own = [item for item in findings if item.axis is axis]
        good = sum(item.outcome is Outcome.COMPLIANT for item in own)
        bad = sum(item.outcome is Outcome.NON_COMPLIANT for item in own)
        unknown = sum(item.outcome in {Outcome.UNVERIFIABLE, Outcome.ERROR} for item in own)
        score = None if good + bad == 0 else round(100 * good / (good + bad), 1)
        axes.append(AxisScore(axis, score, 0.82 if good + bad else 0.0, good, bad, unknown + (position == 9)))
    blockers = tuple(sorted(item.fingerprint for item in findings if item.blocker))
    return Scores(overall, 0.82 if overall is not None else 0.0, level, tuple(axes), blockers)


def bound_commune() -> AuditReport:
    """A commune of 6 200 inhabitants: 15 files, 25 faults, one of them about private life."""
    items = _datasets()
    findings = tuple(sorted((*_faults_of_files(), *_right()), key=lambda f: (list(Axis).index(f.axis), f.fingerprint)))
    fault = Fault("le fichier voies.shp est coupé", f"{FOLDER}/voirie.zip", "Refaites l'archive.")
    return AuditReport(
        target="examples/commune-exemple",
        on=ON,
        organization=commune(),
        duties=duties(Applicability.APPLIES, commune()),
        catalogs=(folder(items),),
        datasets=items,
        findings=findings,
        scores=_scores(findings, 58.4, "a_regler_d_abord"),
        priorities=_priorities(findings),
        faults=(fault,),
        tool_version="0.1.0",
    )


def faultless_commune() -> AuditReport:
    """The same, everything right."""
    names = ("adresses.csv", "deliberations-2025.csv", "prenoms.csv")
    items = tuple(dataset(name, matched="bal" if name == "adresses.csv" else "") for name in names)
    findings = tuple(
        replace(finding(check, Outcome.COMPLIANT, dataset=name), obligation=obligation)
        for check, (*_, obligation, _basis) in RULES.items()
        for name in names
    ) + tuple(
        replace(
            finding("obligation-publiee", Outcome.COMPLIANT), obligation=item.obligation, fingerprint=f"{rank:016x}"
        )
        for rank, item in enumerate(duties())
    )
    settled = tuple(replace(item, event_happened=True) if item.event else item for item in duties(body=commune()))
    return replace(
        bound_commune(),
        duties=settled,
        catalogs=(folder(items),),
        datasets=items,
        findings=findings,
        scores=_scores(findings, 100.0, "solide"),
        priorities=(),
        faults=(),
    )


def nobody() -> AuditReport:
    """No organization and nothing found."""
    unknown = tuple(replace(item, applicability=Applicability.UNKNOWN) for item in duties(Applicability.UNKNOWN))
    return AuditReport(
        target=".",
        on=ON,
        organization=None,
        duties=unknown,
        catalogs=(Catalog("folder", "folder", ".", "", ()),),
        datasets=(),
        findings=(),
        scores=_scores((), None, "non_evalue"),
        priorities=(),
        faults=(),
        tool_version="0.1.0",
    )


def exempt_commune() -> AuditReport:
    """A commune of 1 250 inhabitants with the same files."""
    body = commune(1250, 14, "Petit-Val")
    return replace(bound_commune(), organization=body, duties=duties(Applicability.EXEMPT, body))


def undecided_commune() -> AuditReport:
    """A commune whose number of agents nobody said."""
    body = commune(agents=None)
    return replace(bound_commune(), organization=body, duties=duties(Applicability.UNKNOWN, body))


def intercommunality() -> AuditReport:
    """A community of communes on a portal."""
    body = Organization("Communauté de communes de l'Orle", OrganizationKind.EPCI, siren="249900017",
                        departement_code="99", departement_name="Exemple", epci_siren="249900017",
                        epci_name="Communauté de communes de l'Orle", epci_nature="CC", agents_etp=75.5)  # fmt: skip
    portal = Catalog("udata", "portal", "https://www.data.gouv.fr/organizations/orle/", "data.gouv.fr",
                     tuple(item.dataset for item in _datasets()))  # fmt: skip
    reason = "L'intercommunalité emploie 75,5 agents (seuil : 50)."
    bound = tuple(replace(item, reason=reason) for item in duties(Applicability.APPLIES, body))
    return replace(bound_commune(), organization=body, duties=bound, catalogs=(portal,))


def partial() -> AuditReport:
    """A source stayed unseen in part."""
    report = bound_commune()
    unseen = Fault("le portail répond « 500 »", "https://portail.example/api", "Réessayez plus tard.")
    portal = Catalog("udata", "portal", "https://portail.example/", "Portail", (), (unseen,), complete=False)
    return replace(report, catalogs=(*report.catalogs, portal), faults=(*report.faults, unseen))


ALL = {
    "bound": bound_commune,
    "faultless": faultless_commune,
    "nobody": nobody,
    "exempt": exempt_commune,
    "undecided": undecided_commune,
    "intercommunality": intercommunality,
    "partial": partial,
}
