"""well_formed.py FILE: ends with 1 and a word when an HTML page does not close what it opens."""

import html.parser
import sys

VOID = {"meta", "br", "hr", "img", "input", "link"}


class Checker(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = []
        self.ids = set()
        self.wanted = set()

    def handle_starttag(self, tag, attributes):
        name = dict(attributes).get("id")
        if name in self.ids:
            sys.exit(f"id {name} is used twice, line {self.getpos()[0]}")
        if name:
            self.ids.add(name)
        self.wanted |= set((dict(attributes).get("aria-labelledby") or "").split())
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            sys.exit(f"</{tag}> closes what is not open, line {self.getpos()[0]}")


checker = Checker()
with open(sys.argv[1], encoding="utf-8") as page:
    checker.feed(page.read())
if checker.open:
    sys.exit(f"not closed: {checker.open}")
if missing := checker.wanted - checker.ids:
    sys.exit(f"labels that are not there: {missing}")
