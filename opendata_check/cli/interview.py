"""The conversation of `init`: one question at a time, in plain French, the most useful first."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from opendata_check import config
from opendata_check.cli import options
from opendata_check.cli.answers import Answers
from opendata_check.errors import OpendataCheckError, UsageError
from opendata_check.law import hypothesis
from opendata_check.law.plausibility import doubts, unread_answers
from opendata_check.law.questions import open_questions
from opendata_check.law.rules import Fact, FactType, Law
from opendata_check.law.scoping import scope
from opendata_check.model.organization import Organization, OrganizationKind
from opendata_check.reports.outline.phrases import a_few, say
from opendata_check.reports.outline.verdict import counted, identity, verdict
from opendata_check.reports.page.typesetting import typeset
from opendata_check.reports.safety import clean
from opendata_check.wording import french_date, french_number, kind_named

_STOP = frozenset({"fin", "stop", "quitter", "q", "exit"})
_LATER = frozenset({"", "?", "je ne sais pas", "nsp"})
_TRIES = 5
_LONGEST_ANSWER = 200
_LONGEST_LINE = 4096
_MOST_PIECES = 1000


class Interview:
    """Asks what is missing, one question at a time, and keeps each answer at once."""

    def __init__(self, law: Law, on: date, output: str | None, by: str | None, *, review: bool) -> None:
        self._law = law
        self._on = on
        self._answers = Answers(Path(output or config.FILE_NAME))
        self._by = clean(" ".join((by or "").split()), 200)
        self._review = review
        self._skipped: set[str] = set()

    def run(self, typed: str) -> None:
        """Hold the conversation. Raises UsageError when nobody was identified; stops quietly at the end of input."""
        try:
            self._identify(typed)
            self._doubts()
            if self._review:
                self._asked_before()
            self._ask_what_is_open()
        except (EOFError, KeyboardInterrupt):
            self._tell("")
            if not self._answers.known.names_someone:
                raise UsageError(
                    "aucun organisme n'a été donné, rien n'est gardé", remedy="Relancez avec son nom ou son code."
                ) from None
            self._tell(say("init_stopped"))
        self._summary()

    def _tell(self, text: str) -> None:
        print("\n".join(self._wrapped(text)))  # noqa: T201 - a conversation

    def _wrapped(self, text: str) -> list[str]:
        import textwrap

        indent = " " * (len(text) - len(text.lstrip()))
        shown = indent + typeset(clean(text.strip()))
        return textwrap.wrap(shown, options.screen_width(), subsequent_indent=indent, break_on_hyphens=False)

    def _hear(self, prompt: str) -> str:
        """Return what was typed, EOFError at the end of the conversation."""
        sys.stdout.write("\n".join(self._wrapped(prompt)) + " ")
        sys.stdout.flush()
        said = clean(" ".join(self._line().split()), _LONGEST_ANSWER)
        if said.lower() in _STOP:
            raise EOFError
        return said

    def _line(self) -> str:
        """Return one line; what follows its first letters is dropped, EOFError at the end or for one without end."""
        line = sys.stdin.readline(_LONGEST_LINE)
        if not line:
            raise EOFError
        rest, read = line, 0
        while not rest.endswith("\n") and rest:
            rest, read = sys.stdin.readline(_LONGEST_LINE), read + 1
            if read > _MOST_PIECES:
                raise EOFError
        return line

    # --- Who -----------------------------------------------------------------------------------------------------

    def _identify(self, typed: str) -> None:
        from opendata_check.territory import AmbiguousTerritoryError, UnknownTerritoryError

        name, known = typed, self._answers.known
        if not name and known.names_someone:
            self._tell(say("init_again", file=self._answers.path))
        for _ in range(_TRIES):
            if not name and not self._answers.known.names_someone:
                name = self._hear(say("init_who"))
                if not name:
                    continue
            try:
                if name:
                    self._found(name)
                self._tell(identity(self._organization()))
                return
            except AmbiguousTerritoryError as error:
                self._tell(str(error))
                name = self._hear(say("init_who"))
            except UnknownTerritoryError as error:
                self._tell(str(error))
                name = self._described(name)
        raise UsageError("aucun organisme n'a été reconnu", remedy="Relancez avec un code INSEE ou un SIREN.")

    def _described(self, name: str) -> str:
        """Keep a body that the national list lacks, by its kind; return "", or the other name that was typed."""
        if not any(letter.isalpha() for letter in name):  # no name, or a number: no kind makes a body of it
            return self._hear(say("init_who"))
        said = self._hear(say("init_kind"))
        kind = kind_named(said)
        if kind:
            known = self._answers.known
            if known.names_someone and self._is_known() and (known.name, known.kind) != (name, kind):
                raise self._other()
            self._answers.identify({"name": name, "kind": kind})
            return ""
        return said or self._hear(say("init_who"))

    def _found(self, name: str) -> None:
        """Keep who is meant; a file that speaks of another body is never overwritten."""
        found = options.resolve_organization(name, config.Config())
        assert found is not None
        code = found.insee_code if found.kind is OrganizationKind.COMMUNE else found.siren
        known = self._answers.known
        if known.names_someone and not self._same(found):
            raise self._other()
        self._answers.identify({"code": code} if code else {"name": name})

    def _same(self, found: Organization) -> bool:
        """Return whether the file already speaks of the body found, or bears a code that is nobody's."""
        known = self._answers.known
        if not self._is_known():
            return True
        same_kind = known.kind in (None, found.kind)
        return same_kind and (options.speaks_of(known, found) or (not known.code and known.name == found.name))

    def _is_known(self) -> bool:
        """Return whether somebody can be found behind what the file says."""
        from opendata_check.territory import AmbiguousTerritoryError, UnknownTerritoryError

        try:
            options.resolve_organization(None, self._answers.known)
        except (AmbiguousTerritoryError, UnknownTerritoryError):
            return False
        return True

    def _other(self) -> UsageError:
        known = self._answers.known
        return UsageError(
            f"ce fichier contient les réponses d'un autre organisme ({known.name or known.code})",
            where=str(self._answers.path),
            remedy="Donnez un autre fichier avec -o.",
        )

    def _organization(self) -> Organization:
        found = options.resolve_organization(None, self._answers.known)
        if found is None:
            raise UsageError("nous ne savons pas de quel organisme il s'agit", remedy="Donnez son nom ou son code.")
        return found

    # --- Questions -----------------------------------------------------------------------------------------------

    def _doubts(self) -> None:
        """Ask again what contradicts itself in the file."""
        organization = self._organization()
        for doubt in (*doubts(organization, self._law), *unread_answers(organization, self._law)):
            self._tell(doubt)
        if doubts(organization, self._law):
            for name in ("agents_etp", "agents_effectif"):
                if getattr(organization, name) is not None:
                    self._ask(self._law.facts[name], ())

    def _asked_before(self) -> None:
        known = self._answers.known
        given: dict[str, bool | float | str] = {item.name: item.value for item in known.declarations}
        agents: dict[str, float | None] = {
            "agents_etp": known.agents_etp,
            "agents_effectif": known.agents_effectif,
        }
        figures = known.population
        if figures is not None:
            agents |= {"population": figures.municipale, "population_totale": figures.totale}
        given.update({name: number for name, number in agents.items() if number is not None})
        for name, fact in self._law.facts.items():
            if name in given:
                self._ask(fact, (), kept=self._shown(given[name]))

    def _ask_what_is_open(self) -> None:
        while True:
            duties = scope(self._organization(), self._on, self._law)
            left = [item for item in open_questions(duties, self._law) if item.fact not in self._skipped]
            if not left:
                return
            self._tell("")
            self._tell(say("init_left", count=len(left)) if len(left) > 1 else say("init_last"))
            self._ask(self._law.facts[left[0].fact], a_few(left[0].duties))

    def _ask(self, fact: Fact, stakes: Sequence[str], kept: str = "") -> None:
        """Ask one question until it is answered, skipped or given up."""
        self._tell(fact.question)
        if fact.help:
            self._tell(f"  {fact.help}")
        if stakes:
            self._tell(f"  {say('init_stakes')}")
        for line in stakes:
            self._tell(f"    - {line}")
        for number, label in enumerate(fact.choices.values(), start=1):
            self._tell(f"  {number}. {label}")
        refused = ""
        for _ in range(_TRIES):
            said = self._hear(self._prompt(fact, kept))
            if said.lower() in _LATER:
                self._skipped.add(fact.id)
                return
            try:
                value = hypothesis.read_fact(self._law, fact.id, self._chosen(fact, said), say("init_answer"))
            except OpendataCheckError as error:
                again = say("init_choose", highest=len(fact.choices)) if fact.choices else error.remedy
                self._tell(f"  {again}")
                continue
            if self._impossible(fact.id, value):
                self._tell(f"  {say('init_totale')}")
                continue
            odd = doubts(hypothesis.with_facts(self._organization(), {fact.id: value}, self._on), self._law)
            if odd and said != refused:
                self._tell(f"  {' '.join(odd)} {say('init_confirm')}")
                refused = said
                continue
            self._answers.keep(fact.id, value, date.today(), self._by)
            self._skipped.add(fact.id)  # whatever day is judged, it is not asked twice
            return
        self._tell(f"  {say('init_given_up')}")
        self._skipped.add(fact.id)

    def _impossible(self, name: str, value: bool | float | str) -> bool:
        """Return whether the two populations of one year would contradict each other: the file could not be read."""
        figures = self._answers.known.population
        if figures is None or figures.in_force_year != date.today().year or not isinstance(value, int | float):
            return False
        if name == "population":
            return figures.totale is not None and figures.totale < value
        return name == "population_totale" and figures.municipale is not None and value < figures.municipale

    def _prompt(self, fact: Fact, kept: str) -> str:
        waited = {FactType.BOOLEAN: "init_yes_no", FactType.NUMBER: "init_number", FactType.CHOICE: "init_choice"}[
            fact.type
        ]
        later = say("init_keep", value=kept) if kept else say("init_later")
        return f"  {say(waited)} ({later}) :"

    def _chosen(self, fact: Fact, said: str) -> str:
        """Return the value of the choice whose number was typed."""
        values = list(fact.choices)
        number = int(said) if said.isascii() and said.isdigit() and len(said) <= len(str(len(values))) else 0
        return values[number - 1] if 1 <= number <= len(values) else said

    def _shown(self, value: bool | float | str) -> str:
        if isinstance(value, bool):
            return say("init_yes") if value else say("init_no")
        return french_number(value) if isinstance(value, int | float) else value

    # --- End -----------------------------------------------------------------------------------------------------

    def _summary(self) -> None:
        if not self._answers.known.names_someone:
            return
        duties = scope(self._organization(), self._on, self._law)
        self._tell("")
        self._tell(say("init_result", day=french_date(self._on)))
        self._tell(f"  {verdict(self._organization(), duties, self._on).sentence}")
        self._tell(f"  {counted(duties)}")
        path = self._answers.path
        self._tell(say("init_kept", file=path))
        default = path.resolve() == Path(config.FILE_NAME).resolve()
        self._tell(say("init_use") if default else say("init_use_file", file=path))
