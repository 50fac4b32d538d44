"""Whether a file can be had: each answer a server may give, and what we say of it."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from many_hosts import seconds_of_checks, serve_hosts
from scripted_server import Reply, Scripted, scripted_server

from opendata_check.fetching import Fetcher, Limits, open_fetcher
from opendata_check.fetching.availability import Asked, check_all, check_available
from opendata_check.model.availability import Availability

QUICK = Limits(backoff_seconds=0.01, requests_per_second=1000.0, retries=2, head_seconds=2.0, check_seconds=3.0)
CSV = b"nom;valeur\n" + b"a;1\n" * 200
CSV_TYPE = {"Content-Type": "text/csv; charset=utf-8"}
HTML_TYPE = {"Content-Type": "text/html; charset=utf-8"}


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with open_fetcher(cache_folder=None, allow_private=True, limits=QUICK) as opened:
        yield opened


def _page(title: str, body: str = "", **more: object) -> Reply:
    page = f"<!DOCTYPE html>\n<html lang=fr><head><title>{title}</title></head><body>{body}</body></html>"
    return replace(Reply(body=page.encode(), headers=HTML_TYPE), **more)  # type: ignore[arg-type]


def _check(
    fetcher: Fetcher, script: dict[str, Reply | list[Reply]] | Reply, path: str = "/data/a.csv", **announced: object
) -> tuple[Availability, Scripted]:
    replies = {path: script} if isinstance(script, Reply) else script
    with scripted_server(replies) as server:
        return check_available(fetcher, server.base_url + path, **announced), server  # type: ignore[arg-type]


# ---- success


def test_a_head_that_describes_the_file_is_enough(fetcher: Fetcher) -> None:
    headers = {**CSV_TYPE, "Last-Modified": "Wed, 21 Oct 2015 07:28:00 GMT"}
    found, server = _check(fetcher, Reply(body=CSV, headers=headers), announced_type="csv", announced_size=len(CSV))
    assert server.methods == ["HEAD"]
    assert found == Availability(
        "available",
        ground="ok",
        detail="le fichier peut être téléchargé",
        status=200,
        final_url=f"{server.base_url}/data/a.csv",
        media_type="text/csv",
        byte_size=len(CSV),
        last_modified=date(2015, 10, 21),
    )


@pytest.mark.parametrize(
    "head",
    [
        Reply(403),
        Reply(404),
        Reply(405),
        Reply(501),
        Reply(500),
        Reply(200, announce=0),
        Reply(200, announce=None),
        _page("Bloqué"),
        Reply(302, headers={"Location": "/data/a.csv"}),
    ],
)
def test_a_head_that_says_too_little_is_followed_by_the_beginning_of_a_get(fetcher: Fetcher, head: Reply) -> None:
    script: dict[str, Reply | list[Reply]] = {
        "HEAD /data/a.csv": head,
        "/data/a.csv": Reply(body=CSV, headers=CSV_TYPE, ranges=True),
    }
    found, server = _check(fetcher, script, announced_type="csv")
    assert (found.state, found.ground, found.byte_size) == ("available", "ok", len(CSV))
    assert server.methods[-1] == "GET"
    assert server.seen[-1][1]["range"] == "bytes=0-16383"


def test_a_head_that_gets_no_answer_is_followed_by_a_get(fetcher: Fetcher) -> None:
    script: dict[str, Reply | list[Reply]] = {
        "HEAD /a.csv": Reply(delay=4),
        "/a.csv": Reply(body=CSV, headers=CSV_TYPE),
    }
    found, server = _check(fetcher, script, "/a.csv")
    assert (found.state, server.methods) == ("available", ["HEAD", "GET"])


def test_a_file_without_length_is_available(fetcher: Fetcher) -> None:
    found, _ = _check(fetcher, Reply(endless=True, headers=CSV_TYPE), announced_type="csv", announced_size=10)
    assert (found.state, found.byte_size, found.size_differs) == ("available", None, False)


def test_a_web_page_is_available_when_nothing_else_was_announced(fetcher: Fetcher) -> None:
    for announced in ("", "html", "api", "wms"):
        found, _ = _check(fetcher, _page("Les écoles", "Bonjour " * 200), "/les-ecoles", announced_type=announced)
        assert (found.state, found.ground) == ("available", "ok"), announced


def test_data_that_a_server_calls_a_web_page_are_data(fetcher: Fetcher) -> None:
    found, _ = _check(fetcher, Reply(body=CSV, headers=HTML_TYPE), announced_type="csv")
    assert (found.state, found.type_differs) == ("available", True)


# ---- statuses


@pytest.mark.parametrize(
    ("status", "state", "ground", "words"),
    [
        (400, "unavailable", "http_400", "refuse la demande"),
        (401, "unavailable", "http_401", "mot de passe"),
        (403, "unavailable", "http_403", "refuse l'accès"),
        (404, "unavailable", "http_404", "n'existe pas"),
        (410, "unavailable", "http_410", "supprimée"),
        (500, "unavailable", "http_500", "en panne"),
        (501, "unavailable", "http_501", "en panne"),
        (502, "unknown", "http_502", "en panne"),
        (503, "unknown", "http_503", "en panne"),
        (504, "unknown", "http_504", "en panne"),
        (429, "unknown", "rate_limited", "trop de demandes"),
        (202, "not_ready", "http_202", "pas encore prêt"),
        (204, "unavailable", "empty", "vide"),
        (304, "unknown", "http_304", "sans rien envoyer"),
        (405, "unavailable", "http_405", "refuse la demande"),
        (451, "unavailable", "http_451", "refuse la demande"),
        (407, "unknown", "proxy", "mandataire"),
        (408, "unknown", "http_408", "refuse la demande"),
        (509, "unknown", "http_509", "en panne"),
        (520, "unknown", "http_520", "en panne"),
        (530, "unknown", "http_530", "en panne"),
    ],
)
def test_each_status_has_its_meaning(fetcher: Fetcher, status: int, state: str, ground: str, words: str) -> None:
    found, _ = _check(fetcher, Reply(status))
    assert (found.state, found.ground, found.status) == (state, ground, status)
    assert words in found.detail


def test_a_server_that_asks_for_calm_is_asked_once(fetcher: Fetcher) -> None:
    with scripted_server({"/a.csv": Reply(429, headers={"Retry-After": "3600"})}) as server:
        for path in ("/a.csv", "/b.csv"):
            found = check_available(fetcher, server.base_url + path)
            assert (found.state, found.ground, found.status) == ("unknown", "rate_limited", 429)
        assert server.methods == ["HEAD"]


@pytest.mark.parametrize("announced", ["wms", "OGC:WFS", "api"])
def test_a_service_that_is_asked_nothing_may_not_understand(fetcher: Fetcher, announced: str) -> None:
    for status, state in (
        (400, "unknown"),
        (405, "unknown"),
        (500, "unknown"),
        (404, "unavailable"),
        (403, "unavailable"),
    ):
        found, _ = _check(fetcher, Reply(status, b"<ServiceExceptionReport/>"), "/ows", announced_type=announced)
        assert (found.state, found.ground) == (state, f"http_{status}")
    for reply in (Reply(204), Reply(200)):
        assert _check(fetcher, reply, "/ows", announced_type=announced)[0].state == "available"


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_failure_that_passes_is_no_failure(fetcher: Fetcher, status: int) -> None:
    script: dict[str, Reply | list[Reply]] = {"/a.csv": [Reply(status), Reply(status), Reply(body=CSV)]}
    found, server = _check(fetcher, script, "/a.csv")
    assert (found.state, len(server.seen)) == ("available", 3)


def test_a_failure_that_stays_is_asked_three_times_in_all(fetcher: Fetcher) -> None:
    _, server = _check(fetcher, Reply(500))
    assert server.methods == ["HEAD", "GET", "GET"]


# ---- files made on request


@pytest.mark.parametrize(
    "reply",
    [
        Reply(202, b'{"status":"Pending"}'),
        Reply(200, b'{"status": "InProgress", "progressInPercent": 12}', {"Content-Type": "application/json"}),
        Reply(500, b'{"errors":[{"detail":"The file is being generated"}]}'),
        Reply(404, b'{"status":"Exporting"}'),
    ],
)
def test_a_file_made_on_request_is_not_ready_in_all_the_ways_to_say_so(fetcher: Fetcher, reply: Reply) -> None:
    script: dict[str, Reply | list[Reply]] = {"HEAD /a": Reply(404), "/a": reply}
    found, _ = _check(fetcher, script, "/a", announced_type="csv", asynchronous=True)
    assert (found.state, found.ground) == ("not_ready", "asynchronous")


def test_a_missing_file_made_on_request_is_missing(fetcher: Fetcher) -> None:
    found, _ = _check(fetcher, Reply(404, b'{"message": "not found"}'), asynchronous=True)
    assert (found.state, found.ground) == ("unavailable", "http_404")


# ---- pages that are not the file


@pytest.mark.parametrize(
    "page",
    [
        _page("Request Rejected", "The requested URL was rejected. Your support ID is: 12345"),
        _page("Access Denied", "You don't have permission to access this on this server.", status=403),
        _page(
            "Just a moment...",
            "<script>challenge</script>",
            status=403,
            headers={**HTML_TYPE, "cf-mitigated": "challenge"},
        ),
        _page("Attention Required! | Cloudflare", "Sorry, you have been blocked", status=403),
        _page("", '<iframe src="/_Incapsula_Resource?x=1">Request unsuccessful. Incapsula incident ID: 7</iframe>'),
        _page("Vérification", "Veuillez remplir le captcha pour prouver que vous êtes un humain"),
        _page("Accès refusé", "Votre adresse a été bloquée", status=403),
        _page("Service", "Checking your browser before accessing", status=503),
    ],
)
def test_the_page_of_a_firewall_is_no_success(fetcher: Fetcher, page: Reply) -> None:
    found, _ = _check(fetcher, page, announced_type="csv")
    assert (found.state, found.ground) == ("unavailable", "waf_page")
    found, _ = _check(fetcher, page, "/sans-annonce")
    assert found.ground == "waf_page"


def test_a_long_page_that_mentions_a_captcha_is_no_firewall(fetcher: Fetcher) -> None:
    page = _page("Contact", "<form>Remplissez le captcha</form>" + "Bienvenue à Vauclair. " * 100)
    found, _ = _check(fetcher, page, "/contact")
    assert found.state == "available"


@pytest.mark.parametrize("home", ["/", "/fr/", "/index.php", "/accueil", "/fr/accueil.html", "/?from=a"])
def test_a_redirect_home_is_no_success(fetcher: Fetcher, home: str) -> None:
    script: dict[str, Reply | list[Reply]] = {
        "/data/a.csv": Reply(302, headers={"Location": home}),
        home.partition("?")[0]: _page("Ville de Vauclair", "Bienvenue " * 200),
    }
    found, _ = _check(fetcher, script, announced_type="csv")
    assert (found.state, found.ground) == ("unavailable", "home_page")


def test_a_redirect_from_one_home_page_to_another_is_a_success(fetcher: Fetcher) -> None:
    script: dict[str, Reply | list[Reply]] = {
        "/": Reply(302, headers={"Location": "/fr/"}),
        "/fr/": _page("Ville de Vauclair", "Bienvenue " * 200),
    }
    found, _ = _check(fetcher, script, "/")
    assert found.state == "available"


def test_a_file_served_at_the_root_is_a_success(fetcher: Fetcher) -> None:
    script: dict[str, Reply | list[Reply]] = {
        "/data/a.csv": Reply(302, headers={"Location": "/?f=a.csv"}),
        "/": Reply(body=CSV, headers=CSV_TYPE),
    }
    found, _ = _check(fetcher, script, announced_type="csv")
    assert found.state == "available"


@pytest.mark.parametrize(
    "login",
    ["/login", "/cas/login?service=x", "/users/sign_in", "/connexion", "/auth/realms/x", "/saml2/idp", "/oauth2/authorize",
     "/wp-login.php", "/fr/se-connecter"],
)  # fmt: skip
def test_a_redirect_to_a_login_page_is_no_success(fetcher: Fetcher, login: str) -> None:
    script: dict[str, Reply | list[Reply]] = {
        "/data/a": Reply(302, headers={"Location": login}),
        login.partition("?")[0]: _page("Bienvenue", "Identifiez-vous " * 100),
    }
    found, _ = _check(fetcher, script, "/data/a")
    assert (found.state, found.ground) == ("unavailable", "login_page")


def test_a_form_that_asks_for_a_password_in_place_of_data_is_a_login_page(fetcher: Fetcher) -> None:
    page = _page("Portail", "<form><input name=u><input name=p type='password'></form>")
    found, _ = _check(fetcher, page, announced_type="csv")
    assert found.ground == "login_page"


@pytest.mark.parametrize("path", ["/catalogue/login-data.csv", "/author/auth.csv", "/connexions.csv"])
def test_an_address_that_only_looks_like_a_login_is_none(fetcher: Fetcher, path: str) -> None:
    script: dict[str, Reply | list[Reply]] = {
        "/r/1": Reply(302, headers={"Location": path}),
        path: Reply(body=CSV, headers=CSV_TYPE),
    }
    found, _ = _check(fetcher, script, "/r/1", announced_type="csv")
    assert found.state == "available"


@pytest.mark.parametrize(
    "page",
    [
        _page("Page introuvable - Ville de Vauclair", "Bonjour " * 300),
        _page("Erreur 404", "Bonjour " * 300),
        _page("Vauclair", "<h1>La page demandée n&rsquo;existe pas</h1>" + "Bonjour " * 300),
        _page("Vauclair", "<h1>Ce document n'est plus disponible</h1>"),
        _page("Vauclair", "<p>Le fichier que vous cherchez est introuvable, document introuvable.</p>"),
        _page("404 Not Found", "nginx"),
        _page("Page not found", "Bonjour " * 300),
    ],
)
def test_a_page_that_says_nothing_is_there_is_no_success(fetcher: Fetcher, page: Reply) -> None:
    for announced in ("csv", ""):
        found, _ = _check(fetcher, page, "/data/a", announced_type=announced)
        assert (found.state, found.ground) == ("unavailable", "soft_404")


@pytest.mark.parametrize(
    "text", ["Chambre 404 de l'hôtel", "Que faire d'un objet trouvé ?", "Les 404 arbres de la ville"]
)
def test_a_page_that_speaks_of_something_else_is_a_success(fetcher: Fetcher, text: str) -> None:
    found, _ = _check(fetcher, _page(text, text), "/page")
    assert found.state == "available"


@pytest.mark.parametrize("announced", ["csv", "text/csv", "CSV", "zip", "geojson", ""])
def test_a_web_page_in_place_of_data_is_no_success(fetcher: Fetcher, announced: str) -> None:
    for headers in (HTML_TYPE, CSV_TYPE, {}):
        page = _page("Les écoles", "Bonjour " * 1000, headers=headers)
        script: dict[str, Reply | list[Reply]] = {"HEAD /data/a.csv": Reply(405), "/data/a.csv": page}
        found, _ = _check(fetcher, script, announced_type=announced)
        assert (found.state, found.ground) == ("unavailable", "html_instead")


def test_an_empty_file_is_no_success(fetcher: Fetcher) -> None:
    for reply in (Reply(headers=CSV_TYPE), Reply(announce=None), Reply(416, headers={"Content-Range": "bytes */0"})):
        found, _ = _check(fetcher, reply)
        assert (found.state, found.ground) == ("unavailable", "empty")


# ---- what only looks like a page in place of the file


def _got(body: bytes, headers: dict[str, str]) -> dict[str, Reply | list[Reply]]:
    """Answer nothing useful to a HEAD: the file itself is looked at."""
    return {"HEAD /data/a.csv": Reply(405), "/data/a.csv": Reply(body=body, headers=headers)}


@pytest.mark.parametrize(
    "line",
    [
        b"Access denied;captcha;DDoS;security check",
        b"Request Rejected. Your support ID is: 12",
        b"Page introuvable;Erreur 404;ce document n'existe pas",
        b"login;password;<html>;<title>Connexion</title>",
        b'"<!doctype html>";<script>',
        b"\xef\xbb\xbfurl;titre\r\nhttps://exemple.fr/login;Just a moment...",
    ],
)
@pytest.mark.parametrize("headers", [CSV_TYPE, HTML_TYPE, {}])
def test_data_that_say_what_firewalls_say_are_data(fetcher: Fetcher, line: bytes, headers: dict[str, str]) -> None:
    found, _ = _check(fetcher, _got(line + b"\n", headers), announced_type="csv")
    assert (found.state, found.ground) == ("available", "ok")


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Écoles", "Bienvenue."),
        ("Nous écrire", "Ce formulaire est protégé par reCAPTCHA."),
        ("Contact", "This site is protected by hCaptcha"),
        ("Contrôle de sécurité des établissements recevant du public", "Calendrier des visites."),
        ("Les attaques DDoS", "Que faire en cas d'attaque ?"),
        ("Accès refusé à la déchèterie", "Que faire si ma carte ne marche plus ?"),
        ("404 logements sociaux livrés en 2025", "La liste."),
        ("Incendie de la halle", "L'origine du feu n'a pas été trouvée."),
        ("Aide", "<h2>Erreur 404 : que faire ?</h2>" + "Bonjour " * 200),
        ("Aide", "<h2>Ce document n'existe plus : où le demander ?</h2>" + "Bonjour " * 200),
        ("Mon compte", "<form><input type=password></form>"),
    ],
)
@pytest.mark.parametrize("announced", ["html", "", "wfs"])
def test_a_small_page_that_is_what_was_announced_is_available(
    fetcher: Fetcher, title: str, text: str, announced: str
) -> None:
    found, _ = _check(fetcher, _page(title, text), "/les-pages/une", announced_type=announced)
    assert (found.state, found.ground) == ("available", "ok")


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table><tr><td>1</table>', "text/html"),
        (b"<html><body><TABLE><tr><td>1</table>", "application/vnd.ms-excel"),
    ],
)
def test_a_page_that_excel_opens_is_a_workbook(fetcher: Fetcher, body: bytes, media_type: str) -> None:
    found, _ = _check(fetcher, _got(body, {"Content-Type": media_type}), announced_type="xls")
    assert found.state == "available"
    found, _ = _check(fetcher, _got(body, {"Content-Type": media_type}), announced_type="zip")
    assert (found.state, found.ground) == ("unavailable", "html_instead")


def test_a_page_of_sharepoint_is_no_workbook(fetcher: Fetcher) -> None:
    body = b'<html xmlns:o="urn:schemas-microsoft-com:office:office"><table><tr><td>1</table>'
    found, _ = _check(fetcher, _got(body, HTML_TYPE), announced_type="xls")
    assert (found.state, found.ground) == ("unavailable", "html_instead")


@pytest.mark.parametrize(
    "path",
    [
        "/login-des-associations",
        "/cas-d-usage/",
        "/arbres/identification-des-essences",
        "/connexions-fibre.html",
        "/cas/7",
    ],
)
def test_a_redirect_to_a_page_whose_name_looks_like_a_login_is_a_success(fetcher: Fetcher, path: str) -> None:
    script: dict[str, Reply | list[Reply]] = {
        "/page/12": Reply(301, headers={"Location": path}),
        path: _page("Les associations", "Bonjour " * 200),
    }
    found, _ = _check(fetcher, script, "/page/12", announced_type="html")
    assert (found.state, found.ground) == ("available", "ok")
    script[path] = Reply(body=CSV, headers=CSV_TYPE)
    found, _ = _check(fetcher, script, "/page/12", announced_type="csv")
    assert (found.state, found.ground) == ("available", "ok")


@pytest.mark.parametrize("home", ["/?page=ecoles", "/#/jeu/7", "/index.php?id=7"])
def test_a_page_that_a_question_or_a_fragment_chooses_is_no_home_page(fetcher: Fetcher, home: str) -> None:
    script: dict[str, Reply | list[Reply]] = {
        "/jeu/7": Reply(302, headers={"Location": home}),
        home.partition("?")[0].partition("#")[0]: _page("Les écoles", "Bonjour " * 200),
    }
    assert _check(fetcher, script, "/jeu/7")[0].state == "available"
    assert _check(fetcher, script, "/jeu/7", announced_type="csv")[0].ground == "home_page"


def test_the_home_page_of_another_site_may_be_the_page_announced(fetcher: Fetcher) -> None:
    page = _page("Les écoles de Vauclair", "Bonjour " * 200)
    with scripted_server({"/": page}, host="localhost") as other:
        away = Reply(302, headers={"Location": f"{other.base_url}/"})
        assert _check(fetcher, away, "/ecoles", announced_type="html")[0].state == "available"
        assert _check(fetcher, away, "/ecoles", announced_type="csv")[0].ground == "home_page"
    script: dict[str, Reply | list[Reply]] = {"/ecoles": Reply(302, headers={"Location": "/"}), "/": page}
    assert _check(fetcher, script, "/ecoles", announced_type="html")[0].ground == "home_page"


def test_a_missing_page_with_a_login_box_is_told_to_be_missing(fetcher: Fetcher) -> None:
    page = _page("Page introuvable", "<form><input name=p type=password></form>" + "Bonjour " * 200)
    assert _check(fetcher, page, announced_type="csv")[0].ground == "soft_404"


def test_a_missing_page_that_names_a_firewall_is_missing(fetcher: Fetcher) -> None:
    found, _ = _check(fetcher, _page("404", "Protected by Sucuri", status=404), announced_type="csv")
    assert (found.state, found.ground) == ("unavailable", "http_404")


def test_a_pause_of_a_server_that_names_its_firewall_is_a_pause(fetcher: Fetcher) -> None:
    found, _ = _check(fetcher, _page("Maintenance", "Hébergement anti-DDoS", status=503), announced_type="csv")
    assert (found.state, found.ground) == ("unknown", "http_503")


@pytest.mark.parametrize(
    "location", ["/data/a.csv/", "/DATA/a.csv?x=1", "//{host}/data/b.csv", "../data/b.csv", "?v=2"]
)
def test_every_kind_of_redirect_to_the_file_is_followed(fetcher: Fetcher, location: str) -> None:
    script: dict[str, Reply | list[Reply]] = {"/data/a.csv": [Reply(301), Reply(body=CSV, headers=CSV_TYPE)]}
    for path in ("/data/a.csv/", "/DATA/a.csv", "/data/b.csv"):
        script[path] = Reply(body=CSV, headers=CSV_TYPE)
    with scripted_server(script) as server:
        script["/data/a.csv"][0].headers["Location"] = location.format(host=server.base_url[7:])  # type: ignore[index]
        found = check_available(fetcher, f"{server.base_url}/data/a.csv", announced_type="csv")
    assert (found.state, found.ground) == ("available", "ok")


@pytest.mark.parametrize("target", ["ftp://exemple.fr/a.csv", "ftps://exemple.fr/a.csv", "sftp://exemple.fr/a"])
def test_a_redirect_to_another_protocol_leaves_us_in_doubt(fetcher: Fetcher, target: str) -> None:
    found, _ = _check(fetcher, Reply(302, headers={"Location": target}))
    assert (found.state, found.ground) == ("unknown", "other_protocol")


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        (" /a.csv\n", "/a.csv"),
        ("/a\r\n.csv", "/a.csv"),
        ("/a b.csv", "/a%20b.csv"),
        ("/écoles.csv", "/%C3%A9coles.csv"),
        ("/%E9coles.csv", "/%E9coles.csv"),
        ("/a[1]|{2}^.csv", "/a%5B1%5D%7C%7B2%7D%5E.csv"),
        ("/100%.csv", "/100%25.csv"),
        ("/a.csv#feuille", "/a.csv"),
    ],
)
def test_an_address_is_asked_as_a_browser_would(fetcher: Fetcher, written: str, asked: str) -> None:
    with scripted_server({asked: Reply(body=CSV, headers=CSV_TYPE)}) as server:
        found = check_available(fetcher, f"{' ' if written[0] == ' ' else ''}{server.base_url}{written.lstrip()}")
    assert (found.state, server.paths()) == ("available", [asked])


def test_a_server_that_wants_its_cookie_back_is_not_turning_round(fetcher: Fetcher) -> None:
    turn = Reply(302, headers={"Location": "/data/a.csv", "Set-Cookie": "vu=1"})
    found, server = _check(fetcher, {"/data/a.csv": [turn, Reply(body=CSV, headers=CSV_TYPE)]})
    assert (found.state, server.seen[1][1]["cookie"]) == ("available", "vu=1")


@pytest.mark.parametrize(("encoding", "state"), [("br", "unknown"), ("zstd", "unknown"), ("UTF-8", "available")])
def test_an_encoding_that_we_cannot_read_is_our_lack(fetcher: Fetcher, encoding: str, state: str) -> None:
    found, _ = _check(fetcher, _got(CSV, {**CSV_TYPE, "Content-Encoding": encoding}))
    assert found.state == state


def test_headers_that_we_cannot_read_are_our_lack(fetcher: Fetcher) -> None:
    found, _ = _check(fetcher, Reply(body=CSV, headers={f"X-{number}": "x" for number in range(1000)}))
    assert (found.state, found.ground) == ("unknown", "huge_headers")


def test_data_are_asked_for_rather_than_a_page_that_describes_them(fetcher: Fetcher) -> None:
    _, server = _check(fetcher, Reply(405))
    assert {headers["accept"] for _, headers in server.seen} == {"*/*, text/html;q=0.1"}


def test_what_is_told_of_a_redirect_shows_no_secret(fetcher: Fetcher) -> None:
    script: dict[str, Reply | list[Reply]] = {
        "/data/a.csv": Reply(302, headers={"Location": "/b?token=jeton-secret&v=2#f"}),
        "/b": Reply(body=CSV, headers=CSV_TYPE),
    }
    found, server = _check(fetcher, script)
    assert found.final_url == f"{server.base_url}/b?token=***&v=2"


# ---- announced and real


@pytest.mark.parametrize(
    ("announced", "served", "body", "differs"),
    [
        ("csv", "text/csv", CSV, False),
        ("csv", "text/plain", CSV, False),
        ("csv", "application/octet-stream", CSV, False),
        ("csv", "application/vnd.ms-excel", CSV, False),
        ("csv", "application/json", b'{"a": 1}', True),
        ("csv", "application/pdf", b"%PDF-1.7", True),
        ("csv", "text/csv", b"%PDF-1.7", True),
        ("csv", "application/zip", b"PK\x03\x04", True),
        ("xlsx", "application/zip", b"PK\x03\x04", False),
        ("shp", "application/zip", b"PK\x03\x04", False),
        ("gtfs", "application/octet-stream", b"PK\x03\x04", False),
        ("geojson", "application/json", b'{"a": 1}', False),
        ("json", "application/geo+json", b'{"a": 1}', False),
        ("xls", "application/vnd.ms-excel", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", False),
        ("format inconnu", "application/json", b'{"a": 1}', False),
        ("csv", "application/x-inconnu", CSV, False),
        ("", "application/json", b'{"a": 1}', False),
        ("wms", "application/xml", b"<a/>", False),
    ],
)
def test_the_type_announced_is_compared_with_the_one_served(
    fetcher: Fetcher, announced: str, served: str, body: bytes, differs: bool
) -> None:
    script: dict[str, Reply | list[Reply]] = {
        "HEAD /a": Reply(405),
        "/a": Reply(body=body, headers={"Content-Type": served}),
    }
    found, _ = _check(fetcher, script, "/a", announced_type=announced)
    assert (found.state, found.type_differs) == ("available", differs)


@pytest.mark.parametrize(
    ("announced", "differs"),
    [(None, False), (0, False), (811, False), (800, False), (840, False), (2_000, True), (500, True)],
)
def test_the_size_announced_is_compared_with_the_real_one(
    fetcher: Fetcher, announced: int | None, differs: bool
) -> None:
    assert len(CSV) == 811
    found, _ = _check(fetcher, Reply(body=CSV, headers=CSV_TYPE), announced_size=announced)
    assert found.size_differs is differs


@pytest.mark.parametrize("ranges", [True, False])
def test_the_size_of_a_compressed_transfer_is_not_that_of_the_file(fetcher: Fetcher, ranges: bool) -> None:
    packed = gzip.compress(CSV * 100)
    reply = Reply(body=packed, headers={**CSV_TYPE, "Content-Encoding": "gzip"}, ranges=ranges)
    found, server = _check(fetcher, reply, announced_size=len(CSV) * 100)
    assert (found.state, found.byte_size, found.size_differs) == ("available", None, False)
    assert all(headers["accept-encoding"] == "identity" for _, headers in server.seen)


def test_the_size_of_a_short_compressed_transfer_is_known(fetcher: Fetcher) -> None:
    packed = gzip.compress(CSV)
    script: dict[str, Reply | list[Reply]] = {
        "HEAD /a": Reply(405),
        "/a": Reply(body=packed, headers={**CSV_TYPE, "Content-Encoding": "gzip"}),
    }
    found, _ = _check(fetcher, script, "/a", announced_size=len(CSV))
    assert (found.byte_size, found.size_differs) == (len(CSV), False)


@pytest.mark.parametrize("value", ["hier", "", "Wed, 21 Oct 0203 07:28:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"])
def test_an_unlikely_date_is_none(fetcher: Fetcher, value: str) -> None:
    found, _ = _check(fetcher, Reply(body=CSV, headers={"Last-Modified": value}))
    assert found.last_modified is None


# ---- nothing answers


@pytest.mark.parametrize(
    ("url", "state", "ground"),
    [
        ("file:///etc/passwd", "refused", "file_address"),
        ("https://moi:passe@exemple.fr/a", "refused", "password_in_address"),
        ("ftp://exemple.fr/a.csv", "unknown", "other_protocol"),
        ("pas une adresse", "unavailable", "bad_address"),
        ("", "unavailable", "bad_address"),
        ("http://127.0.0.1:9/", "refused", "private_address"),
        ("http://169.254.169.254/latest/", "refused", "private_address"),
    ],
)
def test_what_is_not_followed_is_told(url: str, state: str, ground: str) -> None:
    with open_fetcher(cache_folder=None, limits=QUICK) as fetcher:
        found = check_available(fetcher, url)
    assert (found.state, found.ground, found.status) == (state, ground, None)
    assert found.detail and "passe@" not in found.detail


def test_an_unknown_name_is_told(fetcher: Fetcher) -> None:
    found = check_available(fetcher, "https://commune-qui-n-existe-pas.invalid/a.csv")
    assert found.ground in ("dns", "no_network")
    assert found.state == ("unavailable" if found.ground == "dns" else "unknown")


def test_a_closed_port_is_told(fetcher: Fetcher) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found = check_available(fetcher, f"http://127.0.0.1:{probe.getsockname()[1]}/a.csv")
    assert (found.state, found.ground) == ("unavailable", "connection_refused")


def test_a_server_that_says_nothing_leaves_us_in_doubt() -> None:
    limits = replace(QUICK, head_seconds=0.3, check_seconds=0.6)
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
    ):
        start = time.monotonic()
        found = check_available(fetcher, f"http://127.0.0.1:{listening.getsockname()[1]}/a.csv")
        assert time.monotonic() - start < 4
    assert (found.state, found.ground, found.detail) == (
        "unknown", "timeout", "le serveur envoie ses données trop lentement",
    )  # fmt: skip


def test_a_server_that_cuts_leaves_us_in_doubt(fetcher: Fetcher) -> None:
    script: dict[str, Reply | list[Reply]] = {"HEAD /a": Reply(405), "/a": Reply(body=CSV, cut_after=0)}
    found, _ = _check(fetcher, script, "/a")
    assert (found.state, found.ground) == ("unknown", "connection_cut")


def test_redirects_without_end_are_told(fetcher: Fetcher) -> None:
    found, _ = _check(fetcher, Reply(302, headers={"Location": "/data/a.csv"}))
    assert (found.state, found.ground) == ("unavailable", "too_many_redirects")


def test_a_server_without_tls_is_told(fetcher: Fetcher) -> None:
    with scripted_server({"/": Reply()}) as server:
        found = check_available(fetcher, server.base_url.replace("http:", "https:") + "/a.csv")
    assert (found.state, found.ground) == ("unavailable", "tls")


def test_offline_nothing_is_known(tmp_path: object) -> None:
    with open_fetcher(cache_folder=None, allow_private=True, offline=True) as fetcher:
        found = check_available(fetcher, "http://127.0.0.1:9/a.csv")
    assert (found.state, found.ground) == ("unknown", "offline")


@pytest.mark.parametrize(
    "body",
    [
        b"<!---->" * 2_400 + b"x",
        b"<!-- " * 3_000,
        b"<!doctype html>" + b"<" * 16_000,
        b"<!doctype html>" + b"<a" * 8_000,
        b"<!doctype html>" + b"<script>" * 2_000,
        b"<!doctype html>" + b"<h1 <input <title" * 1_000,
        b"<html>" + b"page " * 3_000 + b"</html>",
        b" " * 16_000 + b"<html>",
        b"<!doctype html>" + b"&amp;" * 3_200,
        bytes(range(256)) * 64,
    ],
)
def test_a_page_made_to_be_slow_to_read_is_read_at_once(fetcher: Fetcher, body: bytes) -> None:
    script: dict[str, Reply | list[Reply]] = {"HEAD /a.csv": Reply(405), "/a.csv": Reply(body=body)}
    start = time.process_time()
    _check(fetcher, script, "/a.csv", announced_type="csv")
    assert time.process_time() - start < 1


# ---- many at once


def test_many_addresses_are_each_found_once(fetcher: Fetcher) -> None:
    script: dict[str, Reply | list[Reply]] = {f"/{i}.csv": Reply(body=CSV, headers=CSV_TYPE) for i in range(20)}
    with scripted_server(script) as server:
        asked = [Asked(f"{server.base_url}/{i}.csv", "csv") for i in range(25)]
        found = dict(check_all(fetcher, asked))
        assert {one: found[one].state for one in asked} == {
            one: "available" if number < 20 else "unavailable" for number, one in enumerate(asked)
        }
        assert server.most_busy <= QUICK.requests_at_once


def test_an_address_asked_twice_is_fetched_once_and_judged_twice(fetcher: Fetcher) -> None:
    with scripted_server({"/a": Reply(body=CSV, headers=CSV_TYPE)}) as server:
        asked = [Asked(f"{server.base_url}/a", "csv"), Asked(f"{server.base_url}/a", "pdf"), Asked("file:///a")]
        found = {one: (result.state, result.type_differs) for one, result in check_all(fetcher, asked)}
        assert found == {asked[0]: ("available", False), asked[1]: ("available", True), asked[2]: ("refused", False)}
        assert len(server.seen) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_the_calm_that_one_page_asks_for_costs_the_others_nothing_but_time(status: int) -> None:
    limits = replace(QUICK, head_seconds=0.4, check_seconds=0.6)
    script: dict[str, Reply | list[Reply]] = {f"/{i}": Reply(body=CSV, headers=CSV_TYPE) for i in range(6)}
    script["/0"] = Reply(status, headers={"Retry-After": "1"})
    with (
        scripted_server(script) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
    ):
        check_available(fetcher, f"{server.base_url}/0")
        found = check_all(fetcher, [Asked(f"{server.base_url}/{i}", "csv") for i in range(1, 6)])
        assert [one.state for _, one in found] == ["available"] * 5


def test_a_server_that_always_asks_for_calm_is_not_waited_for_all_day() -> None:
    limits = replace(QUICK, calm_seconds=2.0)
    busy = Reply(429, headers={"Retry-After": "1"})
    with (
        scripted_server({f"/{i}": busy for i in range(30)}) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=limits) as fetcher,
    ):
        start = time.monotonic()
        found = list(check_all(fetcher, [Asked(f"{server.base_url}/{i}", "csv") for i in range(30)]))
        assert time.monotonic() - start < 5
        assert {(one.state, one.status) for _, one in found} == {("unknown", 429)}
        assert 3 <= len(server.seen) < 12


def test_no_address_gives_nothing(fetcher: Fetcher) -> None:
    assert list(check_all(fetcher, [])) == []


def test_a_slow_server_delays_no_other() -> None:
    slow = Reply(body=CSV, headers=CSV_TYPE, delay=0.5)
    with (
        scripted_server({f"/{i}": slow for i in range(4)}) as one,
        scripted_server({f"/{i}": Reply(body=CSV) for i in range(4)}, host="localhost") as other,
        open_fetcher(cache_folder=None, allow_private=True, limits=QUICK) as fetcher,
    ):
        asked = [Asked(f"{base}/{i}") for base in (one.base_url, other.base_url) for i in range(4)]
        order = [result.final_url.startswith(other.base_url) for _, result in check_all(fetcher, asked)]
    assert order[:4] == [True] * 4


def test_whoever_stops_early_is_not_kept_waiting() -> None:
    with (
        scripted_server({f"/{i}": Reply(body=CSV, delay=30 if i else 0) for i in range(5)}) as server,
        open_fetcher(cache_folder=None, allow_private=True, limits=replace(QUICK, head_seconds=60)) as fetcher,
    ):
        found = check_all(fetcher, [Asked(f"{server.base_url}/{i}") for i in range(5)])
        assert next(found)[1].state == "available"
        while len(server.seen) < 3:
            time.sleep(0.01)
        start = time.monotonic()
        found.close()  # type: ignore[attr-defined]
        assert time.monotonic() - start < 4
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("check-")]
        assert len(server.seen) == 3


def test_fifty_servers_are_checked_in_the_time_of_one() -> None:
    try:
        socket.create_server(("127.0.0.50", 0)).close()
    except OSError:
        pytest.skip("ce système n'a que 127.0.0.1")
    with serve_hosts(0.2) as port:
        alone = seconds_of_checks(port, 1, 6)
        together = seconds_of_checks(port, 50, 6)
    assert together < 3 * alone  # a busy machine; benchmarks ask for 1.3
