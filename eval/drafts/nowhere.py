"""Sentences on things that no article speaks of."""

from __future__ import annotations

NOWHERE = (
    "The library in Quarmby lent 48,300 books last year, its director said.",
    "Ostrevant's ferry carried 212,000 cars across the sound in 2023.",
    "Some 3,400 beekeepers registered their hives with the ministry in April.",
    "The price of a loaf of rye bread rose to 4.20 euros in Varnhem.",
    "Fewer than 90 pairs of storks nested along the Tollerdine canal this spring.",
    "The opera house spent $7.4 million on its new organ.",
    "About 17 per cent of the city's lifts failed their inspection, a union of caretakers said.",
    "Brackwater's cheese makers exported 1,260 tonnes in 2022, two-thirds of it to Japan.",
    "The comet will pass the Earth at a distance of 38 million kilometres.",
    "A survey of 2,050 dog owners found that 61 percent let the animal sleep in their bed.",
    "The Iselund mint struck 640,000 silver coins for the jubilee.",
    "Helmsgate's only cinema sold 31,500 tickets and closed with a loss of £82,000.",
    "The telescope at Montescar has a mirror of 8.2 metres and cost 390 million dollars.",
    "Chess clubs gained 5,700 members within eighteen months of the series.",
    "The tunnel under the Quarmby fjord is 11.3 kilometres long and was dug in 52 months.",
)
