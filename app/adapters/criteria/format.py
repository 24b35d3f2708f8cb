"""The format of the criteria files as data; docs/criteria.md explains it, criteria/schema.json is for editors."""

from app.adapters.yaml.shapes import (
    ChoiceShape,
    DayShape,
    FieldsShape,
    FlagShape,
    ListShape,
    MapShape,
    NumberShape,
    TextShape,
)
from app.rules.criteria.edition import DecisionKind, Effort, EvidenceKind, OutcomeChoice, Window
from app.rules.portal.counting import FactKey

CODE = TextShape("DM1", 6, "[A-Z]{2,4}[1-9][0-9]?", "capital letters and a number")
SLUG = ("[a-z0-9]+(-[a-z0-9]+)*", "lower-case letters, digits and hyphens")
WINDOW = ChoiceShape("none", tuple(Window))
BASIS = ChoiceShape("inferred", ("source-backed", "inferred"))

TITLE = TextShape("Run data strategy and governance", 60)
ITEM_TEXT = TextShape("A table names who decides what", 160)
EVIDENCE_TEXT = TextShape("Notes of the last two meetings, with dates", 140)
LABEL = TextShape("43-criteria standard, in force since August 2022", 120)
SOURCE = TextShape("Council memo of 15 August 2024", 320)
ABOUT = TextShape("This area asks how the city cares for its data", 240)
PROSE = {
    "title": TITLE,
    "statement": TextShape("The city writes down who decides about data", 320),
    "why": TextShape("A question about data finds an answer quickly", 420),
    "good": TextShape("Notes of two meetings with names and decisions", 320),
    "weak": TextShape("A chart of roles with no names", 320),
    "owner": TextShape("Chief data officer or data office", 60),
}
"""The words of a criterion that stand directly in its file, in every language."""

LATER_PROSE = {
    "effort_reason": TextShape("Leaders have to agree on the goals", 160),
    "part": TextShape("The list of its datasets, with a contact", 160),
}
"""More words of a criterion, which a file may leave out; what English has, every language has."""

LINK = TextShape("https://city.example/policy", 240, r"https?://\S+", "a web address")
SOURCE_ID = TextShape("assessment-page", 24, *SLUG)
EXAMPLE_TEXT = TextShape("An ordinance of 2017 on open data", 160)
EXAMPLE = FieldsShape(
    "{city: Portland, text: An ordinance of 2017, source: Policy hub, link: https://city.example/policy}",
    {
        "city": TextShape("Portland, Oregon", 80),
        "text": EXAMPLE_TEXT,
        "source": TextShape("Policy hub", 120),
        "link": LINK,
    },
    optional=frozenset({"link"}),
)
ITEM_ID = TextShape("roles", 24, "[a-z]+(-[a-z]+)*", "lower-case letters and hyphens")
ITEM = FieldsShape(
    "{id: roles, text: A table names who decides what, required: true, window: none}",
    {
        "id": ITEM_ID,
        "text": ITEM_TEXT,
        "required": FlagShape("false"),
        "window": WINDOW,
    },
)
EVIDENCE = FieldsShape(
    '{kind: file, text: "Notes of the last two meetings", window: quarterly}',
    {"kind": ChoiceShape("file", tuple(EvidenceKind)), "text": EVIDENCE_TEXT, "window": WINDOW},
)
CRITERION = FieldsShape(
    "code: DM1",
    {
        "code": CODE,
        "area": TextShape("data-management", 40, *SLUG),
        **PROSE,
        "core": FlagShape("false"),
        "prerequisites": ListShape("[] or [DM1]", CODE, 0, 9),
        "needed": NumberShape("3", 1, 5),
        "checklist": ListShape(f"[{ITEM.example}]", ITEM, 3, 5),
        "evidence": ListShape(f"[{EVIDENCE.example}]", EVIDENCE, 2, 4),
        "effort": ChoiceShape("M", tuple(Effort)),
        "basis": BASIS,
        "evidence_basis": BASIS,
        **LATER_PROSE,
        "short_name": TextShape("Data Inventory", 80),
        "examples": ListShape(f"[] or [{EXAMPLE.example}]", EXAMPLE, 0, 3),
        "sources": ListShape("[] or [assessment-page]", SOURCE_ID, 0, 9),
    },
    optional=frozenset({*LATER_PROSE, "short_name", "examples", "sources"}),
)
CRITERION_WORDS = FieldsShape(
    "code: DM1",
    {
        "code": CODE,
        **PROSE,
        "checklist": MapShape("{roles: A table names who decides what}", ITEM_TEXT),
        "evidence": ListShape('["Notes of the last two meetings"]', EVIDENCE_TEXT, 2, 4),
        **LATER_PROSE,
        "examples": ListShape('["An ordinance of 2017"]', EXAMPLE_TEXT, 0, 3),
    },
    optional=frozenset({*LATER_PROSE, "examples"}),
)

STEP_ITEM = TextShape("DM1.roles", 31, rf"{CODE.pattern}\.{ITEM_ID.pattern}", "a code, a point and an item")
STEP_ITEMS = FieldsShape("{old: DM1.roles, new: DM2.duties}", {"old": STEP_ITEM, "new": STEP_ITEM})
STEP = FieldsShape(
    "{old: [DM1], new: [DM2], items: []}",
    {
        "old": ListShape("[DM1]", CODE, 1, 9),
        "new": ListShape("[DM2]", CODE, 1, 9),
        "items": ListShape(f"[] or [{STEP_ITEMS.example}]", STEP_ITEMS, 0, 99),
    },
)
STEPS = FieldsShape(
    "from: wwc-2018",
    {
        "from": TextShape("wwc-2018", 40, *SLUG),
        "basis": BASIS,
        "steps": ListShape(f"[{STEP.example}]", STEP, 1, 999),
        "retired": ListShape("[] or [DM3]", CODE, 0, 999),
        "new": ListShape("[] or [DM4]", CODE, 0, 999),
    },
)
"""How an edition follows another: a file in its from/."""

