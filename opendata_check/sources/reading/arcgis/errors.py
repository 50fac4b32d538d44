"""Says in our words why ArcGIS refused.

It tells its errors in answers of status 200 as well: ``{"error": {"code": 498, "message": …}}``.
"""

from __future__ import annotations

import json
from typing import Any

from opendata_check.fetching import FetchingError
from opendata_check.model.catalog import Fault
from opendata_check.sources.reading import values
from opendata_check.sources.reading.arcgis.record import mapping
from opendata_check.sources.reading.collecting import fault_of

_AGAIN = "Réessayez plus tard."
_MEANINGS = {
    400: ("le portail ne comprend pas la demande", "Vérifiez l'adresse."),
    401: ("le portail demande un compte", "Seul ce qui est public peut être contrôlé."),
    403: ("le portail refuse l'accès", "Seul ce qui est public peut être contrôlé."),
    404: ("ce qui est demandé n'existe pas sur ce portail", "Vérifiez l'adresse."),
    429: ("le portail reçoit trop de demandes", _AGAIN),
    498: ("le jeton donné au portail n'est plus valable", "Donnez-en un autre, ou aucun."),
    499: ("le portail demande un compte", "Seul ce qui est public peut être contrôlé."),
}
"""What ArcGIS's codes mean."""


def error_code(answer: Any) -> int:
    """Return the code of an error that stands in an answer of status 200, 0 when there is none."""
    said = mapping(answer)
    error = said.get("error")
    if isinstance(error, dict):
        code = values.size(error.get("code"))
        return code if code is not None and 100 <= code < 1000 else 500
    if isinstance(error, str) and error and not {"dataset", "features", "data"} & set(said):
        code = values.size(said.get("statusCode"))
        return code if code is not None and 400 <= code < 1000 else 500
    listed = said.get("errors")
    if isinstance(listed, list) and listed and "data" not in said:
        code = values.size(mapping(listed[0]).get("status"))
        return code if code is not None and 400 <= code < 1000 else 500
    return 0


def meaning(code: int, where: str) -> Fault:
    """Return what an error's code means."""
    what, remedy = _MEANINGS.get(code, ("le portail a rencontré une erreur", _AGAIN))
    return Fault(f"{what} (code {code})", where, remedy)


def told(error: FetchingError) -> Fault:
    """Return a failure in our words: those of ArcGIS's own code when its answer gives one that says more."""
    try:
        code = error_code(json.loads(error.beginning)) if error.beginning else 0
    except (ValueError, RecursionError):
        code = 0
    return meaning(code, error.where) if code in (498, 499) else fault_of(error)
