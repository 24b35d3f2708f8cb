"""What edition.yml and the criteria say of one another by name: decisions, facts of catalogs, documents and sources."""

from collections.abc import Iterable

from app.adapters.criteria.checks import check_once, files_by_code, listed_codes, suggest_name
from app.adapters.criteria.folder import CriteriaFile, EditionFolder


def check_references(folder: EditionFolder) -> None:
    """Adds a problem for each name that stands for nothing in the edition, or stands where it should not."""
    _check_sources(folder)
    codes = [code for code, _, _ in listed_codes(folder.edition)]
    if codes:
        _check_decisions(folder.edition, codes)
        _check_facts(folder)
        _check_shared_documents(folder)


def _check_decisions(edition: CriteriaFile, known: Iterable[str]) -> None:
    named = [decision.get("code") for decision in edition.values.get("leaders_decide", ())]
    places = [(code, ("leaders_decide", at, "code")) for at, code in enumerate(named)]
    check_once(edition, places)
    for code, place in places:
        if code and code not in known:
            edition.add_problem(f'"{code}" is not in this edition. {suggest_name(code, known)}', *place)


def _check_facts(folder: EditionFolder) -> None:
    edition, known = folder.edition, _list_places(folder)
    facts = edition.values.get("catalog_facts", ())
    check_once(edition, ((fact.get("fact"), ("catalog_facts", at, "fact")) for at, fact in enumerate(facts)))
    for at, fact in enumerate(facts):
        if (place := fact.get("place")) and place not in known:
            sentence = f'"{place}" is not in this edition. {suggest_name(place, known)}'
            edition.add_problem(sentence, "catalog_facts", at, "place")


def _list_places(folder: EditionFolder) -> set[str]:
    """The codes, and every item as files name it, such as DM1.roles."""
    by_code = files_by_code(folder)
    items = {
        f"{code}.{item['id']}"
        for code, file in by_code.items()
        for item in file.values.get("checklist", ())
        if "id" in item
    }
    return items | by_code.keys()


def _check_shared_documents(folder: EditionFolder) -> None:
    """Each place exists and stands in one document once; a document serves at least two criteria."""
    edition, known = folder.edition, _list_places(folder)
    for at, shared in enumerate(edition.values.get("shared_documents", ())):
        places = shared.get("places", ())
        named = [(place, ("shared_documents", at, "places", number)) for number, place in enumerate(places)]
        check_once(edition, named)
        for place, where in named:
            if place and place not in known:
                edition.add_problem(f'"{place}" is not in this edition. {suggest_name(place, known)}', *where)
        if places and all(places) and len({place.partition(".")[0] for place in places}) < 2:
            sentence = "These places are all in one criterion. Name a place in another one, or remove the document."
            edition.add_problem(sentence, "shared_documents", at, "places")


def _check_sources(folder: EditionFolder) -> None:
    """Each source that a criterion names is described in edition.yml, and each that is described is named."""
    edition = folder.edition
    sources = edition.values.get("sources", ())
    if any("id" not in source for source in sources):
        return
    known = [source["id"] for source in sources]
    check_once(edition, ((name, ("sources", at, "id")) for at, name in enumerate(known)))
    used: set[str] = set()
    for file in folder.criteria.values():
        named = [(name, ("sources", at)) for at, name in enumerate(file.values.get("sources", ()))]
        check_once(file, named)
        for name, place in named:
            used.add(name or "")
            if name and name not in known:
                file.add_problem(
                    f'"{name}" is not among the sources of the edition. {suggest_name(name, known)}', *place
                )
    for at, name in enumerate(known):
        if name not in used:
            edition.add_problem(
                f'No criterion names the source "{name}". Name it in one, or remove it.', "sources", at, "id"
            )
