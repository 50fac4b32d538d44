"""Public contracts (données essentielles de la commande publique): the formats of 2019 and 2022, JSON and XML."""

from opendata_check.standards.decp.validation import recognises, validate_json, validate_xml

__all__ = ["recognises", "validate_json", "validate_xml"]
