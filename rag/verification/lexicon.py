"""English words that verification knows: times, scaffolding, synonyms. Nothing of any subject."""

from __future__ import annotations

MONTHS: tuple[str, ...] = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
WEEKDAYS = frozenset(
    {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
    | {"weekend", "weekday"}
)
TIMES = {
    word: row.split()[0]
    for row in (
        "last",
        "next coming",
        "before earlier ago previous previously",
        "after later",
        "now today currently",
        "then",
        "yesterday",
        "tomorrow",
        "tonight",
        "spring",
        "summer",
        "autumn",
        "winter",
        "morning",
        "afternoon",
        "evening",
        "night overnight",
        "noon midday",
        "midnight",
        "year years annual annually",
        "month months monthly",
        "week weeks weekly",
        "day days daily",
        "hour hours hourly",
        "quarter quarters",
        "season seasons",
        "decade decades",
    )
    for word in row.split()
}
"""Words that tell one time from another."""

ORDER = frozenset({"before", "after"})
"""Tell a time only behind one: "a year before", not "before the match"."""

SCAFFOLDING = frozenset(
    "a an the this that these those it its he she they them their his her him we us our you your i "  # noqa: SIM905
    "my me who whom whose which what when where why how there here and or but nor so as if than "
    "while whereas although though because for of in on at by to from with within into onto "
    "upon over under about around across per via out up down off between among through during "
    "against toward towards is are was were be been being am has have had having do does did done "
    "doing will would shall should can could may might must not no nor only just also too even "
    "still already very more less fewer much many some any all each every both either "
    "neither other another such same own one ones exactly nearly almost roughly approximately "
    "some say says said saying tell tells told report reports reported reporting announce "
    "announces announced announcing stated compared according put puts number numbers figure "
    "figures total totals totalled totaled amount amounts amounted sum share percentage percent "
    "proportion stand stands stood standing come comes came coming reach reaches reached figure "
    "get gets got getting make makes made making give gives gave given giving take takes took "
    "taken see sees saw seen s t re ve ll d o’clock cent since until far yet time times "
    "half part parts go goes went gone".split()
)
"""Words that frame a statement and are in nearly every one."""

SYNONYMS: tuple[str, ...] = (
    (
        "rise rises rose risen rising raise raised increase increased increases grow grew grown "
        "growth climb jump surge surged soar gain gained higher"
    ),
    (
        "fall fell fallen falling decrease decreased decline drop dropped shrink shrank shrunk "
        "reduce reduced reduces cut cuts plunge slump lower lost lose losing loss loses shed"
    ),
    "sell sold selling sale sales",
    "buy bought purchase purchased buying",
    "cost costs price prices priced",
    "pay paid pays payment payments",
    "build built building construct constructed construction",
    "kill killed dead death deaths die died dies",
    "hurt injure injured wounded injury injuries",
    "expect expects expected forecast forecasts predict predicted projects projected",
    "show shows showed shown found find finds finding",
    "win won winning winner beat beaten defeat defeated",
    "hold held holds holding contain contains contained",
    "begin began begun start starts started",
    "high highest peak peaked",
    "low lowest",
    "deep depth",
    "long length",
    "wide width",
    "tall height",
    "weigh weight",
    "speak spoke spoken",
    "steal stole stolen",
    "send sent",
    "leave left",
    "teach taught",
    "write wrote written",
    "drive drove driven",
    "fly flew flown",
    "sing sang sung",
    "sink sank sunk",
    "bring brought",
    "spend spent",
    "lend lent",
    "people person persons residents inhabitants",
    "company firm",
    "child children",
    "man men",
    "woman women",
    "finish finished ended end",
    "big large",
    "back backed support supported favour favor",
    "ask asked",
    "estimate estimated estimates",
    "work worked",
)
"""Rows of words that are told apart by nothing that matters here, with their irregular forms."""

PERIODS = frozenset({"year", "month", "week", "day", "hour", "season", "quarter", "decade"})
"""Times that tell nothing by themselves: "in the same year"."""
