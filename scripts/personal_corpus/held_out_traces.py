"""Part ``test``: free texts, owners, homes, plates, small counts, and persons who hide in a few cells."""

from __future__ import annotations

from . import belongings as p
from . import makers as m
from .designs import design

NONE = "none"

DESIGNS = (
    design(
        "main_courante_pm",
        140,
        ("n°", NONE, m.rank("{}")),
        ("heure", NONE, m.digits("1#:4#")),
        ("nature", NONE, m.one_of("tapage", "stationnement", "animal errant", "différend")),
        (
            "faits",
            "named_in_text",
            m.mostly(
                p.text("Patrouille pédestre, RAS", "Véhicule mal garé, {street}", "Chien errant conduit au refuge"),
                p.text(
                    "Différend entre voisins : {civility} {last} {first} refuse de baisser le son",
                    "Appel de {title} {last}, jointe au {phone}, pour tapage",
                    "Contrôle du nommé {first} {LAST}, sans titre de transport",
                ),
                4,
            ),
        ),
        ("véhicule relevé", "plate", m.rare(5, p.plate)),
        ("suite", NONE, m.one_of("verbalisation", "médiation", "sans suite")),
    ),
    design(
        "arretes_temporaires",
        90,
        ("numero_arrete", NONE, m.rank("AR-2025-{:04}")),
        ("date_signature", NONE, m.day("%d/%m/%Y", 2025, 2025)),
        (
            "objet_arrete",
            "named_in_text",
            m.mostly(
                p.text(
                    "Travaux d'assainissement, {street}", "Fête de la musique : circulation interdite", "Vide-grenier"
                ),
                p.text(
                    "Déménagement de {title} {last}, {street}",
                    "Occupation du domaine privé de {civility} {first} {last}",
                    "Mise en demeure de {title} {LAST} : chien catégorisé",
                ),
                5,
            ),
        ),
        ("fin", NONE, m.day("%d/%m/%Y", 2025, 2026)),
    ),
    design(
        "conseil_municipal_points",
        70,
        ("seance", NONE, m.day("%Y-%m-%d", 2024, 2025)),
        ("point", NONE, m.number(1, 32)),
        (
            "intitule",
            "named_in_text",
            m.mostly(
                p.text(
                    "Décision modificative n° {n}", "Tableau des effectifs", "Rapport sur l'eau", "Tarifs de la piscine"
                ),
                p.text(
                    "Indemnisation de {title} {first} {LAST} à la suite d'une chute",
                    "Recrutement de {title} {LAST} par contrat",
                    "Admission en non-valeur : dette de {title} {first} {last}",
                ),
                8,
            ),
        ),
        ("rapporteur", "public:elected_officials", p.other(p.who("{title} {LAST}"))),
    ),
    design(
        "demandes_gru",
        240,
        ("ticket", NONE, m.rank("GRU-{:06}")),
        ("canal", NONE, m.one_of("téléphone", "guichet", "site")),
        ("thème", NONE, m.one_of("déchets", "état civil", "espaces verts")),
        (
            "message",
            "named_in_text",
            m.mostly(
                p.text("Mon bac n'a pas été vidé", "Demande d'acte de naissance", "Arbre qui gêne la vue"),
                p.text(
                    "Bonjour, je suis {first} {last}, merci de me rappeler au {phone}",
                    "Cordialement, {title} {first} {LAST}",
                    "Écrire à {mail}, ma fille {first} {last} est malade",
                ),
                7,
            ),
        ),
        ("délai_jours", NONE, m.number(0, 30)),
    ),
    design(
        "cahier_de_doleances",
        64,
        ("fiche", NONE, m.rank("O{}")),
        ("déposée le", NONE, m.day("%d/%m/%Y", 2025, 2025)),
        (
            "contenu",
            "named_in_text",
            p.text(
                "{title} {last} et ses enfants s'opposent au projet, parcelle AB {n}",
                "Nous, {first} {LAST}, demeurant {street}, demandons le classement du terrain",
                "Avis défavorable de {civility} {last}",
                "Le projet détruit une haie ; trop de circulation {street}",
            ),
        ),
        ("réponse", NONE, m.one_of("prise en compte", "hors sujet", "refusée")),
    ),
    design(
        "interventions_ateliers",
        290,
        ("bon", NONE, m.rank("BT{:05}")),
        ("lieu", NONE, m.equipment),
        ("nature_travaux", NONE, m.one_of("plomberie", "serrurerie", "électricité")),
        (
            "remarques",
            "phone",
            m.at_row(201, p.text("prévenir au {phone} avant de passer"), m.rare(6, p.text("fait", "pièce commandée"))),
        ),
        ("heures", NONE, m.decimal(0.5, 8, 1)),
        note="one phone in 290 rows",
    ),
    design(
        "formation_bafa",
        270,
        ("session", NONE, m.digits("S##")),
        ("statut", NONE, m.one_of("inscrit", "payé", "annulé")),
        (
            "précisions",
            "nir",
            m.at_row(133, m.joined(" ", m.one_of("n° sécu"), p.nir), m.rare(5, m.one_of("ok", "relancé"))),
        ),
        ("coût", NONE, m.number(250, 620)),
        note="one social security number in 270 rows",
    ),
    design(
        "paiements_divers",
        200,
        ("mandat", NONE, m.number(1, 9000)),
        ("nature", NONE, m.one_of("remboursement usager", "caution rendue", "trop-perçu cantine")),
        ("libellé", NONE, p.text("titre {n}", "facture {n}", "reçu {n}")),
        ("info_complementaire", "iban", m.rare(50, p.iban, "virement")),
        note="two per cent of the rows hold an account",
    ),
    design(
        "questionnaire_plu",
        180,
        ("rep", NONE, m.rank("{}")),
        ("age_tranche", NONE, m.one_of("18-30", "31-50", "51-70", "70+")),
        ("avis_general", NONE, m.number(1, 5)),
        ("pour être tenu au courant", "email", m.rare(45, p.mailbox)),
        ("quartier_habite", NONE, m.one_of("Bourg", "Gare", "Coteau")),
    ),
    design(
        "dia_2024",
        110,
        ("n_dia", NONE, m.digits("IA 014 987 24 U####")),
        ("vendeur", "owner", m.mostly(p.who("{LAST} {first}"), m.firm, 9)),
        ("acquéreur", "person_name", m.mostly(p.other(p.who("{LAST} {first}")), m.firm, 9)),
        ("réf cadastrale", NONE, m.digits("AC ####")),
        ("prix", "either", m.number(30000, 640000)),
        ("préemption", NONE, m.one_of("non", "non", "oui")),
    ),
    design(
        "emprises_alignement",
        48,
        ("ref_cad", NONE, m.digits("14987000@@0###")),
        ("propriétaire riverain", "owner", p.who("{title} {first} {last}")),
        ("surface_m2", NONE, m.number(80, 4000)),
        ("zonage", NONE, m.one_of("UA", "UB", "A", "N")),
    ),
    design(
        "cadastre_solaire_foyers",
        100,
        ("id_parc", NONE, m.digits("@@###")),
        ("compte propriétaire", "owner", p.who("{LASTBARE}/{FIRSTBARE}")),
        ("x_habitation", "home_place", m.decimal(440000, 452000, 1, ".")),
        ("y_habitation", "home_place", m.decimal(6890000, 6899000, 1, ".")),
        ("potentiel_kwh", NONE, m.number(900, 9000)),
    ),
    design(
        "canicule_tournees",
        70,
        ("tournee", NONE, m.one_of("matin", "soir")),
        ("beneficiaire_nom", "person_name", p.who("{LAST}")),
        ("geo_domicile", "home_place", m.joined(", ", m.decimal(49.1, 49.2, 5, "."), m.decimal(0.1, 0.2, 5, "."))),
        ("visites", NONE, m.number(1, 9)),
    ),
    design(
        "verbalisations_stationnement",
        190,
        ("fps", NONE, m.digits("2175##########")),
        ("date_fps", NONE, m.day("%d/%m/%Y", 2025, 2025)),
        ("plaque", "plate", m.digits("@@###@@")),
        ("rue_constat", NONE, m.street),
        ("montant_fps", NONE, m.one_of("17", "25", "35")),
    ),
    design(
        "fourriere_2025",
        75,
        ("entree", NONE, m.day("%d/%m/%Y", 2025, 2025)),
        ("marque", NONE, m.one_of("RENAULT", "CITROEN", "MERCEDES", "DACIA")),
        ("n_immat", "plate", m.blend(p.plate, m.digits("#### @@ 14"))),
        ("motif", NONE, m.one_of("épave", "gênant", "abusif")),
        ("gardien", NONE, m.one_of("Garage Robert", "Dépannage 14")),
    ),
    design(
        "aide_sociale_communes",
        90,
        ("commune", NONE, m.town),
        ("sexe", NONE, m.one_of("femmes", "hommes")),
        ("âge", NONE, m.one_of("0-17", "18-29", "30-59", "60-74", "75+")),
        ("nb_allocataires_aah", "small_counts", m.blend(m.number(0, 4), m.number(1, 30))),
        ("effectif_rsa_majore", "small_counts", m.blend(m.number(0, 3), m.number(2, 19))),
    ),
    design(
        "violences_intrafamiliales",
        48,
        ("secteur", NONE, m.one_of("Nord", "Sud", "Bourg", "Gare")),
        ("trimestre", NONE, m.one_of("2024-T1", "2024-T2", "2024-T3", "2024-T4")),
        ("tranche d'âge victime", NONE, m.one_of("mineur", "18-25", "26-45", "46+")),
        ("victimes", "small_counts", m.number(0, 6)),
    ),
    design(
        "rsu_handicap_services",
        36,
        ("direction", NONE, m.one_of("DGS", "Culture", "Technique", "Enfance")),
        ("catégorie", NONE, m.one_of("A", "B", "C")),
        ("genre", NONE, m.one_of("F", "H")),
        ("agents_rqth", "small_counts", m.number(0, 7)),
        ("agents_en_clm", "small_counts", m.number(0, 5)),
    ),
    design(
        "subventions_individuelles",
        85,
        ("annee", NONE, m.one_of("2023", "2024")),
        ("dispositif", NONE, m.one_of("vélo électrique", "récupérateur d'eau", "ravalement")),
        ("nom_beneficiaire", "person_name", p.who("{LAST} {first}")),
        ("adresse_travaux", "person_address", p.home),
        ("aide_versee", "either", m.number(50, 1500)),
    ),
    design(
        "libelle_trompeur",
        66,
        ("code", "person_name", p.who("{LASTBARE} {first}")),
        ("ville", "phone", p.phone(" ")),
        ("telephone", NONE, m.one_of("Kermaria-Vihan", "Hautot-les-Prés", "Castelmaure")),
        ("date", "email", p.mailbox),
        note="columns shifted by one: labels lie",
    ),
)
