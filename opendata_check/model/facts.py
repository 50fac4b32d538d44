"""What bytes say, before any verdict: the facts inspection reads in a Content."""

from __future__ import annotations

from collections.abc import Mapping
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
    variety: str = ""
    """What is more precise than the format: ``gml``, ``gpx``, ``netex``, ``geotiff``, ``dbf``, ``rtf``,
    ``spreadsheetml``…; ``nul`` for an « empty » file full of NULs, ``error`` for the answer of a failing server,
    ``locked`` for an office file under a password. "" when there is nothing more to say."""
    also: tuple[str, ...] = ()
    """Other formats that the same bytes can be opened as: the sign of a trap, or of two files stuck together."""


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
    mojibake: tuple[tuple[str, str, int], ...] = ()
    """The most frequent damaged letters: (as seen, as it was, how often)."""
    lost_letters: int = 0
    """Question marks inside words, where accented letters stood (« Soci?t? »)."""
    replaced_count: int = 0
    """Signs U+FFFD that the file itself holds: letters lost before it was saved."""
    undecodable_count: int = 0
    """Pieces of bytes that fit no candidate."""


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
class LayoutMark:
    """One way a sheet is laid out for the eye rather than for a program: how often and where, never a cell's text."""

    kind: str
    """``titles``, ``notes``, ``two_row_header``, ``total``, ``subtotal``, ``section``, ``repeated_header``,
    ``blank_column``, ``merged_header``, ``merged_body``, ``colour``, ``many_values``, ``text_numbers``,
    ``errors`` or ``periods`` (years or months as columns)."""
    count: int = 0
    """Rows for the kinds of rows, columns for the kinds of columns, cells for the others."""
    rows: tuple[RowRange, ...] = ()
    columns: tuple[str, ...] = ()
    """Spreadsheet letters, the first 50."""
    cells: tuple[str, ...] = ()
    """« B4 » or « A1:D1 », the first 10."""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class LayoutFacts:
    """Where the table of a sheet (or of a CSV made of one) really is, and what stands around and inside it."""

    sheet: str = ""
    region: str = ""
    """« A4:F215 »: header to last row of data, titles, notes and closing totals left out; "" when there is no table."""
    confidence: float = 0.0
    """0 to 1: how sure the region is."""
    other_regions: tuple[str, ...] = ()
    """Further tables on the same sheet, the first 20."""
    marks: tuple[LayoutMark, ...] = ()
    rows_read: int = 0
    sampled: bool = False
    """True when only the first and last rows were looked at."""


