"""The one way in which mail leaves: in the reader's language, and with the notice of who we are not under it."""

from app.adapters import mail
from app.adapters.translations import load_translator
from app.rules.independence import INDEPENDENCE
from app.rules.message import Message
from app.services.site import Site


def mail_letter(site: Site, to: str, language: str, subject: Message, letter: Message) -> None:
    """Raises Invalid for what is no address, and OutsideUnavailable when the mail server does not take it."""
    words = load_translator(language)
    text = f"{words.say(letter).rstrip()}\n\n-- \n{words.say(INDEPENDENCE)}\n"
    mail.send_mail(site.settings, to, words.say(subject), text)
