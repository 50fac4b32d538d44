"""Decides whether a dataset has a title and a description that people understand, and proposes what to write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import dataset_of
from opendata_check.checks.suggesting import Suggestion, says_nothing, suggestion
from opendata_check.folding import fold
from opendata_check.model.finding import Outcome
from opendata_check.model.inspected import InspectedDataset
from opendata_check.model.organization import EvidenceKind
from opendata_check.vocabulary import format_of_extension

_MARKUP = re.compile(
    r"</?(?:span|div|font|table|td|tr|o:p|style|script)\b[^>]{0,200}>|&(?:[a-z]{2,8}|#\d{1,5});", re.IGNORECASE
)
_LONGEST_READ = 5_000


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per dataset, or one per fault (title, description)."""
    dataset = dataset_of(case)
    proposed = suggestion(dataset, case.evidence.organization, case.evidence.on)
    if not dataset.dataset.described:
        yield Verdict(Outcome.UNVERIFIABLE, seen=_whole(dataset.dataset.title, proposed))
        return
    faults = list(_faults(case, dataset, proposed))
    yield from faults or [Verdict(Outcome.COMPLIANT, evidence_kind=EvidenceKind.DECLARED)]


def _faults(case: Case, dataset: InspectedDataset, proposed: Suggestion) -> Iterator[Verdict]:
    title = _title_fault(case, dataset)
    if title:
        text = dataset.dataset.title.strip()
        other = proposed.title if proposed.title and fold(proposed.title) != fold(text) else ""
        values = {
            "title": text,
            "size": str(len(text)),
            "wanted": f"{case.number('title_characters'):.0f}",
            "proposal": f" Titre proposé : « {other} »." if other else "",
        }
        yield _fault(title, values, "title")
    description = _description_fault(case, dataset)
    if description:
        text = dataset.dataset.description.strip()
        values = {
            "size": str(len(text)),
            "wanted": f"{case.number('description_characters'):.0f}",
            "proposal": f" Description proposée : « {proposed.description} »" if proposed.description else "",
        }
        yield _fault(description, values, "description")


def _fault(case: str, values: dict[str, str], rule: str) -> Verdict:
    return Verdict(Outcome.NON_COMPLIANT, case=case, values=values, rule=rule, evidence_kind=EvidenceKind.DECLARED)


# ---- the title


def _title_fault(case: Case, dataset: InspectedDataset) -> str:
    title = dataset.dataset.title.strip()
    if not title:
        return "no_title"
    if _is_file_name(title, dataset):
        return "title"
    if says_nothing(title):
        return "empty_title"
    letters = [letter for letter in title if letter.isalpha()]
    if len(letters) >= case.number("capitals_from") and " " in title and all(letter.isupper() for letter in letters):
        return "capitals"
    return "long_title" if len(title) > case.number("title_characters") else ""


def _is_file_name(title: str, dataset: InspectedDataset) -> bool:
    """Return whether the title is a file's name, with its extension or glued by underscores."""
    names = {fold(file.name.rsplit("/", 1)[-1]) for file in dataset.files}
    ending = title.rsplit(".", 1)[-1] if "." in title else ""
    if fold(title) in names or (ending and " " not in ending and format_of_extension(ending)):
        return True
    return " " not in title and "_" in title


# ---- the description


def _description_fault(case: Case, dataset: InspectedDataset) -> str:
    text = dataset.dataset.description.strip()
    if not text:
        return "no_description"
    if fold(text.rstrip(".")) == fold(dataset.dataset.title.strip().rstrip(".")):
        return "same_as_title"
    folded = fold(text)
    if any(folded.startswith(word) for word in case.words("fillers")):
        return "filler"
    if len(text) < case.number("description_characters"):
        return "short_description"
    return "markup" if _MARKUP.search(text[:_LONGEST_READ]) else ""


def _whole(title: str, proposed: Suggestion) -> str:
    """Return all that is proposed for a record that does not exist yet, in French; "" when nothing is known.

    A title that only repeats the file's name is not worth proposing.
    """
    other = proposed.title if fold(proposed.title) != fold(title) else ""
    parts = (
        f"Titre proposé : « {other} »." if other else "",
        f"Description proposée : « {proposed.description} »" if proposed.description else "",
        f"Mots-clés proposés : {', '.join(proposed.keywords)}." if proposed.keywords else "",
        f"Période proposée : {proposed.period}." if proposed.period else "",
        f"Territoire proposé : {proposed.territory}." if proposed.territory else "",
    )
    return " ".join(filter(None, parts))