@dataclass(frozen=True, slots=True)
class CellDamage:
    """What a spreadsheet program, or a hand, did to the cells of one column. Counts and places, never a value."""

    kind: str
    """``lost_zero`` (a code without its first 0), ``scientific`` (2,13E+13), ``rounded`` (digits lost beyond the
    15th), ``serial_date`` (45291), ``auto_date`` (« 3-4 » become « 3-avr »), ``mixed_dates`` (two orders in a
    column), ``grouped`` (1 250 000), ``decimal_comma`` or ``unit`` (12 €)."""
    column: str
    letter: str
    count: int
    rows: tuple[RowRange, ...] = ()
    of: str = ""
    """What the column should hold, when the label says so: ``insee``, ``postcode``, ``siret``, ``siren``, ``phone``."""


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something in a table that somebody should look at. Counts and places, never a value."""

    kind: str
    """``negative`` or ``huge`` amount, ``percent`` out of 0 to 100, ``wrong_total``, ``order`` (an end before its
    start), ``old_date``."""
    column: str
    letter: str
    count: int
    rows: tuple[RowRange, ...] = ()
    other: str = ""
    """Label of the other column, for ``order``."""


@dataclass(frozen=True, slots=True)
class NumbersSeen:
    """The different SIRET or SIREN of one column, to be looked for in a register: never printed."""

    kind: str
    """``siret`` or ``siren``."""
    column: str
    letter: str
    lines: Mapping[str, int]
    """Physical line of the first row that holds each, the first 20 000."""


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
    layout: LayoutFacts | None = None
    """How the rows are laid out; None when nobody looked."""
    damage: tuple[CellDamage, ...] = ()
    """What happened to the cells, by column then kind."""
    oddities: tuple[Oddity, ...] = ()
    """What is odd in the figures and the dates, by kind then column."""
    repeated_count: int = 0
    """Rows that are the very same as one before them, among the first 200 000."""
    repeated_rows: tuple[RowRange, ...] = ()
    row_sketch: tuple[int, ...] = ()
    """The 256 smallest 64-bit digests of rows: two tables share as many of them as they share rows."""
    numbers: tuple[NumbersSeen, ...] = ()
    """The SIRET and SIREN it holds, by column."""


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
    layouts: tuple[LayoutFacts, ...] = ()
    """One per filled sheet, in order, the first 50."""
    empty_sheets: tuple[str, ...] = ()
    """Sheets without any cell, the first 50."""
    drawing_sheets: tuple[str, ...] = ()
    """Those of them that hold a chart or a picture all the same, the first 50."""
    very_hidden_sheets: tuple[str, ...] = ()
    """Hidden so that no menu shows them (only a macro can), the first 50."""
    hidden_columns: tuple[str, ...] = ()
    """« Feuille1!C », the first 50."""
    hidden_column_count: int = 0
    hidden_row_count: int = 0
    hidden_row_places: tuple[str, ...] = ()
    """« Feuille1!12:40 », the first 20."""
    protected_sheets: tuple[str, ...] = ()
    """Locked against changes (not against reading), the first 50."""


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
class GeometryFault:
    """One thing that is wrong with geometries of a layer."""

    kind: str
    """``null`` (no geometry), ``empty``, ``unclosed`` (ring), ``too_few_points``, ``crossing`` (a ring that cuts
    itself), ``not_numbers``, ``mismatch`` (coordinates that do not fit the type), ``out_of_range`` (not a place on
    Earth in the system declared), ``repeated_points``, ``winding`` (outer ring clockwise: RFC 7946 advises against)."""
    count: int
    """Objects concerned."""
    objects: tuple[RowRange, ...] = ()
    """Their order in the layer (1-based), or their physical lines in a table."""


@dataclass(frozen=True, slots=True)
class PlaceCell:
    """A small square of the map and how many objects lie in it."""

    longitude: float
    latitude: float
    """Degrees (WGS 84) of the middle."""
    reach: float
    """Degrees: the objects lie within this distance of the middle, on each axis."""
    count: int
    first: int = 0
    """Order of the first object there (1-based), or its physical line in a table."""


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """One layer of a map that may hold several."""

    name: str
    feature_count: int | None = None
    geometry_type: str = ""
    declared_crs: str = ""


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
    """``geojson``, ``shapefile``, ``geopackage``, ``kml``, ``gml`` or ``columns``."""
    columns: tuple[str, ...] = ()
    systems: tuple[tuple[str, int], ...] = ()
    """Objects by the system their figures betray (ids of rules/coordinates.yaml, ``swapped``, or "" when undecided),
    the most frequent first. Points at (0, 0) are apart."""
    zeros: int = 0
    """Objects at (0, 0), where missing positions end up."""
    zero_rows: tuple[RowRange, ...] = ()
    faults: tuple[GeometryFault, ...] = ()
    """What is wrong with geometries, by kind."""
    cells: tuple[PlaceCell, ...] = ()
    """Where the objects are, in degrees: their count by small squares, at most a thousand."""
    unplaced: int = 0
    """Objects of which no place in degrees could be told."""
    has_z: bool = False
    """True when some positions have a third figure."""
    decimals: int | None = None
    """Digits after the point of the most precise coordinate looked at; None when none was."""
    layers: tuple[LayerFacts, ...] = ()
    """Layers of a shapefile archive or a GeoPackage: the first ones."""
    layer_count: int = 1
    """Layers, or folders of a KML."""
    missing: tuple[str, ...] = ()
    """Shapefile: suffixes of the files that should lie beside it and do not (``.shx``, ``.dbf``, ``.prj``…)."""
    encoding: str = ""
    """Shapefile: the encoding its .cpg or .dbf announces, as written; "" when nothing is said."""
    external_links: int = 0
    """KML: parts to be fetched elsewhere when it is opened (NetworkLink, overlays); markers' pictures are left out."""
    partly_read: bool = False
    """True when a limit stopped the reading: counts are then of what was read."""
    unreadable: int = 0
    """Columns: filled cells that are no coordinates; with ``unreadable_rows``."""
    unreadable_rows: tuple[RowRange, ...] = ()
    decimal_commas: int = 0
    """Columns: coordinates written with a decimal comma."""
    swapped_rows: tuple[RowRange, ...] = ()
    """Columns: rows where latitude and longitude changed places."""
    coarse: int = 0
    """Objects whose two coordinates in degrees have two decimals or fewer (some kilometre), among the first 10 000."""
    indexed: bool | None = None
    """GeoPackage: whether every layer has a spatial index; None for the rest."""
    sexagesimal: int = 0
    """Columns: rows whose coordinates are written in degrees and minutes (43° 36' N)."""


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
    carrier: str = "pdf"
    """``pdf``, ``docx``, ``odt``, ``pptx`` or ``doc``. Only a PDF has pages that can be read one by one: for the others
    ``page_count`` is what the file announces (0 when it does not) and ``pages_read`` is 0."""
    table_count: int = 0
    """Tables found in what was read; one that goes on over the next page counts once."""
    table_pages: tuple[RowRange, ...] = ()
    """Pages (1-based) that hold tables, the first 50 ranges."""
    largest_table: int = 0
    """Rows of the longest table."""
    sampled: bool = False
    """True when only some pages, spread evenly, were read; or when a limit stopped an office file."""
    ocr_pages: int = 0
    """Pages read that are an image under a recognised text: scans that can be searched."""
    tagged: bool | None = None
    """Whether the PDF says its structure (titles, order, tables), which a screen reader needs; None when unknown."""
    pdf_a: str = ""
    """« 2b », « 3a »…: the archival profile the PDF claims (ISO 19005); "" when it claims none."""
    copy_forbidden: bool = False
    """True when the PDF opens but forbids copying its text."""


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
    formats: tuple[str, ...] = ()
    """Ids of rules/formats.yaml that the names of the files inside announce, sorted."""
    encrypted_count: int = 0
    nested_count: int = 0
    """Archives inside the archive."""
    partly_read: bool = False
    """True when the list goes on beyond what was read (a long .tar.gz)."""


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """An image, from its header alone: pixels are never decoded."""

    width: int
    height: int
    """Pixels; 0 when the header does not say."""
    georeferenced: bool = False
    """True for a GeoTIFF: a map or an aerial photograph that a program places on the ground."""


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
    """Id of the family of article D312-1-3 of the CRPA that lets it be published as it is; "" when none does: then it
    is an alarm."""


