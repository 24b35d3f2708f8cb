"""What a page is by the way it calls itself: one for what is gone, one where people sign in, one that stops visitors at the door."""

import re

from app.rules.text.bounds import normalize_text

_NOT_FOUND = re.compile(
    r"\b404\b|\berror 410\b|\b410 gone\b"
    r"|\bpage (you requested )?(was |could )?(not (be )?found|does not exist|no longer exists|unavailable|missing)"
    r"|\bpage (can|could)(not|n?['’]t) be found|\b(can|could)(not| not|n?['’]t) find (that|this|the|your) (page|file|document)\b"
    r"|^not found\b|[|–-] not found$|\b(file|document|link|content|resource|object) (not found|no longer (exists|available))"
    r"|\bpágina (solicitada |que buscas? )?(ya )?no (encontrada|existe|disponible|se encuentra|est[áa] disponible|fue encontrada)"
    r"|\bpágina inexistente|^no encontrad[oa]\b|\b(archivo|documento|recurso|contenido) no (encontrado|existe|disponible)"
    r"|\bno se (ha |pudo )?encontr(ó|ado|ar) (la página|el archivo|el documento|el recurso)"
    r"|\bpágina não (encontrada|existe|localizada)|^não encontrad[oa]\b|\b(arquivo|documento) não encontrado"
    r"|\b(page|document) (non trouvée?|introuvable|inexistante?)",
    re.IGNORECASE,
)
"""How sites call the page that they show instead of one that is gone, in the languages of the app."""

_SIGN_IN_TITLES = re.compile(
    r"((please|member|user|staff|account|customer|portal) )?(sign|log)[ -]?(in|on)( (to|with) .{1,60}| required| page)?"
    r"|single sign-?on|authentication required"
    r"|(iniciar|inicio de|inicie|inicia) sesi[óo]n( en .{1,60})?|fazer login|iniciar sessão|connexion|se connecter",
    re.IGNORECASE,
)
_DOOR_TITLES = re.compile(
    r"just a moment\W*|attention required\W*|access denied|access to this page has been denied\W*|pardon our interruption\W*"
    r"|request rejected|(human|bot|security) (verification|check)|(are you a )?robot( check)?\??|captcha|client challenge"
    r"|(checking|verifying) .{0,20}(browser|human).{0,40}|before you continue( to .{1,60})?|(enable|accept) cookies( to continue)?"
    r"|un momento\W*|acceso denegado|antes de continuar( a .{1,60})?|verificación (humana|de seguridad)",
    re.IGNORECASE,
)
_CLOSED_TITLES = re.compile(
    r"((site|website|page|portal) )?(is )?(down for|under|in) (scheduled )?maintenance|coming soon|under construction"
    r"|(account|site|website) suspended"
    r"|.{0,80}\b(domain|website) (is |has )?(for sale|parked|expired)\b.{0,20}"
    r"|((sitio|página|portal) )?en (mantenimiento|construcción)|sitio suspendido"
    r"|em manutenção|site en maintenance",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\s+[|–—·•»-]+\s+|\s*[|»]\s*")
"""What stands between the name of a page and that of its site."""


def says_not_found(title: str | None) -> bool:
    """Whether a page calls itself the one for what is not there, though the site answers that all is well."""
    return bool(title and _NOT_FOUND.search(normalize_text("NFC", title)))


def says_sign_in(title: str | None) -> bool:
    """Whether a page is called as one where people sign in, and nothing else: a sign-in sheet is a document."""
    return _is_called(title, _SIGN_IN_TITLES)


def asks_at_the_door(title: str | None) -> bool:
    """Whether a page first asks its visitors to agree to something, or to show that they are people."""
    return _is_called(title, _DOOR_TITLES)


def says_closed(title: str | None) -> bool:
    """Whether a page says that its site is closed now, or someone else's."""
    return _is_called(title, _CLOSED_TITLES)


def _is_called(title: str | None, names: re.Pattern[str]) -> bool:
    """Whether one part of the title is such a name and no more than it."""
    parts = _PARTS.split(normalize_text("NFC", title or ""))
    return any(names.fullmatch(part.strip()) for part in parts)
