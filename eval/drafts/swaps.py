"""Sentences whose periods or subjects are swapped, or to which a computed figure is added.

Which words of a sentence may change places, and what then holds, takes a reader to say; the
sentence itself is taken from the article and the words are put in by rule. Each row: how the
article's sentence begins, what is written in place of what, and the figures whose verdict is not
"supported". ``A <> B`` lets the first A and the first B change places.
"""

from __future__ import annotations

Row = tuple[str, tuple[str, ...], tuple[str, ...]]
"""Beginning of the sentence; replacements ``old => new`` or ``one <> other``; figures."""

# The articles give what the sentence speaks of now: with another value.
PERIODS_GIVEN: tuple[Row, ...] = (
    ("Average attendance was 19,870", ("2022 <> 2019",), ("19,870", "24,310")),
    ("Support in the polls", ("December <> February",), ("57 per cent", "48")),
    ("The mean for the whole of 2022", ("2022 <> 2017",), ("31", "44")),
    ("Paramedic chief Roland Ng", ("2023 <> 2019",), ("5 percent", "23 percent")),
    ("Plainly pleased", ("August <> May",), ("64,006", "144,266")),
    ("In the summer of 2022 it lost", ("2022 <> 2023",), ("six", "4.5")),
    ("Growers' unions reckon", ("2021 <> 2022",), ("310,000", "190,000")),
    ("The factory can make", ("2024 <> 2026",), ("30 million", "100 million")),
)

# No article says what was then.
PERIODS_UNKNOWN: tuple[Row, ...] = (
    ("Days above the daily limit", ("2017 => 2014",), ("102",)),
    ("In May of 2017", ("2017 => 2015",), ("19,940",)),
    ("More than 240,000 people", ("June and November => January and April",), ("240,000",)),
    ("The hotel tax raised", ("2024 => 2021",), ("$3.1 million",)),
    ("Researchers went through", ("2023 => 2021",), ("14,870",)),
    ("Besides, the marsh", ("1985 => 1961",), ("5,500",)),
    ("Burkina Faso, where some", ("2021 => 2018",), ("4,000",)),
)

SUBJECTS_GIVEN: tuple[Row, ...] = (
    ("The average for the whole of November", ("Scarholme <> Harnby",), ("88", "74")),
    (
        "The Cebu Strait Kings had",
        ("Batangas Coffee Barons <> Davao Falls Eagles",),
        ("6,615", "5,870"),
    ),
    ("The three towns that would", ("Storhamra <> Lillviken",), ("58.3 per cent", "50.9")),
    ("Up to Saturday morning", ("Chibanga mission <> Porto Lumbo",), ("544", "318")),
    ("On 4 February last year", ("Lowmere <> Grand Cove",), ("-29", "-34")),
    ("When the rain stopped at noon", ("the harbour <> the airport",), ("462", "391")),
    ("Castelo Ermo had 44.8", ("Castelo Ermo <> Pedrouços Novos",), ("44.8", "43.1")),
    ("At Braeside Royal, the larger", ("Braeside Royal <> Kinloss Road",), ("58.9 percent", "72")),
)

SUBJECTS_UNKNOWN: tuple[Row, ...] = (
    ("The town of Borgo Cerrana", ("Borgo Cerrana => Montescar",), ("7,200", "2,900")),
    ("Yubari-gawa, on the far side", ("Yubari-gawa => Iselund",), ("22", "148")),
    ("The marathon had 14,260", ("The marathon => The Varnhem Marathon",), ("14,260", "71")),
    (
        "St. Barbara's hospital admitted",
        ("St. Barbara's => Quarmby's",),
        ("61", "34", "three days"),
    ),
    ("Oakes, with 2,900 people", ("Oakes => Tollerdine",), ("2,900", "1,730")),
    ("Denmark as a whole", ("Denmark => Ostrevant",), ("four", "ten")),
    (
        "One season in the first division",
        ("SC Ravensbüttel => SC Brackwater",),
        ("91.3 million euros", "97.1 million"),
    ),
)

COMPUTED: tuple[Row, ...] = (
    (
        "Wheelchair players will share",
        ("and the draw is doubled to 16. => an increase of 24 per cent.",),
        ("24 per cent",),
    ),
    (
        "The number of seats has gone",
        ("and the third deck in left field is gone. => a cut of 1,700.",),
        ("1,700",),
    ),
    (
        "A seat costs 340 pesos",
        ("which may be why revenue grew faster than crowds. => up by 45 pesos.",),
        ("45 pesos",),
    ),
    ("Days above the daily limit", ("2017. => 2017, a fall of 34 per cent.",), ("34 per cent",)),
    (
        "Signs of depression",
        ("ago. => ago, a drop of five percentage points.",),
        ("five percentage points",),
    ),
    (
        "First-dose coverage among two-year-olds has",
        ("percent at the turn of the year. => percent, a gain of 3.5 percentage points.",),
        ("3.5 percentage points",),
    ),
    ("Restrictions now touch 54 towns", ("spring. => spring, an increase of 23.",), ("23",)),
    ("Heating oil, trucked over", ("winter. => winter, a rise of 19 per cent.",), ("19 per cent",)),
    ("Debts have gone up", ("million. => million, an increase of 9.4 million.",), ("9.4 million",)),
    (
        "The organisers pay 310,000",
        ("; the final winner gets 60,000 and each stage is worth 7,500. => , up 29 per cent.",),
        ("29 per cent",),
    ),
    ("Crews spent an average", ("2019. => 2019, a difference of 19 minutes.",), ("19 minutes",)),
    (
        "In the week to Sunday there",
        ("deaths. => deaths, a fall of 47 per cent in cases.",),
        ("47 per cent",),
    ),
    (
        "You would have to ask them",
        ("by 35 per cent. => by 35 per cent, a total of 273,000.",),
        ("273,000",),
    ),
    (
        "By Wednesday night the county",
        ("badly damaged and more than 600 with lesser harm. => badly damaged, a total of 345.",),
        ("345",),
    ),
    ("In euros it is 58 million", ("badly. => badly, a total of 70 million.",), ("70 million",)),
)