@dataclass(frozen=True, slots=True)
class TraceFacts:
    """What a file keeps beside what it shows: who wrote it, what was struck out, what is hidden, what it would run.

    Counts and places, never a value: a name, a comment or a position is seen, counted and forgotten.
    """

    author: bool = False
    """The file names its author."""
    last_author: bool = False
    """It names who saved it last."""
    tracked_changes: int = 0
    """Insertions and deletions that someone can still read."""
    comments: int = 0
    hidden_count: int = 0
    """Sheets, rows, columns, slides or passages that are in the file and not on the screen."""
    hidden_places: tuple[str, ...] = ()
    """French, the first 20: « feuille 3 », « colonnes C à F de la feuille 1 »."""
    positions: int = 0
    """Images that carry the place where they were taken (GPS of EXIF)."""
    position_places: tuple[str, ...] = ()
    """Names of the images inside the file, the first 20; empty when the file is the image."""
    embedded_files: int = 0
    """Other files carried inside this one (attachments, OLE objects)."""
    macros: int = 0
    """Programs of an office file (VBA projects, Basic modules): counted, never run."""
    scripts: int = 0
    """JavaScript of a PDF, scripts and event handlers of an SVG: counted, never run."""
    external_links: int = 0
    """Files or addresses of elsewhere that opening the file would fetch."""
    partly_read: bool = False
    """True when a limit stopped the search: there may be more."""


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
    image: ImageFacts | None = None
    traces: TraceFacts | None = None
    """What the file keeps of persons and programs, for the formats that keep some; None for the others."""
