"""Part ``tune``: people whom article D312-1-3 of the CRPA lets be named, and what goes too far."""

from __future__ import annotations

from . import belongings as p
from . import makers as m
from .designs import design

NONE = "none"
ELECTED = "public:elected_officials"
ORGANISATION = "public:organisation_charts"
PERMITS = "public:planning_permits"
ASSOCIATIONS = "public:associations"
PROFESSIONALS = "public:professionals"
SPORTS = "public:sports"
TEACHING = "public:teaching"
TOURISM = "public:tourism"
ARCHIVES = "public:archives"

DESIGNS = (
    design(
        "elus_conseil_municipal",
        33,
        ("nom_elu", ELECTED, p.who("{LAST}")),
        ("prenom_elu", ELECTED, p.first),
        ("date_naissance_elu", ELECTED, p.born("%d/%m/%Y", 1945, 2002)),
        ("fonction", NONE, m.one_of("Maire", "1er adjoint", "Conseiller municipal délégué", "Conseillère municipale")),
        ("date_debut_mandat", NONE, m.day("%d/%m/%Y", 2020, 2020)),
        ("groupe", NONE, m.one_of("Majorité", "Valmorin autrement", "Ensemble")),
        note="as in the national register of elected officials, which is public with birth dates",
    ),
    design(
        "elus_coordonnees",
        29,
        ("élu", ELECTED, p.who("{first} {LAST}")),
        ("délégation", NONE, m.one_of("Finances", "Écoles", "Voirie", "Culture")),
        ("mandat", NONE, m.one_of("conseiller municipal", "adjoint au maire")),
        ("téléphone personnel", "phone", p.phone(" ")),
        ("courriel personnel", "email", p.mailbox),
        note="personal contacts are not in the register",
    ),
    design(
        "organigramme_services",
        44,
        ("direction", NONE, m.one_of("DGS", "Ressources humaines", "Services techniques", "Culture")),
        ("nom_agent", ORGANISATION, p.who("{title} {last}")),
        ("poste", NONE, m.one_of("directeur", "chef de service", "assistante", "chargé de mission")),
        ("courriel_professionnel", ORGANISATION, p.work_mail),
        ("poste_telephonique", NONE, m.number(2000, 2999)),
    ),
    design(
        "permis_de_construire",
        105,
        ("num_dau", NONE, m.digits("PC 095 ### 25 #####")),
        ("date_depot", NONE, m.day("%d/%m/%Y", 2024, 2025)),
        ("nom_petitionnaire", PERMITS, m.mostly(p.who("{LAST} {first}"), m.firm, 5)),
        ("adresse_terrain", NONE, m.place_address),
        ("parcelle", NONE, m.digits("0000@@####")),
        ("nature_travaux", NONE, m.one_of("maison individuelle", "extension", "piscine", "abri de jardin")),
        ("decision", NONE, m.one_of("accordé", "refusé", "tacite")),
        ("tel_demandeur", "phone", p.phone("")),
        note="planning permits name the applicant; the phone is not needed",
    ),
    design(
        "annuaire_associations",
        72,
        ("nom_association", NONE, m.association),
        ("rna", NONE, m.digits("W27#######")),
        ("president", ASSOCIATIONS, p.who("{title} {first} {last}")),
        ("tel_president", "phone", p.phone(" ")),
        ("theme", NONE, m.one_of("sport", "culture", "solidarité")),
        ("site", NONE, m.one_of("https://judo-martin.example", "https://chorale.example", "")),
        note="the president may be named; his own phone asks for his consent",
    ),
    design(
        "professionnels_de_sante",
        38,
        ("praticien", PROFESSIONALS, p.who("Dr {first} {LAST}")),
        ("specialite", NONE, m.one_of("médecin généraliste", "infirmier", "sage-femme", "kinésithérapeute")),
        ("adresse_cabinet", NONE, m.place_address),
        ("rpps", NONE, m.digits("101########")),
        ("tel_cabinet", NONE, p.landline()),
    ),
    design(
        "resultats_course",
        130,
        ("dossard", NONE, m.rank("{}")),
        ("coureur", SPORTS, p.who("{LAST} {first}")),
        ("club", NONE, m.association),
        ("categorie", NONE, m.one_of("SE", "V1", "V2", "ES", "JU")),
        ("temps", NONE, m.digits("00:4#:1#")),
    ),
    design(
        "resultats_elections",
        120,
        ("bureau", NONE, m.number(1, 12)),
        ("inscrits", NONE, m.number(600, 1100)),
        ("candidat", ELECTED, p.who("{LAST} {first}")),
        ("nuance", NONE, m.one_of("DVG", "DVD", "LC", "ECO")),
        ("voix", NONE, m.number(0, 380)),
    ),
    design(
        "concours_redacteur_admis",
        48,
        ("rang", NONE, m.rank("{}")),
        ("nom du candidat admis", TEACHING, p.who("{LAST}")),
        ("prénom du candidat admis", TEACHING, p.first),
        ("concours", NONE, m.one_of("externe", "interne", "troisième concours")),
        ("session", NONE, m.one_of("2023", "2024")),
    ),
    design(
        "gites_classes",
        39,
        ("gite", NONE, m.one_of("Gîte de Marie", "La Grange", "Chez Bernard", "Les Hirondelles")),
        ("proprietaire_loueur", TOURISM, p.who("{title} {first} {last}")),
        ("etoiles", NONE, m.number(1, 5)),
        ("classement", NONE, m.day("%d/%m/%Y", 2021, 2025)),
        ("lits", NONE, m.number(2, 12)),
        ("mail_loueur", "either", p.mailbox),
    ),
    design(
        "archives_recensement_1906",
        110,
        ("page", NONE, m.number(1, 80)),
        ("habitant", ARCHIVES, p.who("{last} {first}")),
        ("annee_naissance", ARCHIVES, m.number(1820, 1905)),
        ("profession", NONE, m.one_of("tisserand", "journalière", "meunier", "sans")),
        ("cote_archives", NONE, m.digits("6 M ###")),
    ),
    design(
        "declarations_prealables",
        84,
        ("dossier", NONE, m.digits("DP 012 ### 25 #####")),
        ("demandeur_permis", PERMITS, p.who("{title} {LAST} {first}")),
        ("surface_plancher", NONE, m.number(4, 180)),
        ("etat_dossier", NONE, m.one_of("instruction", "accord", "rejet")),
        ("date_naissance_demandeur", "birth_date", p.born("%d/%m/%Y")),
        note="the applicant's name is public, the birth date is not needed",
    ),
    design(
        "marche_commercants",
        52,
        ("jour_marche", NONE, m.one_of("mercredi", "samedi")),
        ("commercant_titulaire_emplacement", PERMITS, p.who("{LAST} {first}")),
        ("produit", NONE, m.one_of("primeur", "fromages", "textile")),
        ("metres_lineaires", NONE, m.number(2, 12)),
    ),
)
