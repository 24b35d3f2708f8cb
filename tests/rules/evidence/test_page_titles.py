"""What a page is by the way it calls itself, as sites in the languages of the app do."""

import pytest

from app.rules.evidence.page_titles import asks_at_the_door, says_closed, says_not_found, says_sign_in


@pytest.mark.parametrize(
    "title",
    [
        "404", "Page not found | City of Newark", "Error 404", "Not Found", "City of Newark | Not Found", "File not found - Dropbox",
        "Sorry, that page can’t be found", "We couldn't find that page", "The page cannot be found", "The page you requested was not found",
        "This document no longer exists", "410 Gone", "Página no encontrada - Municipalidad", "La página solicitada no existe",
        "Pa\u0301gina no encontrada", "La página que busca no se encuentra", "Archivo no encontrado", "No se encontró la página",
        "Página não encontrada", "Page introuvable | Ville", "Página inexistente",
    ],
)  # fmt: skip
def test_a_page_says_that_it_is_not_there(title: str) -> None:
    assert says_not_found(title)


@pytest.mark.parametrize(
    "title",
    [
        "Sign in", "Log In | City of Newark", "Login", "Sign in to your account", "Sign in - Google Accounts", "Iniciar sesión",
        "Municipalidad – Iniciar sesión", "Log in to Facebook | Facebook", "Staff Login | Newark", "Please sign in", "Authentication required",
        "Iniciar sesión en ArcGIS", "Inicio de sesión - Intranet", "Fazer login",
    ],
)  # fmt: skip
def test_a_page_says_that_people_sign_in_there(title: str) -> None:
    assert says_sign_in(title)


@pytest.mark.parametrize(
    "title",
    [
        "Just a moment...", "Attention Required! | Cloudflare", "Access Denied", "Pardon Our Interruption", "Before you continue to YouTube",
        "Antes de continuar a YouTube", "Human Verification", "Request Rejected", "Checking your browser before accessing city.gov.",
        "Un momento…", "Are you a robot?", "Acceso denegado",
    ],
)  # fmt: skip
def test_a_page_asks_its_visitors_something_first(title: str) -> None:
    assert asks_at_the_door(title)


@pytest.mark.parametrize(
    "title",
    [
        "Site under maintenance", "Down for maintenance", "Sitio en mantenimiento", "Coming soon", "Account Suspended",
        "newarkdata.org domain is for sale", "City of Newark | Under construction", "Em manutenção",
    ],
)  # fmt: skip
def test_a_page_says_that_its_site_is_closed(title: str) -> None:
    assert says_closed(title)


@pytest.mark.parametrize(
    "title",
    [
        None, "", "Sign-in sheet, October 3", "How to log in to the open data portal", "Access denied to 3 of 40 records: audit",
        "Road maintenance plan",
        "Street lights under construction 2026", "Lost and found", "Find the page that you need", "Plan 2040", "Records found in the audit",
        "Robotics program", "Verificación de seguridad vial", "Inicio", "Consent agenda, May 3",
        "Documentos disponibles", "Login data of 2026 by month", "Security check-up of city systems",
    ],
)  # fmt: skip
def test_any_other_page_is_what_it_is(title: str | None) -> None:
    assert not any(says(title) for says in (says_not_found, says_sign_in, asks_at_the_door, says_closed))
