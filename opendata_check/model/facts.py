"""What bytes say, before any verdict: the facts inspection reads in a Content."""

from __future__ import annotations

from dataclasses import dataclass

RowRange = tuple[int, int]
"""First and last physical line (1-based, both included)."""


@dataclass(frozen=True, slots=True)
class EnvelopeFacts:
    """What the first bytes are, against what name and catalogue say. Formats are ids of rules/formats.yaml."""

    detected: str
    """Format found in the bytes: csv, xlsx, xls, ods, json, geojson, xml, pdf, zip, shapefile-zip, gtfs, html, png…
    ``empty`` for no bytes, ``binary`` when nothing is recognised."""
    extension: str
    """Lower case, without the dot; "" when the name has none."""
    extension_format: str = ""
    """Format id the extension announces; "" when unknown."""
    declared_format: str = ""
    """Format id the catalogue announces; "" when it says nothing or something unknown."""


@dataclass(frozen=True, slots=True)
class TextFacts:
    """How characters are stored, found on the whole file."""

    encoding: str
    """Python codec name: utf-8, utf-8-sig, cp1252, latin-1, utf-16, mac_roman, cp850."""
    has_bom: bool
    line_ending: str
    """``lf``, ``crlf``, ``cr``, ``mixed`` or ``none``."""
    certain: bool = True
    """False when bytes fit several encodings and French letters decided."""
    first_non_ascii_line: int | None = None
    nul_count: int = 0
    undecodable_line: int | None = None
    """First physical line that fits no candidate; decoding then replaces what it cannot read."""
    mojibake_count: int = 0
    """Occurrences of double-encoded French letters (« Ã© »)."""
    provisional: bool = False
    """True when only the beginning was read."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are separated (CSV)."""

    delimiter: str
    quotechar: str = '"'
    doublequote: bool = True
    skip_initial_space: bool = False


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """One column, from its values (all of them; counts are exact unless the table was truncated)."""

    label: str
    position: int
    """0-based."""
    letter: str
    """Spreadsheet letter: A, B, … AA."""
    filled: int = 0
    kind: str = "text"
    """``integer``, ``number``, ``date``, ``boolean``, ``text`` or ``empty``."""
    date_form: str = ""
    """``iso`` (2024-01-31), ``french`` (31/01/2024) or "" ."""
    identifier: str = ""
    """``siret``, ``siren`` or "" : what the label or values say the cells should be."""
    identifier_invalid: int = 0
    """How many filled cells fail the identifier's own control."""
    identifier_invalid_rows: tuple[RowRange, ...] = ()
    first_date: str = ""
    """Earliest date of a date column, ISO 8601 (2024-01-31); "" for other kinds."""
    last_date: str = ""
    """Latest date of a date column."""


@dataclass(frozen=True, slots=True)
class TableFacts:
    """A table found in a text file or a sheet. Rows are physical lines, 1-based."""

    header_row: int | None
    """Physical line of the header, or None when there is none."""
    labels: tuple[str, ...]
    row_count: int
    """Data rows (without header, titles and blank rows)."""
    columns: tuple[ColumnFacts, ...] = ()
    dialect: Dialect | None = None
    title_rows: tuple[RowRange, ...] = ()
    """Lines above the header that are not data."""
    empty_labels: tuple[int, ...] = ()
    """0-based positions of header cells without a name."""
    duplicate_labels: tuple[str, ...] = ()
    ragged_count: int = 0
    ragged_rows: tuple[RowRange, ...] = ()
    """Rows with more or fewer cells than the header."""
    blank_count: int = 0
    blank_rows: tuple[RowRange, ...] = ()
    unclosed_quote_row: int | None = None
    sheet: str = ""
    truncated: bool = False
    """True when a limit stopped the reading before the end."""


@dataclass(frozen=True, slots=True)
class SpreadsheetFacts:
    """A workbook around its tables."""

    sheets: tuple[str, ...]
    hidden_sheets: tuple[str, ...] = ()
    merged_ranges: tuple[str, ...] = ()
    """« Feuille1!A1:D1 », the first 50."""
    merged_count: int = 0
    formula_count: int | None = None
    """None when the format does not let us count."""
    filled_sheets: int = 0
    """Sheets with at least one cell."""


