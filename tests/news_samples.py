"""Fourteen short articles on as many subjects, all invented, and a retriever over them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from library_samples import Cut, article

from rag.lexical_index import Fts5LexicalIndex
from rag.library import Library, open_vectors
from rag.near_duplicates import minhash
from rag.protocols import Embedder
from rag.retrieval import HybridRetriever


def fill(library: Library, articles: Sequence[Cut], embedder: Embedder) -> None:
    """Store articles and give all their passages vectors."""
    for document, sentences, passages in articles:
        library.replace_document(
            document, sentences, passages, signature=minhash(s.text for s in sentences)
        )
    while pending := library.passages_without_vectors(embedder.name, 64):
        vectors = embedder.embed_documents([p.text for p in pending])
        library.store_vectors(embedder.name, [p.sha256 for p in pending], vectors)


def retriever_over(
    library: Library, embedder: Embedder, *, depth: int = 30, n_evidence: int = 8
) -> HybridRetriever:
    return HybridRetriever(
        library,
        embedder,
        open_vectors(library, embedder.name, embedder.dimension),
        Fts5LexicalIndex(library.connection),
        depth=depth,
        n_evidence=n_evidence,
    )


@contextmanager
def indexed(folder: Path, articles: Sequence[Cut], embedder: Embedder) -> Iterator[HybridRetriever]:
    with Library.open(folder, create=True, writable=True) as library:
        fill(library, articles, embedder)
        yield retriever_over(library, embedder)


NEWS: tuple[Cut, ...] = (
    article(
        "/news/ferry.txt",
        [
            "The island ferry carried 48,200 passengers in July.",
            "That was 6% more than in July of the year before.",
            "A second boat joined the line in spring.",
            "The company says it will raise fares by 30 cents in October.",
            "Bicycles travel free of charge until the end of the season.",
        ],
        title="Island ferry has its best July",
        publisher="Coast Courier",
        published=date(2031, 8, 4),
    ),
    article(
        "/news/cherries.txt",
        [
            "Late frost destroyed about a third of the cherry blossom in the valley.",
            "Growers picked 1,150 tonnes this summer.",
            "In a usual year they pick 1,700 tonnes.",
            "A kilo cost $7.40 at the Saturday market.",
            "The growers' union asked the region for emergency loans.",
        ],
        title="Frost halves hopes for cherries",
        publisher="Valley Herald",
        published=date(2031, 7, 19),
    ),
    article(
        "/news/footbridge.txt",
        [
            "The new footbridge over the Senn opened on Monday.",
            "It cost $3.2 million, half a million less than planned.",
            "The bridge is 140 metres long and closed to cars.",
            "Engineers tested it with 600 volunteers who jumped in step.",
            "An older crossing upstream will be torn down next year.",
        ],
        title="Walkers get a bridge of their own",
        publisher="City Ledger",
        published=date(2030, 5, 6),
    ),
    article(
        "/news/handball.txt",
        [
            "The handball team of Orsk won the cup final 31 to 28.",
            "Mira Dahl scored eleven goals, a record for a final.",
            "More than 9,000 spectators filled the arena.",
            "The coach, Ivo Brandt, will leave the club in June.",
            "Its next match is against the champions of the north.",
        ],
        title="Orsk takes the cup",
        publisher="Sports Wire",
        published=date(2031, 5, 30),
    ),
    article(
        "/news/museum.txt",
        [
            "The clock museum will close its doors for two years of repairs.",
            "Rain came through the roof and damaged 17 paintings in the east wing.",
            "Visitors numbered 88,400 last year.",
            "Director Lena Okafor expects the repairs to cost $12 million.",
            "The collection of pocket watches moves to the town hall.",
        ],
        title="Clock museum shuts for repairs",
        publisher="City Ledger",
        published=date(2031, 1, 15),
    ),
    article(
        "/news/clinic.txt",
        [
            "Patients of the district clinic wait 41 days for an appointment with a heart doctor.",
            "Two years ago the wait was 25 days.",
            "The clinic employs 310 nurses and is looking for 45 more.",
            "Its head of surgery blames long night shifts.",
            "A helpline for urgent cases opened in March.",
        ],
        title="Longer waits at the district clinic",
        publisher="Valley Herald",
        published=date(2031, 4, 2),
    ),
    article(
        "/news/comet.txt",
        [
            "Astronomers at the Hochfeld observatory discovered a comet with a green tail.",
            "It will come nearest to the Earth on 9 February.",
            "Its distance then will be 64 million kilometres.",
            "The comet can be seen with ordinary binoculars before dawn.",
            "The observatory invites schools to look through its telescope.",
        ],
        title="A green comet before dawn",
        publisher="Science Post",
        published=date(2031, 1, 22),
    ),
    article(
        "/news/bread.txt",
        [
            "Bakers raised the price of rye bread by 12% within a year.",
            "A loaf of a kilo now costs $4.10 on average.",
            "Flour became dearer after two poor harvests.",
            "The bakers' guild counts 230 shops, 19 fewer than in 2029.",
            "Some bakeries sell yesterday's rolls at half price.",
        ],
        title="Rye bread is dearer again",
        publisher="Market Daily",
        published=date(2031, 3, 11),
    ),
    article(
        "/news/reading.txt",
        [
            "The public library lent 402,000 books last year.",
            "Audiobooks were borrowed 95,000 times, twice as often as three years ago.",
            "Fines for late returns were abolished in January.",
            "The reading room now stays open until ten at night.",
            "A bus with 3,000 picture books visits the villages.",
        ],
        title="More readers, no more fines",
        publisher="City Ledger",
        published=date(2031, 2, 8),
    ),
    article(
        "/news/railway.txt",
        [
            "The night train to the southern coast returns after nine years.",
            "It leaves the capital at half past eight in the evening.",
            "A bed in a compartment for four costs $59.",
            "The railway ordered 24 sleeping cars from a maker in Graz.",
            "Last month 87% of all long-distance trains were on time.",
        ],
        title="Night train to the coast returns",
        publisher="Sports Wire",
        published=date(2031, 9, 1),
    ),
    article(
        "/news/wildfire.txt",
        [
            "A wildfire burned 2,300 hectares of pine forest near Morvan.",
            "Firefighters needed six days to bring the flames under control.",
            "About 900 residents had to leave their houses.",
            "Police suspect a campfire that was not put out.",
            "Nobody was hurt.",
        ],
        title="Pine forest burns near Morvan",
        publisher="Valley Herald",
        published=date(2030, 8, 27),
    ),
    article(
        "/news/election.txt",
        [
            "Turnout at the council election was 58.3%, the lowest since 1998.",
            "The Greens won 14 of 60 seats.",
            "Mayor Petra Lindqvist was confirmed in office with 51% of the votes.",
            "Ballots had to be counted again in three districts.",
            "The new council meets for the first time in November.",
        ],
        title="Low turnout, same mayor",
        publisher="Coast Courier",
        published=date(2031, 10, 13),
    ),
    article(
        "/news/undated.txt",
        [
            "Fishermen landed 730 tonnes of herring.",
            "The ministry had allowed them 800 tonnes.",
            "Cod may not be caught at all in the bay.",
            "Seals tore 60 nets.",
            "Write to the editors at the harbour office.",
        ],
        title="Herring nets nearly full",
        boilerplate=[4],
    ),
    article(
        "/news/chess.txt",
        [
            "Fifteen-year-old Tomas Reyes became the youngest champion of the national chess cup.",
            "He won seven of nine games and lost none.",
            "The prize is $20,000.",
            "His teacher found him playing in a park.",
            "The favourite, Olga Venn, came third.",
        ],
        title="A champion at fifteen",
        publisher="Sports Wire",
        published=date(2031, 6, 2),
    ),
)
