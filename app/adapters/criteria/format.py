"""The format of the criteria files as data; docs/criteria.md explains it, criteria/schema.json is for editors."""

from app.adapters.yaml.shapes import Choice, Day, Flag, ListOf, Record, Text, Whole, Words
from app.rules.criteria import Effort, EvidenceKind, Window

CODE = Text("DM1", 6, "[A-Z]{2,4}[1-9][0-9]?", "capital letters and a number")
SLUG = ("[a-z0-9]+(-[a-z0-9]+)*", "lower-case letters, digits and hyphens")
WINDOW = Choice("none", tuple(Window))
BASIS = Choice("inferred", ("source-backed", "inferred"))

TITLE = Text("Run data strategy and governance", 60)
ITEM_TEXT = Text("A table names who decides what", 160)
EVIDENCE_TEXT = Text("Notes of the last two meetings, with dates", 140)
LABEL = Text("43-criteria standard, in force since August 2022", 120)
SOURCE = Text("Council memo of 15 August 2024", 320)
ABOUT = Text("This area asks how the city cares for its data", 240)
PROSE = {
    "title": TITLE,
    "statement": Text("The city writes down who decides about data", 320),
    "why": Text("A question about data finds an answer quickly", 420),
    "good": Text("Notes of two meetings with names and decisions", 320),
    "weak": Text("A chart of roles with no names", 320),
    "owner": Text("Chief data officer or data office", 60),
}
"""The words of a criterion that stand directly in its file, in every language."""

ITEM_ID = Text("roles", 24, "[a-z]+(-[a-z]+)*", "lower-case letters and hyphens")
ITEM = Record(
    "{id: roles, text: A table names who decides what, required: true, window: none}",
    {
        "id": ITEM_ID,
        "text": ITEM_TEXT,
        "required": Flag("false"),
        "window": WINDOW,
    },
)
EVIDENCE = Record(
    '{kind: file, text: "Notes of the last two meetings", window: quarterly}',
    {"kind": Choice("file", tuple(EvidenceKind)), "text": EVIDENCE_TEXT, "window": WINDOW},
)
CRITERION = Record(
    "code: DM1",
    {
        "code": CODE,
        "area": Text("data-management", 40, *SLUG),
        **PROSE,
        "core": Flag("false"),
        "prerequisites": ListOf("[] or [DM1]", CODE, 0, 9),
        "needed": Whole("3", 1, 5),
        "checklist": ListOf(f"[{ITEM.example}]", ITEM, 3, 5),
        "evidence": ListOf(f"[{EVIDENCE.example}]", EVIDENCE, 2, 4),
        "effort": Choice("M", tuple(Effort)),
        "basis": BASIS,
        "evidence_basis": BASIS,
    },
)
CRITERION_WORDS = Record(
    "code: DM1",
    {
        "code": CODE,
        **PROSE,
        "checklist": Words("{roles: A table names who decides what}", ITEM_TEXT),
        "evidence": ListOf('["Notes of the last two meetings"]', EVIDENCE_TEXT, 2, 4),
    },
)

STEP_ITEM = Text("DM1.roles", 31, rf"{CODE.pattern}\.{ITEM_ID.pattern}", "a code, a point and an item")
STEP_ITEMS = Record("{old: DM1.roles, new: DM2.duties}", {"old": STEP_ITEM, "new": STEP_ITEM})
STEP = Record(
    "{old: [DM1], new: [DM2], items: []}",
    {
        "old": ListOf("[DM1]", CODE, 1, 9),
        "new": ListOf("[DM2]", CODE, 1, 9),
        "items": ListOf(f"[] or [{STEP_ITEMS.example}]", STEP_ITEMS, 0, 99),
    },
)
STEPS = Record(
    "from: wwc-2018",
    {
        "from": Text("wwc-2018", 40, *SLUG),
        "basis": BASIS,
        "steps": ListOf(f"[{STEP.example}]", STEP, 1, 999),
        "retired": ListOf("[] or [DM3]", CODE, 0, 999),
        "new": ListOf("[] or [DM4]", CODE, 0, 999),
    },
)
"""How an edition follows another: a file in its from/."""

LEVEL = Record("{id: silver, percent: 51}", {"id": Text("silver", 24, *SLUG), "percent": Whole("51", 1, 100)})
CORE = Record(
    "{required: true, criteria: [DM1], source: Council memo of 15 August 2024}",
    {"required": Flag("true"), "criteria": ListOf("[DM1]", CODE, 0, 99), "source": SOURCE},
)
AREA = Record(
    "id: data-management",
    {
        "id": Text("data-management", 40, *SLUG),
        "prefix": Text("DM", 4, "[A-Z]{2,4}", "two to four capital letters"),
        "title": TITLE,
        "about": ABOUT,
        "criteria": ListOf("[DM1, DM2]", CODE, 1, 99),
    },
)
EDITION = Record(
    "id: wwc-2022",
    {
        "id": Text("wwc-2022", 40, *SLUG),
        "label": LABEL,
        "source": SOURCE,
        "seen_on": Day("2026-05-15"),
        "complete": Flag("true"),
        "total": Whole("43", 1, 999),
        "levels": ListOf(f"[{LEVEL.example}]", LEVEL, 1, 9),
        "core": CORE,
        "partial_credit": Choice("none", ("none",)),
        "prerequisites": Choice("warn", ("warn", "block")),
        "areas": ListOf("- id: data-management", AREA, 1, 26),
    },
)
EDITION_WORDS = Record(
    "label: Estándar de 43 criterios",
    {
        "label": LABEL,
        "source": SOURCE,
        "core_source": SOURCE,
        "areas": Words(
            "data-management: {title: Gestión de datos, about: Esta área pregunta ...}",
            Record("{title: Gestión de datos, about: Esta área pregunta ...}", {"title": TITLE, "about": ABOUT}),
        ),
    },
)