@dataclass(frozen=True, slots=True)
class StructureFacts:
    """JSON or XML: whether it is well formed, and what it is."""

    well_formed: bool
    error: str = ""
    """French, what breaks."""
    error_line: int | None = None
    error_column: int | None = None
    root: str = ""
    """XML root element (local name), or ``object``, ``array`` or ``lines`` (one value a line) for JSON."""
    item_count: int | None = None
    """JSON: items of the root array or of the GeoJSON features."""


@dataclass(frozen=True, slots=True)
class SpatialFacts:
    """Coordinates found in a GeoJSON, a shapefile or two columns."""

    geometry_types: tuple[str, ...] = ()
    feature_count: int = 0
    bbox: tuple[float, float, float, float] | None = None
    """min x, min y, max x, max y, in the file's own units."""
    declared_crs: str = ""
    """« EPSG:2154 », the .prj's name, or "" when nothing is said."""
    apparent_crs: str = ""
    """``wgs84``, ``lambert93``, ``lambert-cc``, ``web-mercator``, ``swapped`` (latitude first) or "" when undecided."""
    carrier: str = "geojson"
    """``geojson``, ``shapefile`` or ``columns``."""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """A PDF or an office document."""

    page_count: int
    pages_read: int
    text_characters: int
    """Characters of extractable text on the pages read."""
    pages_without_text: int
    image_pages: int
    """Pages read that hold an image over most of their surface and no text: scans."""
    looks_tabular: bool = False
    """True when the text's layout has rows of aligned figures: a table was locked in the document."""
    encrypted: bool = False


@dataclass(frozen=True, slots=True)
class ArchiveMember:
    """One entry of an archive."""

    name: str
    byte_size: int
    """Announced size once unpacked."""
    compressed_size: int


@dataclass(frozen=True, slots=True)
class ArchiveFacts:
    """A zip's content, listed without unpacking it."""

    members: tuple[ArchiveMember, ...]
    member_count: int
    total_size: int
    dangers: tuple[str, ...] = ()
    """French: why an entry was refused (path going up, absurd ratio, encrypted, nested too deep)."""


@dataclass(frozen=True, slots=True)
class PersonalDataHint:
    """A column (or a document) that seems to hold personal data. Never carries a value: only counts and places."""

    kind: str
    """``nir`` (social security number), ``birth_date``, ``email``, ``phone``, ``person_name``, ``iban``,
    ``person_address``, ``named_in_text``, ``health``, ``social``, ``school``, ``owner`` (of a parcel), ``home_place``,
    ``small_counts``, ``plate``."""
    column: str
    """Header label; "" outside a table."""
    letter: str = ""
    count: int = 0
    rows: tuple[RowRange, ...] = ()
    by: str = "values"
    """``values`` (control key or pattern held) or ``label`` (the header says so)."""
    confidence: float = 1.0
    """0 to 1: how sure it is that persons are concerned."""
    reason: str = ""
    """Id, in rules/personal_data.yaml, of the sentence that says what was recognised."""
    public_family: str = ""
    """Id of the family of article D312-1-3 of the CRPA that lets it be published as it is; "" when none does: then it is
    an alarm."""


@dataclass(frozen=True, slots=True)
class ContentFacts:
    """All that was read in one Content. A part that does not concern the format is None."""

    envelope: EnvelopeFacts
    text: TextFacts | None = None
    table: TableFacts | None = None
    """The main table: the CSV itself, or the first visible filled sheet."""
    spreadsheet: SpreadsheetFacts | None = None
    structure: StructureFacts | None = None
    spatial: SpatialFacts | None = None
    document: DocumentFacts | None = None
    archive: ArchiveFacts | None = None
    personal: tuple[PersonalDataHint, ...] = ()
    sha256: str = ""
    byte_size: int = 0
    fault: str = ""
    """French: why a part could not be read; "" when all went well."""
