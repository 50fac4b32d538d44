"""Part ``fresh``: more owners, accounts, numbers and names in texts, and tables about nobody that look like them."""

from __future__ import annotations

from . import belongings as p
from . import makers as m
from .designs import design

NONE = "none"

DESIGNS = (
    design(
        "aac_parcelles_captage",
        54,
        ("Réf. cadastrale", NONE, m.digits("44986000ZC####")),
        ("Surface (ha)", NONE, m.decimal(0.1, 14)),
        ("Culture", NONE, m.one_of("maïs", "prairie", "blé tendre")),
        ("Nom du propriétaire", "owner", p.who("{LASTBARE} {FIRSTBARE}")),
        ("Commune du propriétaire", NONE, m.town),
        ("Distance au captage (m)", NONE, m.number(20, 1900)),
    ),
    design(
        "biens_sans_maitre",
        26,
        ("Parcelle", NONE, m.digits("AD ###")),
        ("Lieu-dit", NONE, m.one_of("La Roche", "Les Prés", "Chez Gendron")),
        ("Propriétaires connus", "owner", m.joined(" / ", p.who("{LAST} {first}"), p.other(p.who("{LAST} {first}")))),
        ("Date de naissance du propriétaire", "birth_date", p.born_words("{day} {month} {year}")),
        ("Valeur estimée", NONE, m.number(300, 9000)),
    ),
    design(
        "declarations_intention_aliener",
        49,
        ("N° DIA", NONE, m.digits("DIA 044986 26 ####")),
        ("Vendeur", "owner", p.who("{title} {LAST} {first}")),
        ("Acquéreur", "person_name", p.other(p.who("{title} {LAST} {first}"))),
        ("Bien", NONE, m.one_of("bâti", "non bâti", "appartement")),
        ("Prix", NONE, m.number(12000, 480000)),
        ("Préemption", NONE, m.one_of("non", "non", "oui")),
    ),
    design(
        "prime_velo_electrique",
        59,
        ("Dossier", NONE, m.rank("VAE-{:03}")),
        ("Nom du demandeur", "person_name", p.last),
        ("Prénom du demandeur", "person_name", p.first),
        ("Coordonnées bancaires", "iban", p.iban),
        ("Revenu fiscal de référence", "social", m.number(4000, 39000)),
        ("Marque du vélo", NONE, m.one_of("Gitane", "Peugeot", "Moustache", "Lapierre")),
        ("Prime", NONE, m.one_of("100", "200", "300")),
    ),
    design(
        "prelevement_cantine_mandats",
        83,
        ("RUM", NONE, m.digits("CANT2026######")),
        ("Débiteur", "person_name", p.who("{title} {LAST} {first}")),
        ("Compte", "iban", p.iban_plain),
        ("ICS", NONE, m.one_of("FR12ZZZ512345")),
        ("Échéance", NONE, m.day("%d/%m/%Y", 2026, 2026)),
        ("Montant", "either", m.decimal(12, 160)),
    ),
    design(
        "vacataires_recensement_2026",
        24,
        ("Agent recenseur", "person_name", p.who("{first} {LAST}")),
        ("Numéro de sécu", "nir", p.nir),
        ("Né(e) le", "birth_date", p.born("excel", 1955, 2006)),
        ("District", NONE, m.number(1, 24)),
        ("Logements", NONE, m.number(150, 320)),
        ("Mail perso", "email", p.mailbox),
    ),
    design(
        "accidents_de_service",
        30,
        ("Date de l'accident", NONE, m.day("%d/%m/%Y", 2025, 2026)),
        ("Lieu", NONE, m.equipment),
        ("Victime", "person_name", p.who("{LAST} {first}")),
        ("Lésions", "health", m.one_of("entorse cheville", "lombalgie", "coupure main", "contusion genou")),
        ("Circonstances", "named_in_text", p.text("{first} a glissé", "{title} {LAST} portait une charge")),
        ("Arrêt (jours)", "either", m.number(0, 45)),
    ),
    design(
        "arretes_du_maire_2026",
        85,
        ("N° arrêté", NONE, m.rank("2026/{:03}")),
        ("Date de signature", NONE, m.day("%d/%m/%Y", 2026, 2026)),
        (
            "Intitulé",
            "named_in_text",
            m.mostly(
                p.text("Circulation alternée {street}", "Fermeture de {place}", "Débit de boissons temporaire"),
                p.text(
                    "Mise en congé de longue maladie de {title} {LAST} {first}",
                    "Admission en soins psychiatriques de {title} {first} {LAST}",
                    "Placement en disponibilité de {title} {LAST} {first}",
                ),
                6,
            ),
        ),
        ("Type", NONE, m.one_of("réglementaire", "individuel")),
    ),
    design(
        "registre_accueil_mairie",
        98,
        ("Jour", NONE, m.day("%d/%m", 2026, 2026)),
        ("Motif de visite", NONE, m.one_of("carte d'identité", "urbanisme", "inscription école")),
        (
            "Remarques",
            "named_in_text",
            m.mostly(
                p.text("RAS", "pièce manquante", "réorienté vers la CAF"),
                p.text("rappeler {title} {last} au {phone}", "{title} {LAST} repassera lundi", "écrire à {mail}"),
                5,
            ),
        ),
        ("Durée (min)", NONE, m.number(2, 40)),
    ),
    design(
        "arretes_voirie_sans_nom",
        70,
        ("Numéro", NONE, m.rank("AV-{:04}")),
        (
            "Objet de l'arrêté",
            NONE,
            p.text("Stationnement interdit {street}", "Travaux devant {place}", "Vide-grenier"),
        ),
        ("Entreprise", NONE, m.firm),
        ("Du", NONE, m.day("%d/%m/%Y", 2026, 2026)),
        ("Au", NONE, m.day("%d/%m/%Y", 2026, 2026)),
    ),
    design(
        "compteurs_eau_telereleve",
        92,
        ("N° de série", NONE, m.digits("2################")),
        ("Module radio", NONE, m.digits("06########")),
        ("Diamètre", NONE, m.one_of("15", "20", "40")),
        ("Marque", NONE, m.one_of("Itron", "Diehl", "Sensus")),
        ("Bâtiment desservi", NONE, m.equipment),
        ("Conso 2025 (m³)", NONE, m.number(4, 3000)),
    ),
    design(
        "noms_des_salles_et_rues",
        40,
        ("Lieu nommé", NONE, m.equipment),
        ("Personnalité", NONE, m.one_of("Germaine Tillion", "Agnès Varda", "Jesse Owens", "Georges Perec")),
        ("Naissance", NONE, m.one_of("1907", "1928", "1913", "1936")),
        ("Décès", NONE, m.one_of("2008", "2019", "1980", "1982")),
        ("Délibération", NONE, m.digits("20##-0##")),
    ),
)
