"""Writes docs/donnees-personnelles.md from what was measured: French, for those who are not of the trade."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from . import FAMILIES, KINDS, measure, tables

SPLITS = ("tune", "test", "reserve", "fresh")
COMMAND = "python benchmarks/personal.py --write"
_KINDS = {
    "nir": ("Numéro de sécurité sociale", "avec ou sans clé, la Corse et les numéros provisoires compris"),
    "phone": ("Téléphone d'une personne", "toutes les écritures, même sans le zéro que le tableur a mangé"),
    "email": ("Adresse électronique d'une personne", "« contact@ » et « mairie@ » sont des boîtes de service"),
    "iban": ("Compte bancaire", "français ou étranger"),
    "birth_date": ("Date de naissance", "en chiffres, en lettres, ou en nombre de jours comme dans un tableur"),
    "person_name": ("Nom ou prénom", "en une ou plusieurs colonnes, en majuscules, avec initiales"),
    "person_address": ("Adresse d'une personne", "celle d'une école ou d'un chantier n'en est pas une"),
    "named_in_text": ("Personne nommée dans un texte", "objet de délibération ou d'arrêté, plainte, commentaire"),
    "health": ("Santé", "allergie, handicap, dépendance, arrêt de travail"),
    "social": ("Aide sociale et ressources", "RSA, quotient familial, dettes, situation de famille"),
    "school": ("Scolarité d'un enfant", "sa classe, son école"),
    "owner": ("Propriétaire d'une parcelle", "quand c'est une personne"),
    "home_place": ("Emplacement d'un domicile", "coordonnées d'un foyer"),
    "small_counts": ("Petits effectifs", "moins de cinq personnes dans une case : on peut les reconnaître"),
    "plate": ("Plaque d'immatriculation", "ancienne ou nouvelle"),
}
_FAMILIES = {
    "organisation_charts": "l'organisation de l'administration : organigrammes, annuaires, avancements",
    "associations": "la vie économique, associative et culturelle : répertoires d'associations et d'entreprises",
    "professionals": "les professions réglementées : notaires, avocats, médecins, taxis",
    "teaching": "l'enseignement et la recherche : résultats d'examens et de concours",
    "sports": "les activités sportives : résultats, licenciés",
    "elected_officials": "la vie politique : répertoire des élus, candidats, résultats",
    "tourism": "le tourisme : meublés et hébergements classés",
    "planning_permits": "ce qui demande une formalité : permis de construire, occupation du domaine public",
    "archives": "les archives que chacun peut consulter",
}
_HEAD = f"""# Les données personnelles : ce qui est cherché, et ce que vaut la recherche

<!-- Fait par `{COMMAND}` : ne pas modifier à la main. -->

L'outil signale les colonnes qui semblent parler de personnes. C'est un **signalement à vérifier**, jamais une preuve.
Il n'affiche aucune valeur : seulement la colonne, le nombre de cellules et les lignes.
"""
_PUBLIC = """
Un téléphone personnel ou l'adresse d'un domicile à côté de ces noms donne une alerte. Il n'aide pas à comprendre
l'organisation de l'administration ou de la vie locale.

Ne sont pas des données personnelles : rues et écoles qui portent le nom de quelqu'un, auteurs de livres, personnages
historiques, statistiques de prénoms, entreprises, boîtes et standards des services.
"""
_COLUMNS = "| | réglage (`tune`) | épreuve (`test`) | réserve (`reserve`) | neuve (`fresh`) |\n|---|---|---|---|---|"
_COUNTED = """## Les chiffres

Chaque colonne du corpus porte la réponse attendue. On compte les bonnes et les mauvaises alertes.

"""
_READ = """

Entre parenthèses : l'intervalle où se trouve la vraie valeur 95 fois sur 100.

- Le **réglage** a servi à mettre le détecteur au point : ses chiffres sont trop beaux.
- L'**épreuve** sert à juger : d'autres tableaux, d'autres mots, d'autres noms. Le 26 novembre 2026, quand le
  détecteur y trouvait 96 colonnes personnelles sur 100, ses erreurs ont été lues, et des mots généraux ajoutés. Son
  chiffre d'aujourd'hui est donc un peu trop beau.
