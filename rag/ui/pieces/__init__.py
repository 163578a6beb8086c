"""Every piece of HTML of the page, made from values only.

| module | what it writes |
| --- | --- |
| text | text that stays text, and where something stands |
| answers | questions, drafts, answers, errors |
| sources | the cards beside an answer |
| reading | articles, with sentences marked by their offsets |
| checked | a draft and what the articles say of its figures |
| tables | what the page says of itself, and of files |

Each function gives one line: a blank line would end a block of HTML inside Markdown.
"""

from __future__ import annotations
