"""Makes docs/obligations.md: what binds whom by size and by kind, then one section an obligation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from opendata_check import wording
from opendata_check.law.cards import card
from opendata_check.law.hypothesis import imagined
from opendata_check.law.loading import law
from opendata_check.law.rules import Answer, Condition, Example, Group, Obligation, OneOf, OtherObligation, Test
from opendata_check.law.scoping import scope
from opendata_check.model.legal import Applicability, Certainty, Duty, LegalReference, NodeKind
from opendata_check.model.organization import OrganizationKind

MADE = "<!-- Fait par `make docs` à partir de rules/obligations : ne pas modifier à la main. -->\n"
Facts = Mapping[str, bool | float | str]

SIZES: tuple[tuple[str, Facts], ...] = (
    ("800 habitants", {"population": 800.0, "population_totale": 815.0, "agents_etp": 8.0, "agents_effectif": 11.0}),
    (
        "2 100 habitants",
        {"population": 2100.0, "population_totale": 2140.0, "agents_etp": 22.0, "agents_effectif": 28.0},
    ),
    (
        "3 600 habitants, 40 agents",
        {"population": 3600.0, "population_totale": 3670.0, "agents_etp": 40.0, "agents_effectif": 48.0},
    ),
    (
        "3 600 habitants, 55 agents",
        {"population": 3600.0, "population_totale": 3670.0, "agents_etp": 55.0, "agents_effectif": 64.0},
    ),
    (
        "12 000 habitants",
        {"population": 12000.0, "population_totale": 12200.0, "agents_etp": 210.0, "agents_effectif": 240.0},
    ),
    (
        "45 000 habitants",
        {"population": 45000.0, "population_totale": 45600.0, "agents_etp": 950.0, "agents_effectif": 1080.0},
    ),
)
BODIES: tuple[tuple[str, OrganizationKind, Facts], ...] = (
    (
        "Intercommunalité",
        OrganizationKind.EPCI,
        {"population": 22000.0, "population_totale": 22400.0, "plus_grande_commune": 9000.0},
    ),
    ("Syndicat", OrganizationKind.SYNDICAT, {"type_de_syndicat": "communes", "plus_grande_commune": 3000.0}),
    ("Département", OrganizationKind.DEPARTEMENT, {}),
    ("Région", OrganizationKind.REGION, {}),
    ("CCAS", OrganizationKind.CCAS, {"population_commune_rattachement": 12000.0}),
    ("SPL ou SEM", OrganizationKind.SOCIETE_LOCALE, {"mission_service_public": True, "acheteur_public": True}),
    ("Délégataire", OrganizationKind.DELEGATAIRE, {"acheteur_public": False}),
)
_SIGNS = {
    Applicability.APPLIES: "oui",
    Applicability.EXEMPT: "non",
    Applicability.UNKNOWN: "selon",
    Applicability.NOT_IN_FORCE: "–",
}
_JOINED = {NodeKind.ALL: "toutes ces conditions", NodeKind.ANY: "l'une de ces conditions", NodeKind.NOT: "le contraire"}


def citation(reference: LegalReference) -> str:
    """Return one reference as printed, with its version and who says so."""
    parts = [reference.label]
    if reference.version:
        parts.append(f"version du {reference.version}")
    if reference.certainty is Certainty.INTERPRETATION and reference.according_to:
        parts.append(f"selon {reference.according_to}")
    return ", ".join(parts)


def obligations() -> str:
    """Return the whole page."""
    known = law()
    day = known.read_on
    parts = [
        "# Les obligations\n",
        MADE,
        "Pour savoir lesquelles vous concernent, à une date donnée : `opendata-check scope VOTRE-COMMUNE`.\n",
        f"Textes lus jusqu'au {wording.french_date(day)}. « Lecture à confirmer » veut dire que le texte lui-même "
        "n'a pas été lu, ou qu'il se lit de deux façons. Un astérisque le rappelle dans les tableaux.\n",
        "Quelle que soit votre taille, si vous êtes un organisme public ou chargé d'un service public, une personne "
        "qui vous demande un document communicable peut choisir qu'il soit mis en ligne, sauf s'il n'est communicable "
        "qu'à elle (CRPA, article L311-9, 4°, depuis le 9 octobre 2016).\n",
        *_by_size(day),
        *_by_kind(day),
        *_elsewhere(),
    ]
    for item in known.obligations:
        parts += _section(item)
    parts.append("## Règles à vérifier, non appliquées\n")
    parts += [f"- **{item.title}** (`{item.id}`) : {item.to_verify}" for item in known.to_verify]
    return "\n".join(parts) + "\n"


def _decided(kind: OrganizationKind, facts: Facts, day: date) -> dict[str, Duty]:
    return {duty.obligation: duty for duty in scope(imagined(kind, facts, day), day)}


def _table(columns: Sequence[tuple[str, dict[str, Duty]]]) -> str:
    lines = ["| Règle | " + " | ".join(name for name, _ in columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for item in sorted(law().obligations, key=lambda item: (-item.weight, item.id)):
        cells = [_cell(duties[item.id]) for _, duties in columns]
        lines.append(f"| [{item.title}](#{item.id}) | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _cell(duty: Duty) -> str:
    decided = duty.applicability in {Applicability.APPLIES, Applicability.EXEMPT}
    doubt = "*" if decided and duty.certainty is Certainty.INTERPRETATION else ""
    return _SIGNS[duty.applicability] + doubt


def _by_size(day: date) -> Iterator[str]:
    yield "## Votre commune compte…\n"
    yield (
        "« selon » : la réponse dépend d'une question que seule la mairie connaît (site internet, compétence, "
        "véhicules…). Sauf mention, la commune de 12 000 habitants emploie 240 personnes (210 en équivalent temps "
        "plein), celle de 45 000 en emploie 1 080 (950).\n"
    )
    yield _table([(name, _decided(OrganizationKind.COMMUNE, facts, day)) for name, facts in SIZES])


def _by_kind(day: date) -> Iterator[str]:
    yield "## Vous n'êtes pas une commune\n"
    yield (
        "Ici, chaque organisme emploie 80 agents en équivalent temps plein (95 personnes). L'intercommunalité compte "
        "22 000 habitants, et sa plus grande commune 9 000. Le syndicat ne réunit que des communes, dont la plus "
        "grande compte 3 000 habitants : un syndicat mixte ouvert, ou avec une commune de 3 500 habitants, doit "
        "davantage. Le CCAS dépend d'une commune de 12 000 habitants. La société locale gère un service public et suit "
        "le code de la commande publique ; le délégataire ne le suit pas.\n"
    )
    agents: Facts = {"agents_etp": 80.0, "agents_effectif": 95.0}
    yield _table([(name, _decided(kind, {**agents, **facts}, day)) for name, kind, facts in BODIES])


def _elsewhere() -> Iterator[str]:
    yield "## Ce que l'État publie déjà\n"
    yield (
        "Une base déjà diffusée ailleurs n'entre pas dans la publication par principe (CRPA, article L312-1-1, 3°). "
        "Les autres règles, comme la mise en ligne du budget, restent dues.\n"
    )
    yield "\n".join(f"- **{item.title}** : par {item.by}, sur {item.where}" for _, item in law().open_elsewhere) + "\n"


def _section(item: Obligation) -> Iterator[str]:
    yield f'<a id="{item.id}"></a>\n'
    yield f"## {item.title} (`{item.id}`)\n"
    facts = [
        ("Quoi", item.what),
        ("Où", item.where),
        ("Format", item.format),
        ("Licence", item.licence),
        ("Délai", item.delay),
        ("Rythme", item.frequency),
        ("Qui contrôle", item.authority),
        ("En cas de manquement", item.sanction),
        ("À savoir", item.note),
        ("« Non concerné », une lecture", card(law(), item).doubt),
        ("Avant", item.earlier),
        ("À vérifier soi-même", item.proof.elsewhere),
        ("Preuve", _evidence(item)),
        ("Qui l'a en mairie", item.holder),
        ("D'où cela sort", item.software),
        ("Poids légal", f"{item.weight} sur 5"),
        ("Certitude", wording.word("certainty", item.certainty_on(law().read_on))),
    ]
    yield "\n".join(f"- **{name}** : {text}" for name, text in facts if text) + "\n"
    yield "Qui est tenu :\n\n" + "\n".join(_condition(item.who, 0)) + "\n"
    if item.event is not None:
        yield f"Seulement s'il y a : {_event(item)}.\n"
    yield "Depuis quand :\n\n" + "\n".join(_steps(item)) + "\n"
    yield "Exemples :\n\n" + "\n".join(_example(example) for example in item.examples) + "\n"
    yield "Textes :\n\n" + "\n".join(f"- {citation(source.reference)}" for source in item.sources) + "\n"


def _example(example: Example) -> str:
    answer = wording.word("applicability", example.status, "short")
    return f"- {example.title}, le {wording.french_date(example.on)} : {answer}"


def _evidence(item: Obligation) -> str:
    words = {"observed": "constatée (fichier, catalogue, site)", "declared": "déclarée par l'organisme"}
    return ", ".join(words[kind] for kind in item.proof.evidence)


def _event(item: Obligation) -> str:
    event = item.event
    assert event is not None
    if not event.parameter:
        return event.label
    values = law().parameters[event.parameter].values
    return event.label.format(seuil=wording.french_number(values[-1].value))


def _steps(item: Obligation) -> Iterator[str]:
    for part in item.parts:
        until = f" au {part.until.isoformat()}" if part.until else ""
        yield f"- {part.since.isoformat()}{until} : {part.label}"


def _condition(condition: Condition, depth: int) -> Iterator[str]:
    indent = "  " * depth
    if isinstance(condition, Group):
        yield f"{indent}- {condition.label} ({_JOINED[condition.kind]})"
        for child in condition.children:
            yield from _condition(child, depth + 1)
    elif isinstance(condition, OtherObligation):
        yield f"{indent}- {condition.label} (voir [`{condition.obligation}`](#{condition.obligation}))"
    else:
        yield f"{indent}- {condition.label} : {_test(condition)}"


def _test(test: Test) -> str:
    if isinstance(test.comparison, OneOf):
        names = law().facts[test.fact].choices
        known = [names.get(value) or wording.word("kinds", value) for value in test.comparison.values]
        return wording.join_list(known, "ou")
    if isinstance(test.comparison, Answer):
        return "oui" if test.comparison.expected else "non"
    parameter = law().parameters[test.comparison.parameter]
    words = {"at_least": "au moins", "more_than": "plus de", "at_most": "au plus", "less_than": "moins de"}
    history = [
        f"{words[test.comparison.comparison]} {wording.french_number(dated.value)} {parameter.unit}"
        + (f" depuis le {dated.since.isoformat()}" if len(parameter.values) > 1 else "")
        for dated in parameter.values
    ]
    return " ; ".join(history)