- La **réserve** a été écrite ensuite. Elle est petite, donc moins sûre. Ses erreurs ont été lues à la fin.
- La partie **neuve** a été écrite à la fin, par quelqu'un qui n'a pas lu le détecteur. Personne n'a lu ses erreurs.
  C'est elle qui dit le mieux ce qui arrive sur des tableaux jamais vus.
"""
_MADE = """
Toutes les personnes sont inventées. Réglage et épreuve n'ont en commun ni tableau, ni nom, ni prénom, ni rue. L'épreuve
a d'autres étiquettes de colonnes et d'autres écritures. La réserve prend ses noms à l'épreuve, mais pas ses tableaux.
La partie neuve a ses propres tableaux, noms, prénoms et rues. Les quatre parties ont été écrites sans lire le
détecteur.

Les colonnes sans personne sont choisies pour tromper : SIRET, FINESS, codes d'écoles, numéros de mandat faits comme un
numéro de sécurité sociale, références de dix chiffres en 06, codes d'articles faits comme une plaque, variétés de
roses, arrêts de bus « Simone Veil », plats « Parmentier », marques « Richard ».

Les colonnes discutables sont celles où deux lecteurs honnêtes se contredisent : la plaque d'un véhicule de la commune,
le nom d'un artisan qui est aussi celui de son entreprise.
"""
_LIMITS = """## Ce que ces chiffres ne disent pas

- Ce corpus est fabriqué. De vrais fichiers ont des défauts que personne n'a imaginés.
- Ses parties ont été écrites par la même main. Elles se ressemblent plus que deux mairies ne se ressemblent.
- Il est fait de tableaux CSV. Les PDF, les photos et les longs textes n'y sont pas.
- Les réponses attendues sont l'avis d'un lecteur attentif. C'est votre délégué à la protection des données (DPO) qui
  décide.
- Certaines sortes n'ont que quelques colonnes : leur résultat est fragile.
- Une colonne compte pour un, qu'elle ait une cellule personnelle ou mille.
- « Rien trouvé » ne veut pas dire « rien à cacher » : un numéro de dossier suffit parfois à reconnaître quelqu'un.
"""
_AGAIN = f"""## Refaire ces mesures

```sh
{COMMAND}      # tout, et cette page
python benchmarks/personal.py tune         # la partie de réglage, erreur par erreur
python benchmarks/personal.py test         # la partie d'épreuve, chiffres seuls (de même : reserve, fresh)
python benchmarks/personal.py speed        # la vitesse
```

