"""Part ``fresh``: nobody in them; tables that follow national models (SCDL, DECP, BAL, GTFS), as filled in."""

from __future__ import annotations

from . import belongings as p
from . import makers as m
from .designs import Design, design

NONE = "none"


def _nobody(name: str, count: int, *columns: tuple[str, m.Maker]) -> Design:
    return design(name, count, *((label, NONE, make) for label, make in columns))


DESIGNS = (
    _nobody(
        "bal_44986",
        160,
        ("cle_interop", m.digits("44986_0###_000##")),
        ("commune_insee", m.one_of("44986")),
        ("voie_nom", m.street),
        ("lieudit_complement_nom", m.rare(6, m.one_of("La Roche", "Chez Gendron", "Le Petit Bernard"))),
        ("numero", m.number(1, 140)),
        ("suffixe", m.rare(9, m.one_of("bis", "ter"))),
        ("long", m.decimal(-1.4, -1.3, 6, ".")),
        ("lat", m.decimal(47.1, 47.2, 6, ".")),
        ("source", m.one_of("Commune de La Chapelle-Basse-Vue")),
        ("date_der_maj", m.day("%Y-%m-%d", 2020, 2026)),
    ),
    _nobody(
        "dae_commune",
        28,
        ("nom", m.joined(" - ", m.one_of("DAE"), m.equipment)),
        ("lat_coor1", m.decimal(47.1, 47.2, 6, ".")),
        ("adr_voie", m.street),
        ("com_nom", m.town),
        ("acc_acc", m.one_of("accueil", "façade", "vestiaire")),
        ("tel1", p.landline(" ")),
        ("expt_rais", m.one_of("Commune de Boisville-la-Rivière")),
        ("expt_email", p.service_mail("mairie", "accueil", "technique")),
        ("expt_siren", m.siren),
        ("dermnt", m.day("%Y-%m-%d", 2024, 2026)),
        ("fab_rais", m.one_of("Schiller", "Zoll", "Philips", "Mindray")),
    ),
    _nobody(
        "decp_2026",
        44,
        ("id", m.rank("2026M{:03}")),
        ("acheteur.id", m.siret),
        ("objet", m.one_of("Réfection de la rue Léon Blum", "Assurances", "Fourniture de repas", "Toiture école")),
        ("codeCPV", m.digits("45######-#")),
        ("dureeMois", m.number(1, 48)),
        ("dateNotification", m.day("%Y-%m-%d", 2026, 2026)),
        ("montant", m.decimal(4000, 900000, 2, ".")),
        ("titulaire_id_1", m.siret),
        ("titulaire_denominationSociale_1", m.firm),
        ("formePrix", m.one_of("Ferme", "Révisable")),
    ),
    _nobody(
        "subventions_scdl_2026",
        50,
        ("nomAttribuant", m.one_of("Commune de Granvaux-Moselotte")),
        ("idAttribuant", m.siret),
        ("dateConvention", m.day("%Y-%m-%d", 2026, 2026)),
        ("nomBeneficiaire", m.association),
        ("idBeneficiaire", m.siret),
        ("objet", m.one_of("fonctionnement", "tournoi Jesse Owens", "fête de la Saint-Jean")),
        ("montant", m.number(150, 12000)),
        ("nature", m.one_of("aide en numéraire", "aide en nature")),
        ("conditionsVersement", m.one_of("unique", "échelonné")),
    ),
    _nobody(
        "deliberations_scdl_cc",
        66,
        ("COLL_NOM", m.one_of("CC des Marais")),
        ("COLL_SIRET", m.siret),
        ("DELIB_ID", m.rank("2026-{:03}")),
        ("DELIB_DATE", m.day("%Y-%m-%d", 2026, 2026)),
        ("DELIB_MATIERE_CODE", m.one_of("7.1", "5.2", "8.8")),
        ("DELIB_MATIERE_NOM", m.one_of("Finances locales/Décisions budgétaires", "Domaines/Environnement")),
        ("DELIB_OBJET", p.text("Dénomination {place}", "Travaux {street}", "Adhésion au syndicat", "Tarifs")),
        ("VOTE_EFFECTIF", m.one_of("42")),
        ("VOTE_POUR", m.number(20, 42)),
        ("VOTE_CONTRE", m.number(0, 4)),
    ),
    _nobody(
        "equipements_scdl",
        32,
        ("EQUIP_UID", m.digits("44986-E##")),
        ("EQUIP_THEME", m.one_of("Sport", "Culture", "Petite enfance")),
        ("EQUIP_NOM", m.equipment),
        ("ADR_NOMVOIE", m.street),
        ("ADR_CODEPOSTAL", m.postcode),
        ("EQUIP_TEL", p.landline(" ")),
        ("EQUIP_EMAIL", p.service_mail("sports", "culture", "accueil")),
        ("EQUIP_WEB", m.one_of("https://ville-boisville.example/sport", "")),
        ("EQUIP_OUVERTURE", m.one_of("9h-12h", "14h-18h")),
    ),
    _nobody(
        "gtfs_stops_navette",
        70,
        ("stop_id", m.digits("BVL:####")),
        ("stop_name", m.one_of("Léon Blum", "Germaine Tillion", "Gare SNCF", "Lycée Ambroise Paré", "Guynemer")),
        ("stop_lat", m.decimal(47.9, 48.1, 6, ".")),
        ("stop_lon", m.decimal(1.8, 2.1, 6, ".")),
        ("wheelchair_boarding", m.one_of("0", "1", "2")),
    ),
    _nobody(
        "irve_communes_marais",
        24,
        ("nom_amenageur", m.one_of("Syndicat d'énergie", "CC des Marais")),
        ("contact_operateur", p.service_mail("support", "exploitation")),
        ("telephone_operateur", p.landline("")),
        ("id_station_itinerance", m.digits("FRS17P170###")),
        ("adresse_station", m.joined(", ", m.place_address, m.town)),
        ("puissance_nominale", m.one_of("22", "50", "7.4")),
        ("num_pdl", m.digits("1###########82")),
        ("date_mise_en_service", m.day("%Y-%m-%d", 2018, 2026)),
    ),
)
