from __future__ import annotations

import pytest

from rag.readers.boilerplate import find_boilerplate

PROSE = """\
The company said customers should contact their bank.
Share prices fell 3%
Share the road, police tell drivers
Follow-up surveys showed a drop.
Follow us, coach tells players
“Follow us there,” he told fans.
“Please visit our site,” the mayor said.
Sales on our website rose 5%, the company said.
The figures are available in our annual report.
Our research group at the university found a 5% drop.
Photo by photo, the team rebuilt the archive.
It took years. Photo by photo, the team rebuilt the archive.
Image of the year goes to Ann Ray
Credit: how much is too much?
Prices fall after speech by Sen. Ann Ray
The firm opened in St. Louis
He won in 2019. He lost in 2023
She moved to New York. New Jersey followed.
“It is done.” Ann Ray said.
Copyright 2024 was a year of change.
The law lets authors keep the copyright.
“All rights reserved,” the note said.
Close races decided the vote.
Closed on Mondays
Updated figures show growth.
More from less: how farms save water
Search teams found 5 people.
Anyone with information can call police at 555-555-0100.
The hotline, 555-555-0100, took 300 calls.
Call volumes rose 5% to 555-555-0100.
Text messages rose; the number 212-555-0100 was used.
The bank said it would call us back at 212-555-0100 if needed.
Contact with the ship was lost at 5 a.m.
Subscribe to the idea or not, it costs $5.
Read the report: it says 5%.
Join the group of nations
Sign up for health cover ends Friday
Reporting by the agency showed 5 cases.
The reporting by Ann Ray won a prize.
Editing genes by Friday is hard
The price is $5. Ann Ray, the mayor, agreed
Next Steps
What We Know
Mayor Ann Ray
Bees for the future
"""

AROUND = """\
A barge passes the old lock. James Smith for the Example Herald
A barge passes the old lock. James Smith/Example Press
The mayor calls it ‘finished.’ Example Images
The mayor opens the long bridge. AP
The mayor opens a bridge. Photo: Ann Ray
The mayor opens a bridge. (AP Photo/Ann Ray)
The mayor opens a bridge. (Photo by Ann Ray/Example Press)
AP Photo/Ann Ray
Example Images
Photo: City of Springfield
Photo by Ann Ray
Courtesy of Ann Ray
Share this
Share this article
Share on Facebook
Follow us
Follow us on X @example
JOIN OUR NEW FACEBOOK GROUP
Join our newsletter
Subscribe
Subscribe to our weekly newsletter
Sign up for our newsletter
Click here to read more.
Helpful Links
Contact Us
Read more: Bridge opens after ten years
Related: Bridge opens after ten years
Close
Updated:
EXCLUSIVE
Advertisement
The-Example-Wire
™ & © 2024 Example Network, Inc., an Example Company. All rights reserved.
© 2024 Example
Copyright 2024 The Example Press. All rights reserved.
All rights reserved.
(Reporting by Ann Ray; Editing by Bob Lee)
(Reporting by Ann Ray)
Reporting by Ann Ray in Oslo; Editing by Bob Lee
Contact Us. To schedule a consultation, please text 212-555-0168 or call 212-555-0104.
Call us at 212-555-0168
Email us: desk@example.org
Call 212-555-0168 to book.
Need more updates? We have a new group. Follow us there.
For other updates please visit our Resource Center here.
We will go on reporting on this here on our blog.
More on the new rules can be found in our Help Center here.
"""


@pytest.mark.parametrize("line", PROSE.splitlines())
def test_prose_is_never_marked(line: str) -> None:
    assert find_boilerplate(line) == ()


@pytest.mark.parametrize("line", AROUND.splitlines())
def test_what_stands_around_an_article_is_marked(line: str) -> None:
    text = f"The firm sold 4,500 units.\n\n{line}\n\nIt grew."
    assert [text[span.start : span.end] for span in find_boilerplate(text)] == [line]