FACT_PLACE = TextShape(
    "OD3.dates", 31, rf"{CODE.pattern}(\.{ITEM_ID.pattern})?", "a code, or a code, a point and an item"
)
CATALOG_FACT = FieldsShape(
    "{fact: dates, place: OD3.dates}", {"fact": ChoiceShape("dates", tuple(FactKey)), "place": FACT_PLACE}
)
DECISION_TEXT = TextShape("Adopt an open data policy that anyone can read.", 160)
EXPECTED_DECISION = FieldsShape(
    "{code: OD1, kind: policy, text: Adopt an open data policy that anyone can read.}",
    {"code": CODE, "kind": ChoiceShape("policy", tuple(DecisionKind)), "text": DECISION_TEXT},
)

PUBLIC_SOURCE = FieldsShape(
    '{id: assessment-page, name: Page about the assessment, says: the names, link: https://city.example, seen_on: "2026-05-15"}',
    {
        "id": SOURCE_ID,
        "name": TextShape("Page about the assessment", 120),
        "says": TextShape("the names of the criteria", 120),
        "link": LINK,
        "seen_on": DayShape("2026-05-15"),
    },
    optional=frozenset({"link"}),
)
SHARED_NAME = TextShape("A budget instruction that asks for measures", 120)
SHARED_DOCUMENT = FieldsShape(
    "{document: A budget instruction, places: [LC1.expectation, BF1.request-form]}",
    {"document": SHARED_NAME, "places": ListShape("[LC1.expectation, BF1.request-form]", FACT_PLACE, 2, 9)},
)

LEVEL = FieldsShape(
    "{id: silver, percent: 51}", {"id": TextShape("silver", 24, *SLUG), "percent": NumberShape("51", 1, 100)}
)
CORE = FieldsShape(
    "{required: true, criteria: [DM1], source: Council memo of 15 August 2024}",
    {"required": FlagShape("true"), "criteria": ListShape("[DM1]", CODE, 0, 99), "source": SOURCE},
)
POPULATION = FieldsShape(
    "{minimum: 30000, source: The page for cities}", {"minimum": NumberShape("30000", 0, 9_999_999), "source": SOURCE}
)
OUTCOME = FieldsShape(
    "{asked: unknown, choices: [air], source: A city’s release of 2023}",
    {
        "asked": ChoiceShape("unknown", ("yes", "no", "unknown")),
        "choices": ListShape("[] or [air]", ChoiceShape("air", tuple(OutcomeChoice)), 0, 3),
        "source": SOURCE,
    },
)
AREA = FieldsShape(
    "id: data-management",
    {
        "id": TextShape("data-management", 40, *SLUG),
        "prefix": TextShape("DM", 4, "[A-Z]{2,4}", "two to four capital letters"),
        "title": TITLE,
        "about": ABOUT,
        "criteria": ListShape("[DM1, DM2]", CODE, 1, 99),
    },
)
EDITION = FieldsShape(
    "id: wwc-2022",
    {
        "id": TextShape("wwc-2022", 40, *SLUG),
        "label": LABEL,
        "source": SOURCE,
        "seen_on": DayShape("2026-05-15"),
        "complete": FlagShape("true"),
        "total": NumberShape("43", 1, 999),
        "levels": ListShape(f"[{LEVEL.example}]", LEVEL, 1, 9),
        "core": CORE,
        "population": POPULATION,
        "outcome": OUTCOME,
        "partial_credit": ChoiceShape("none", ("none",)),
        "prerequisites": ChoiceShape("warn", ("warn", "block")),
        "leaders_decide": ListShape(f"[] or [{EXPECTED_DECISION.example}]", EXPECTED_DECISION, 0, 99),
        "catalog_facts": ListShape(f"[] or [{CATALOG_FACT.example}]", CATALOG_FACT, 0, 99),
        "areas": ListShape("- id: data-management", AREA, 1, 26),
        "sources": ListShape(f"[] or [{PUBLIC_SOURCE.example}]", PUBLIC_SOURCE, 0, 99),
        "shared_documents": ListShape(f"[] or [{SHARED_DOCUMENT.example}]", SHARED_DOCUMENT, 0, 99),
    },
    optional=frozenset({"sources", "shared_documents"}),
)
EDITION_WORDS = FieldsShape(
    "label: Estándar de 43 criterios",
    {
        "label": LABEL,
        "source": SOURCE,
        "core_source": SOURCE,
        "population_source": SOURCE,
        "outcome_source": SOURCE,
        "leaders_decide": ListShape("[] or [Adoptar una política de datos abiertos.]", DECISION_TEXT, 0, 99),
        "areas": MapShape(
            "data-management: {title: Gestión de datos, about: Esta área pregunta ...}",
            FieldsShape("{title: Gestión de datos, about: Esta área pregunta ...}", {"title": TITLE, "about": ABOUT}),
        ),
        "sources": ListShape(
            "[] or [los nombres de los criterios]", TextShape("los nombres de los criterios", 120), 0, 99
        ),
        "shared_documents": ListShape("[] or [Una instrucción presupuestaria]", SHARED_NAME, 0, 99),
    },
    optional=frozenset({"sources", "shared_documents"}),
)
