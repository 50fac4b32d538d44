"""Looks at what is drawn on a PDF page besides its letters: images, invisible text, and the lines that rule tables."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from typing import Any

MAX_OBJECTS = 5_000
_MAX_DEPTH = 3
_MAX_LINES = 800
_MAX_SEGMENTS = 400
_THIN = 2.5
"""Points: a rectangle thinner than that is a line."""
_SHORTEST = 6.0
_INVISIBLE = 3
"""Text render mode of recognised text laid over a scan (ISO 32000-1, table 106)."""

Line = tuple[float, float, float]
"""Place on the other axis, start, end: points from the bottom left of the page."""
Box = tuple[float, float, float, float]
_Matrix = tuple[float, float, float, float, float, float]
_SAME: _Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(slots=True)
class Surface:
    """What a page shows. ``image_cover`` is the share of the page under images, 0 to 1 (or more)."""

    image_cover: float = 0.0
    texts: int = 0
    invisible_texts: int = 0
    horizontals: list[Line] = field(default_factory=list)
    verticals: list[Line] = field(default_factory=list)
    seen: int = 0


def survey(page: Any) -> Surface:
    """Return what pypdfium2's ``page`` shows, from its first 5000 objects, those of three levels of forms included."""
    from pypdfium2 import raw

    width, height = page.get_size()
    surface = Surface()
    if width <= 0 or height <= 0:
        return surface
    count = raw.FPDFPage_CountObjects(page)
    for index in range(min(count, MAX_OBJECTS)):
        _look(raw, raw.FPDFPage_GetObject(page, index), _SAME, 0, (0.0, 0.0, width, height), surface)
        if surface.seen >= MAX_OBJECTS:
            break
    surface.image_cover /= width * height
    return surface


def _look(raw: Any, item: Any, matrix: _Matrix, depth: int, page: Box, surface: Surface) -> None:
    surface.seen += 1
    if not item or surface.seen > MAX_OBJECTS:
        return
    kind = raw.FPDFPageObj_GetType(item)
    if kind == raw.FPDF_PAGEOBJ_TEXT:
        surface.texts += 1
        surface.invisible_texts += raw.FPDFTextObj_GetTextRenderMode(item) == _INVISIBLE
    elif kind == raw.FPDF_PAGEOBJ_IMAGE:
        box = _bounds(raw, item, matrix)
        if box is not None:
            wide = min(box[2], page[2]) - max(box[0], 0.0)
            high = min(box[3], page[3]) - max(box[1], 0.0)
            surface.image_cover += max(0.0, wide) * max(0.0, high)
    elif kind == raw.FPDF_PAGEOBJ_PATH and len(surface.horizontals) + len(surface.verticals) < 2 * _MAX_LINES:
        _lines(raw, item, matrix, surface)
    elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
        inner = _times(_matrix_of(raw, item), matrix)
        for index in range(min(raw.FPDFFormObj_CountObjects(item), MAX_OBJECTS)):
            _look(raw, raw.FPDFFormObj_GetObject(item, index), inner, depth + 1, page, surface)
            if surface.seen > MAX_OBJECTS:
                return


def _bounds(raw: Any, item: Any, matrix: _Matrix) -> Box | None:
    """Return left, bottom, right, top on the page."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(item, left, bottom, right, top):
        return None
    corners = [_moved(matrix, x, y) for x in (left.value, right.value) for y in (bottom.value, top.value)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _lines(raw: Any, item: Any, matrix: _Matrix, surface: Surface) -> None:
    """Add the straight lines of a path: thin boxes, sides of boxes, and segments along an axis."""
    count = raw.FPDFPath_CountSegments(item)
    if count <= 6:
        box = _bounds(raw, item, matrix)
        if box is not None:
            _sides(box, surface)
        return
    place = _times(_matrix_of(raw, item), matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = (0.0, 0.0)
    for index in range(min(count, _MAX_SEGMENTS)):
        segment = raw.FPDFPath_GetPathSegment(item, index)
        if not raw.FPDFPathSegment_GetPoint(segment, x, y):
            continue
        point = _moved(place, x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            _add(last, point, surface)
        last = point
        if raw.FPDFPathSegment_GetClose(segment):
            _add(point, start, surface)


def _sides(box: Box, surface: Surface) -> None:
    left, bottom, right, top = box
    if right - left <= _THIN or top - bottom <= _THIN:
        _add((left, bottom), (right, top), surface)
        return
    for first, second in (
        ((left, bottom), (right, bottom)),
        ((left, top), (right, top)),
        ((left, bottom), (left, top)),
        ((right, bottom), (right, top)),
    ):
        _add(first, second, surface)


def _add(first: tuple[float, float], second: tuple[float, float], surface: Surface) -> None:
    wide, high = abs(second[0] - first[0]), abs(second[1] - first[1])
    if high <= _THIN and wide >= _SHORTEST and len(surface.horizontals) < _MAX_LINES:
        surface.horizontals.append(((first[1] + second[1]) / 2, *sorted((first[0], second[0]))))  # type: ignore[arg-type]
    elif wide <= _THIN and high >= _SHORTEST and len(surface.verticals) < _MAX_LINES:
        surface.verticals.append(((first[0] + second[0]) / 2, *sorted((first[1], second[1]))))  # type: ignore[arg-type]


def _matrix_of(raw: Any, item: Any) -> _Matrix:
    found = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, found):
        return _SAME
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _times(inner: _Matrix, outer: _Matrix) -> _Matrix:
    """Return ``inner`` followed by ``outer`` (ISO 32000-1, 8.3.4)."""
    a, b, c, d, e, f = inner
    k, m, n, p, q, r = outer
    return (a * k + b * n, a * m + b * p, c * k + d * n, c * m + d * p, e * k + f * n + q, e * m + f * p + r)


def _moved(matrix: _Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
