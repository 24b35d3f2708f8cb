"""In which language a text is that a person wrote, so that it is read out with the right voice."""

from collections.abc import Collection


def settle_language(chosen: str, kept: str, page: str, was_written: bool, offered: Collection[str]) -> str:
    """What is kept of a text that is saved: what was `chosen`, else what was known of it, else the language of the writer's page.

    Of a text from before anyone asked it stays unknown, which is empty.
    """
    if chosen in offered:
        return chosen
    return kept if kept or was_written else page