Le corpus est fait par `scripts/personal_corpus`. Il est toujours le même : ni horloge, ni réseau, un hasard fixé.
"""


def page(seen: Mapping[str, Sequence[measure.Outcome]], spent: Mapping[str, float]) -> str:
    """Return the page: what is looked for, the figures of the four parts, the make-up of the corpus, limits, pace.

    ``spent`` holds CPU seconds: ``csv``, ``arrow``, ``scan``.
    """
    return "\n".join(
        (_HEAD, _sought(), _public(), _results(seen), _detail(seen["test"]), _make_up(), _LIMITS, _pace(spent), _AGAIN)
    )


def _sought() -> str:
    lines = ["## Ce qui est cherché\n", "| sorte | précision | nom dans le rapport JSON |", "|---|---|---|"]
    lines += [f"| {_KINDS[kind][0]} | {_KINDS[kind][1]} | `{kind}` |" for kind in KINDS]
    return "\n".join(lines) + "\n"


def _public() -> str:
    lines = [
        "## Ce qui ne donne pas d'alerte\n",
        "L'article D312-1-3 du code des relations entre le public et l'administration (CRPA) laisse publier des noms",
        "dans neuf familles de documents :\n",
    ]
    lines += [f"{rank}. {_FAMILIES[family]} (`{family}`) ;" for rank, family in enumerate(FAMILIES, start=1)]
    lines[-1] = lines[-1].removesuffix(" ;") + "."
    return "\n".join(lines) + "\n" + _PUBLIC


def _results(seen: Mapping[str, Sequence[measure.Outcome]]) -> str:
    totals = [measure.figures(seen[split]) for split in SPLITS]
    rows = {
        "colonnes personnelles retrouvées (rappel)": [_share(n.recall, n.found + n.missed) for n in totals],
        "alertes justes (précision)": [_share(n.precision, n.found + n.false) for n in totals],
        "colonnes personnelles oubliées": [str(n.missed) for n in totals],
        "fausses alertes": [str(n.false) for n in totals],
        "colonnes laissées en paix à raison": [str(n.right) for n in totals],
    }
    lines = [_COLUMNS, *(f"| {name} | {' | '.join(cells)} |" for name, cells in rows.items())]
    return _COUNTED + "\n".join(lines) + _READ


def _detail(seen: Sequence[measure.Outcome]) -> str:
    lines = ["### Par sorte, dans la partie d'épreuve\n"]
    lines += ["| sorte | colonnes | retrouvées | bien nommées |", "|---|---|---|---|"]
    for kind, count, found, exact in measure.by_kind(seen, KINDS):
        lines.append(f"| {_KINDS[kind][0]} | {count} | {found} | {exact} |")
    confused = measure.confusions(seen)
    said = ", ".join(f"`{expected}` dite `{other}` ({count})" for expected, other, count in confused) or "aucune"
    lines.append(f"\n« Bien nommées » : l'alerte donne la bonne sorte. Sortes confondues : {said}.\n")
    return "\n".join(lines)


def _make_up() -> str:
    made = {split: list(tables(split)) for split in SPLITS}
    kinds = {split: Counter(what for table in made[split] for what in table.expected) for split in SPLITS}
    counts = {
        "tableaux": [len(made[split]) for split in SPLITS],
        "lignes": [sum(len(table.rows) for table in made[split]) for split in SPLITS],
        "colonnes": [kinds[split].total() for split in SPLITS],
        "dont personnelles (alerte attendue)": [sum(kinds[split][kind] for kind in KINDS) for split in SPLITS],
        "dont personnelles mais publiables": [
            sum(kinds[split][f"public:{family}"] for family in FAMILIES) for split in SPLITS
        ],
        "dont sans personne": [kinds[split]["none"] for split in SPLITS],
        "dont discutables (hors des chiffres)": [kinds[split]["either"] for split in SPLITS],
    }
    lines = [_COLUMNS, *(f"| {name} | {' | '.join(map(str, cells))} |" for name, cells in counts.items())]
    return "## De quoi le corpus est fait\n\n" + "\n".join(lines) + "\n" + _MADE


def _pace(spent: Mapping[str, float]) -> str:
    shares = {peer: f"{_number(100 * spent[peer] / spent['scan'], 0)} %" for peer in ("csv", "arrow")}
    return (
        "## La vitesse\n\n"
        "Un million de lignes de 15 colonnes, dont cinq parlent de personnes. Secondes de processeur, la meilleure de\n"
        "trois fois, sur une même machine :\n\n"
        "| | secondes | débit de la recherche, rapporté à cette lecture |\n|---|---|---|\n"
        f"| lecture seule par `csv.reader` | {_number(spent['csv'], 1)} | {shares['csv']} |\n"
        f"| lecture seule par pyarrow | {_number(spent['arrow'], 1)} | {shares['arrow']} |\n"
        f"| recherche des données personnelles | {_number(spent['scan'], 1)} | |\n"
    )


def _share(share: float, size: int) -> str:
    low, high = measure.interval(share, size)
    return f"{_percent(share)} ({_percent(low)} à {_percent(high)})"


def _percent(share: float) -> str:
    """Return a percentage cut downwards at one decimal."""
    return f"{_number(int(1000 * share + 1e-9) / 10, 1)} %"


def _number(value: float, places: int) -> str:
    return f"{value:.{places}f}".replace(".", ",")
