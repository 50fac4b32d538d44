"""Tables of private persons where one column looks like a family of the decree."""

# fmt: off
# ruff: noqa: F403, F405

from __future__ import annotations

from town_hall_making import *

TABLES: Tables = {
    "f_medtrait": plan(("Nom", NAME, L), ("Prénom", NAME, p.first), ("Adresse", HOME, p.home), ("Tél", TEL, p.phone(" ")), ("Médecin traitant", EI, p.other(W("Dr {LAST}"))), ("Traitement en cours", EI, one("oui","non"))),
    "f_mandat": plan(("tiers", NAME, N), ("mandat SEPA", NO, dig("++95#######")), ("iban", "iban", p.iban_plain), ("montant", NO, num(10, 90))),
    "f_depot": plan(("demandeur", NAME, N), ("date de dépôt", NO, day("%d/%m/%Y", 2025, 2025)), ("date de décision", NO, day("%d/%m/%Y", 2025, 2025)), ("nature", NO, one("place en crèche","logement"))),
    "f_test": plan(("nom", NAME, L), ("prénom", NAME, p.first), ("test PCR", HEALTH, day("%d/%m/%Y", 2021, 2021)), ("résultat", EI, one("positif","négatif"))),
    "f_heberg": plan(("nom", NAME, L), ("prénom", NAME, p.first), ("hébergement", EI, one("hôtel social","CHRS")), ("portable", TEL, dig(MOB))),
    "f_parti": plan(("nom", NAME, L), ("prénom", NAME, p.first), ("arrivé le", NO, day("%d/%m/%Y", 2020, 2024)), ("parti le", NO, day("%d/%m/%Y", 2025, 2025))),
    "f_auteur": plan(("date", NO, day("%d/%m/%Y", 2025, 2025)), ("auteur des faits", NAME, N), ("faits", NO, one("tapage","dépôt sauvage"))),
    "f_poste": plan(("nom", EI, L), ("prénom", EI, p.first), ("poste", NO, one("ATSEM","agent d'entretien")), ("adresse", HOME, p.home_whole), ("téléphone mobile", TEL, dig(MOB))),
    "f_recens": plan(("nom", NAME, L), ("prénom", NAME, p.first), ("date de recensement citoyen", NO, day("%d/%m/%Y", 2025, 2025)), ("nationalité", EI, one("française","double"))),
    "f_compagnie": plan(("sinistré", NAME, N), ("compagnie d'assurance", NO, one("MAIF","AXA")), ("tel sinistré", TEL, p.phone(" "))),
}
TABLES.update({
    "g_creche": plan(("crèche demandée", NO, one("Les Lutins","Pomme d'Api")), ("nom", NAME, L), ("prénom", NAME, p.first), ("adresse", HOME, p.home), ("allergie", HEALTH, one("lait","non"))),
    "g_salle": plan(("salle", NO, m.equipment_of("Salle")), ("Nom", NAME, L), ("Prénom", NAME, p.first), ("Téléphone", TEL, p.phone(" ")), ("Adresse", HOME, p.home)),
    "g_login": plan(("objet", NO, rank("{}")), ("created_user", NAME, lambda w: p.slug(w.person.first)+"."+p.slug(w.person.last)), ("created_date", NO, day("%Y-%m-%d", 2020, 2025))),
    "g_born": plan(("acte", NO, rank("{}")), ("mention", BORN, m.mostly(one("Acte transcrit sans réserve","Rien à signaler"), p.born_words("Reconnaissance de l'enfant né le {day} {month} {year} à {town}"), 3))),
    "g_telev": plan(("évènement", NO, one("bal","brocante")), ("date", NO, day("%d/%m/%Y", 2025, 2025)), ("renseignements", NO, one("au 01 99 00 12 34","en mairie","contact@valmorin.example"))),
})
TABLES.update({
"k_dossier": plan(("n° dossier", NO, rank("D{}")), ("sexe", NO, one("F","M")), ("pathologie", HEALTH, one("asthme","diabète","")), ("aide accordée", SOCIAL, one("secours","FSL"))),
"k_adresse": plan(("usager", NAME, N), ("adresse", HOME, m.mostly(p.home, m.joined(" ", p.home, dig("(06 39 98 ## ##)")), 9)), ("accès", TEL, m.mostly(one("code 12B","sonnette"), dig("appeler au 06 39 98 ## ##"), 9))),
"k_trees": plan(("id", NO, rank("{}")), ("sexe", NO, one("mâle","femelle")), ("genre", NO, one("Ginkgo","Taxus")), ("espèce", NO, one("biloba","baccata")), ("maladie", NO, one("aucune","chancre"))),
})
