"""Part ``test``: people whom article D312-1-3 of the CRPA lets be named, family by family, and what goes too far."""

from __future__ import annotations

from . import belongings as p
from . import makers as m
from .designs import design

NONE = "none"
ORGANISATION = "public:organisation_charts"
ASSOCIATIONS = "public:associations"
PROFESSIONALS = "public:professionals"
TEACHING = "public:teaching"
SPORTS = "public:sports"
ELECTED = "public:elected_officials"
TOURISM = "public:tourism"
PERMITS = "public:planning_permits"
ARCHIVES = "public:archives"

DESIGNS = (
    design(
        "repertoire_elus_rne",
        80,
        ("Code du département", NONE, m.one_of("14")),
        ("Libellé de la commune", NONE, m.town),
        ("Nom de l'élu", ELECTED, p.who("{LASTBARE}")),
        ("Prénom de l'élu", ELECTED, p.first),
        ("Code sexe", NONE, m.one_of("F", "M")),
        ("Date de naissance", ELECTED, p.born("%d/%m/%Y", 1940, 2003)),
        ("Libellé de la catégorie socio-professionnelle", NONE, m.one_of("Retraité", "Agriculteur", "Cadre")),
        ("Date de début du mandat", NONE, m.day("%d/%m/%Y", 2020, 2021)),
        ("Libellé de la fonction", NONE, m.one_of("Maire", "2ème adjoint au Maire", "Conseiller municipal")),
    ),
    design(
        "elus_communautaires",
        52,
        ("conseiller communautaire", ELECTED, p.who("{title} {LAST} {first}")),
        ("commune représentée", NONE, m.town),
        ("commission", NONE, m.one_of("Déchets", "Eau", "Tourisme")),
        ("gsm privé", "phone", p.mobile("")),
        ("domicile", "person_address", p.home_whole),
        note="the name is public, the private phone and the home are not",
    ),
    design(
        "presence_elus",
        100,
        ("seance_du", NONE, m.day("%d/%m/%Y", 2024, 2025)),
        ("conseillers_municipaux", ELECTED, p.who("{LAST} {first}")),
        ("presence", NONE, m.one_of("présent", "excusé", "pouvoir")),
        ("pouvoir_a", ELECTED, m.rare(5, p.other(p.who("{title} {LAST}")))),
    ),
    design(
        "indemnites_elus",
        27,
        ("Élu local", ELECTED, p.who("{last} {first}")),
        ("Mandat exercé", NONE, m.one_of("Maire", "Adjoint", "Conseillère déléguée")),
        ("Indemnité brute annuelle", NONE, m.decimal(900, 32000)),
        ("Remboursements de frais", NONE, m.decimal(0, 900)),
    ),
    design(
        "municipales_resultats_listes",
        90,
        ("code_bv", NONE, m.digits("00##")),
        ("exprimés", NONE, m.number(210, 900)),
        ("tête de liste", ELECTED, p.who("{LAST} {first}")),
        ("liste", NONE, m.one_of("Bréville ensemble", "Vivre mieux", "Avec Robert pour demain")),
        ("nb_voix", NONE, m.number(1, 420)),
        note="small counts of votes are published by law",
    ),
    design(
        "annuaire_agents_directions",
        64,
        ("Direction", NONE, m.one_of("Secrétariat général", "Systèmes d'information", "Sports")),
        ("Responsable de service", ORGANISATION, p.who("{first} {LAST}")),
        ("Intitulé du poste", NONE, m.one_of("directrice", "responsable", "adjointe au directeur")),
        ("Mél pro", ORGANISATION, p.work_mail),
        ("N° de poste", NONE, m.number(100, 999)),
        ("Mobile personnel", "phone", p.mobile(" ")),
    ),
    design(
        "tableau_avancement_grade",
        31,
        ("grade d'accueil", NONE, m.one_of("attaché principal", "rédacteur principal 2e classe", "agent de maîtrise")),
        ("rang de classement", NONE, m.rank("{}")),
        ("agent promouvable", ORGANISATION, p.who("{LAST} {first}")),
        ("direction d'affectation", NONE, m.one_of("Culture", "Voirie", "CCAS")),
        note="lists of promotion are named by the article",
    ),
    design(
        "rna_locales",
        105,
        ("id_rna", NONE, m.digits("W14#######")),
        ("titre_association", NONE, m.association),
        ("adresse_siege", ASSOCIATIONS, m.joined(", ", p.who("chez {title} {last}"), m.place_address)),
        ("président(e) de l'association", ASSOCIATIONS, p.who("{first} {LAST}")),
        ("date_creation", NONE, m.day("%Y-%m-%d", 1952, 2025)),
        ("objet_social", NONE, m.one_of("pratique du tennis", "aide aux aînés", "théâtre amateur")),
    ),
    design(
        "bureaux_associatifs",
        58,
        ("association", NONE, m.association),
        ("trésorier", ASSOCIATIONS, p.who("{title} {LAST}")),
        ("secrétaire de l'association", ASSOCIATIONS, p.other(p.who("{title} {LAST}"))),
        ("courriel privé du trésorier", "email", p.mailbox),
        ("agrément", NONE, m.one_of("sport", "jeunesse", "aucun")),
    ),
    design(
        "notaires_avocats",
        33,
        ("professionnel", PROFESSIONALS, p.who("Maître {first} {LAST}")),
        ("profession", NONE, m.one_of("notaire", "avocat", "commissaire de justice", "architecte")),
        ("étude ou cabinet", NONE, m.place_address),
        ("tél. étude", NONE, p.landline()),
        ("barreau ou chambre", NONE, m.one_of("Caen", "Lisieux")),
    ),
    design(
        "taxis_autorises",
        28,
        ("n_ads", NONE, m.rank("{}")),
        ("exploitant de taxi", PROFESSIONALS, p.who("{LAST} {first}")),
        ("carte professionnelle", NONE, m.digits("014-###")),
        ("délivrée le", NONE, m.day("%d/%m/%Y", 2010, 2025)),
    ),
    design(
        "admis_concours_atsem",
        88,
        ("concours", NONE, m.one_of("ATSEM externe", "ATSEM interne")),
        ("n_candidat", NONE, m.digits("24####")),
        ("candidat admis", TEACHING, p.who("{LASTBARE} {FIRSTBARE}")),
        ("résultat", NONE, m.one_of("admis", "liste complémentaire")),
    ),
    design(
        "podium_cross",
        75,
        ("place", NONE, m.rank("{}")),
        ("licencié", SPORTS, p.who("{LAST} {first}")),
        ("catégorie FFA", NONE, m.one_of("SEM", "SEF", "M2M", "M4F")),
        ("club", NONE, m.association),
        ("chrono", NONE, m.digits("3#'1#''")),
    ),
    design(
        "meubles_de_tourisme",
        47,
        ("hébergement", NONE, m.one_of("Gîte Chez Lucie", "La Clé des champs", "Villa Marguerite")),
        ("loueur", TOURISM, p.who("{title} {last} {first}")),
        ("classement étoiles", NONE, m.number(1, 5)),
        ("capacité", NONE, m.number(2, 14)),
        ("adresse du meublé", NONE, m.place_address),
        ("n_enregistrement", NONE, m.digits("14987#########")),
    ),
    design(
        "autorisations_urbanisme",
        120,
        ("NUM_DAU", NONE, m.digits("DP014987 25 0####")),
        ("TYPE_DAU", NONE, m.one_of("DP", "PC", "PA", "PD")),
        ("NOM_DEM", PERMITS, p.who("{LASTBARE}")),
        ("PRENOM_DEM", PERMITS, p.who("{FIRSTBARE}")),
        ("DENOM_DEM", NONE, m.rare(5, m.firm)),
        ("ADR_LIBVOIE_TER", NONE, m.street),
        ("SUPERFICIE_TERRAIN", NONE, m.number(120, 4000)),
        ("MAIL_DEM", "email", p.mailbox),
    ),
    design(
        "terrasses_occupation",
        50,
        ("enseigne", NONE, m.one_of("Chez Isabelle", "Le Robert", "Café de la Paix", "L'Atelier de Simon")),
        ("titulaire de l'autorisation de voirie", PERMITS, p.who("{first} {LAST}")),
        ("emprise domaine public m2", NONE, m.number(4, 60)),
        ("redevance", NONE, m.decimal(80, 2400)),
        ("validité", NONE, m.day("%d/%m/%Y", 2025, 2026)),
    ),
    design(
        "registre_matricule_1914",
        95,
        ("cote", NONE, m.digits("1 R ###")),
        ("nom du soldat", ARCHIVES, p.man(p.who("{LAST}"))),
        ("prénoms du soldat", ARCHIVES, p.who("{first} {second}")),
        ("date de naissance", ARCHIVES, m.day("%d/%m/%Y", 1868, 1898)),
        ("classe", NONE, m.number(1888, 1918)),
        ("mort pour la France", NONE, m.one_of("oui", "non")),
        note="a century old: archives that anyone may consult",
    ),
)
