"""The conversation of `init`: one question at a time, in plain French, the most useful first."""

from __future__ import annotations

import sys
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
from opendata_check.model.legal import Applicability
from opendata_check.model.organization import Organization, OrganizationKind
from opendata_check.model.scope import OpenQuestion
from opendata_check.reports.outline.phrases import say, typeset
from opendata_check.reports.outline.verdict import identity
from opendata_check.wording import french_date, french_number, kind_named, word

_STOP = frozenset({"fin", "stop", "quitter", "q", "exit"})
_LATER = frozenset({"", "?", "je ne sais pas", "nsp"})
_TRIES = 5
_SHOWN = 4


class Interview:
    """Asks what is missing, one question at a time, and keeps each answer at once."""

    def __init__(self, law: Law, on: date, output: str | None, by: str | None, *, review: bool) -> None:
        self._law = law
        self._on = on
        self._answers = Answers(Path(output or config.FILE_NAME))
        self._by = " ".join((by or "").split())[:200]
        self._review = review
        self._skipped: set[str] = set()

    def run(self, typed: str) -> None:
        """Hold the conversation. Raises UsageError when nobody can be identified; stops quietly at the end of input."""
        try:
            self._identify(typed)
            self._doubts()
            if self._review:
                self._asked_before()
            self._ask_what_is_open()
        except EOFError:
            self._tell("")
            self._tell(say("init_stopped"))
        self._summary()

    def _tell(self, text: str) -> None:
        import textwrap

        indent = " " * (len(text) - len(text.lstrip()))
        wrapped = textwrap.wrap(typeset(text), options.screen_width(), subsequent_indent=indent, break_on_hyphens=False)
        print("\n".join(wrapped))  # noqa: T201 - a conversation

    def _hear(self, prompt: str) -> str:
        """Return what was typed, EOFError at the end of the conversation."""
        sys.stdout.write(f"{prompt} ")
        sys.stdout.flush()
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        said = " ".join(line.split())
        if said.lower() in _STOP:
            raise EOFError
        return said

    # --- Who -----------------------------------------------------------------------------------------------------

    def _identify(self, typed: str) -> None:
        name = typed
        if not name and self._answers.known.names_someone:
            self._tell(say("init_again", file=self._answers.path))
        elif not name:
            name = self._hear(say("init_who"))
        for _ in range(_TRIES):
            try:
                if name:
                    self._found(name)
                self._tell(identity(self._organization()))
                return
            except OpendataCheckError as error:
                self._tell(str(error))
                if typed:
                    raise
                other = kind_named(self._hear(say("init_kind")))
                if other:
                    self._answers.identify({"name": name, "kind": other})
                    name = ""
                else:
                    name = self._hear(say("init_who"))
        raise UsageError("aucun organisme n'a été reconnu", remedy="Relancez avec un code INSEE ou un SIREN.")

    def _found(self, name: str) -> None:
        """Keep who is meant; a file that speaks of another body is never overwritten."""
        found = options.resolve_organization(name, config.Config())
        assert found is not None
        code = found.insee_code if found.kind is OrganizationKind.COMMUNE else found.siren
        known = self._answers.known
        if known.names_someone and not self._same(found):
            raise UsageError(
                f"ce fichier contient les réponses d'un autre organisme ({known.name or known.code})",
                where=str(self._answers.path),
                remedy="Donnez un autre fichier avec -o.",
            )
        self._answers.identify({"code": code} if code else {"name": name})

    def _same(self, found: Organization) -> bool:
        """Return whether the file already speaks of the body found."""
        known = self._answers.known
        return options.speaks_of(known, found) or (not known.code and known.name == found.name)

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
        agents = {"agents_etp": known.agents_etp, "agents_effectif": known.agents_effectif}
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
            self._ask(self._law.facts[left[0].fact], self._stakes(left[0]))

    def _stakes(self, question: OpenQuestion) -> tuple[str, ...]:
        shown = list(question.duties[:_SHOWN])
        if len(question.duties) > _SHOWN:
            shown.append(say("scope_more", count=len(question.duties) - _SHOWN))
        return tuple(f"- {title}" for title in shown)

    def _ask(self, fact: Fact, stakes: tuple[str, ...], kept: str = "") -> None:
        """Ask one question until it is answered, skipped or given up."""
        self._tell(fact.question)
        if fact.help:
            self._tell(f"  {fact.help}")
        if stakes:
            self._tell(f"  {say('init_stakes')}")
        for line in stakes:
            self._tell(f"    {line}")
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
                self._tell(f"  {error.remedy}")
                continue
            odd = doubts(hypothesis.with_facts(self._organization(), {fact.id: value}, self._on), self._law)
            if odd and said != refused:
                self._tell(f"  {' '.join(odd)} {say('init_confirm')}")
                refused = said
                continue
            self._answers.keep(fact.id, value, self._on, self._by)
            return
        self._skipped.add(fact.id)

    def _prompt(self, fact: Fact, kept: str) -> str:
        waited = {FactType.BOOLEAN: "init_yes_no", FactType.NUMBER: "init_number", FactType.CHOICE: "init_choice"}[
            fact.type
        ]
        later = say("init_keep", value=kept) if kept else say("init_later")
        return f"  {say(waited)} ({later}) :"

    def _chosen(self, fact: Fact, said: str) -> str:
        """Return the value of the choice whose number was typed."""
        values = list(fact.choices)
        return values[int(said) - 1] if said.isdigit() and 1 <= int(said) <= len(values) else said

    def _shown(self, value: bool | float | str) -> str:
        if isinstance(value, bool):
            return say("init_yes") if value else say("init_no")
        return french_number(value) if isinstance(value, int | float) else value

    # --- End -----------------------------------------------------------------------------------------------------

    def _summary(self) -> None:
        if not self._answers.known.names_someone:
            return
        duties = scope(self._organization(), self._on, self._law)
        counts = {state: sum(duty.applicability is state for duty in duties) for state in Applicability}
        self._tell("")
        self._tell(say("init_result", day=french_date(self._on)))
        for state in (Applicability.APPLIES, Applicability.UNKNOWN, Applicability.EXEMPT, Applicability.NOT_IN_FORCE):
            if counts[state]:
                self._tell(f"  {word('applicability', state)} : {counts[state]}")
        self._tell(say("init_kept", file=self._answers.path))
