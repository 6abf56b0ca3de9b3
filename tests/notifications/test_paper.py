"""Letters on paper: the kept words, tagged, with the address in the window and nothing fetched."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from notifications.letters import letters, paper, postal
from notifications.letters.paper import PaperLetter
from rules.errors import InvalidInput
from rules.messages import MessageKind
from rules.vocabulary import ReferrerKind
from support import pdf
from support.letters import AOIFE, NOW, facts

ADDRESS = postal.parse("Rowan School, 12 High Road, London N17 6AA")
LONGEST = postal.parse(
    "The Designated Safeguarding Lead, Rowan and Hawthorn Federation of Infant Schools, Administration Block, "
    "112-118 Great Northern Boulevard, Upper Tottenham, London, N17 6AA"
)


def letter(**changes):
    kept = letters.write(MessageKind.OUTCOME, ReferrerKind.PROFESSIONAL, facts(**changes.pop("facts", {})))
    given = {
        "council_name": "Northbridge Council",
        "sender": ("Civic Centre", "1 High Street", "Northbridge NB1 1AA", "020 7946 0000"),
        "recipient_name": "Isla O'Brien",
        "address": ADDRESS,
        "reference": "FD-0012",
        "written_at": NOW,
        "subject": kept.subject,
        "text": kept.text,
        "html": kept.html,
    }
    return PaperLetter(**given | changes)


@pytest.fixture(scope="module")
def printed():
    return paper.pdf(letter())


class Asked:
    """A port on loopback that remembers whether anybody called."""

    def __init__(self, listening):
        self._listening = listening
        self.port = listening.getsockname()[1]

    def accepted(self):
        try:
            self._listening.accept()[0].close()
        except BlockingIOError:
            return False
        return True


@pytest.fixture
def asked():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield Asked(listening)


def words_of_html(html):
    found = []
    reader = HTMLParser()
    reader.handle_data = found.append
    reader.feed(re.search("<body.*</body>", html, flags=re.DOTALL)[0])
    return " ".join(found).split()


@pytest.mark.needs("pdf")
def test_pdf_can_be_made_here():
    assert paper.available() == ""


@pytest.mark.needs("pdf")
def test_the_paper_holds_the_words_of_the_kept_letter_and_a_head_and_a_foot(printed):
    kept = Counter("".join(words_of_html(letter().html)))
    head = "Isla O'Brien Rowan School 12 High Road London N17 6AA Civic Centre 1 High Street Northbridge NB1 1AA"
    foot = "".join(f"FD-0012 Friday 6 March 2009 Page {number} of 2" for number in (1, 2))
    numbers_of_the_list = "1.2."
    more = Counter(f"{head} 020 7946 0000 Our reference: FD-0012 {numbers_of_the_list} {foot}".replace(" ", ""))
    assert Counter("".join(pdf.words(printed))) == kept + more


@pytest.mark.needs("pdf")
def test_the_words_stand_in_the_order_of_the_kept_letter(printed):
    body = "".join(words_of_html(letter().html))
    start = body.index("Dear")
    assert body[start : start + 500] in "".join(pdf.words(printed))


@pytest.mark.needs("pdf")
def test_a_letter_without_html_is_printed_as_its_text():
    only_text = letter(html="", text="Dear Isla O'Brien\n\n    <b>Not bold</b> & so on\n")
    page = pdf.texts(paper.pdf(only_text))[0]
    assert "<b>Not bold</b> & so on" in page
    assert "Northbridge Council" in page


@pytest.mark.needs("pdf")
def test_a_kept_head_is_not_doubled(printed):
    assert pdf.texts(printed)[0].count("Northbridge Council") == 1


@pytest.mark.needs("pdf")
def test_the_pdf_is_tagged_and_says_its_language_and_title(printed):
    catalogue = pdf.catalogue(printed)
    assert catalogue["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a PDF's own true
    assert catalogue["/Lang"] == "en-GB"
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    metadata = catalogue["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata or 'pdfuaid:part="1"' in metadata
    assert letter().subject in metadata


@pytest.mark.needs("pdf")
def test_headings_and_lists_are_tagged(printed):
    assert {"Document", "H1", "H2", "H3", "P", "L", "LI"} <= set(pdf.tags(printed))


@pytest.mark.needs("pdf")
@pytest.mark.parametrize("window", [paper.DL, paper.NOTIFY], ids=["DL", "NOTIFY"])
@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Isla O'Brien", ADDRESS),
        ("", postal.parse("HMP Nowhere, N17 6AA")),
        ("Professor Wilhelmina Featherstonehaugh-Cholmondeley", LONGEST),
        ("W" * 40, postal.parse("W" * 60 + ", aa, bb, cc, dd, ee, N17 6AA")),
    ],
    ids=["usual", "two lines", "seven lines and a name", "broad"],
)
def test_the_address_is_in_the_window(window, name, address):
    boxes = pdf.boxes(paper.pdf(letter(recipient_name=name, address=address), window=window))
    lines = [box for text, box in boxes.items() if text in {name, *address.lines}]
    assert len(lines) == len({name, *address.lines} - {""})
    assert min(box[0] for box in lines) >= window.left
    assert min(box[1] for box in lines) >= window.top
    assert max(box[2] for box in lines) <= window.left + window.width
    assert max(box[3] for box in lines) <= window.top + window.height


@pytest.mark.parametrize("slip", [0, 11])
@pytest.mark.parametrize("aside", [0, 10])
def test_the_window_shows_the_address_wherever_the_sheet_has_slid_to(slip, aside):
    # A window of 90 x 35 mm, 20 mm from the left, 18 mm from the bottom of 110 x 220 mm; a folded sheet is 99 x 210.
    left, top = 20 - aside, 110 - 18 - 35 - slip
    zone = paper.DL
    assert left <= zone.left < zone.left + zone.width <= left + 90
    assert top <= zone.top < zone.top + zone.height <= top + 35


@pytest.mark.needs("pdf")
def test_nothing_else_stands_in_the_window(printed):
    inside = [
        text
        for text, (left, top, right, bottom) in pdf.boxes(printed).items()
        if left < 110 and right > 10 and top < 92 and bottom > 46
    ]
    assert inside == ["Isla O'Brien", *ADDRESS.lines]


@pytest.mark.needs("pdf")
def test_a_name_that_the_address_repeats_is_printed_once():
    once = letter(recipient_name="Rowan School")
    assert pdf.texts(paper.pdf(once))[0].count("Rowan School") == 1


@pytest.mark.needs("pdf")
@pytest.mark.parametrize(
    "typed",
    [
        '<img src="file:///etc/passwd">',
        '<img src="http://127.0.0.1:{port}/x.png">',
        '<link rel="stylesheet" href="http://127.0.0.1:{port}/x.css">',
        '<style>@import url("http://127.0.0.1:{port}/x.css")</style>',
        '<p style="background: url(http://127.0.0.1:{port}/x.png)">x</p>',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<iframe src="file:///etc/passwd"></iframe>',
    ],
)
def test_nothing_is_fetched_even_where_the_html_asks_for_it(typed, asked):
    made = paper.pdf(letter(html=f"<body>{typed.replace('{port}', str(asked.port))}<p>Dear</p></body>"))
    assert not asked.accepted()
    assert b"root:" not in made
    assert "/Names" not in pdf.catalogue(made)
    assert "root:" not in pdf.texts(made)[0]


@pytest.mark.needs("pdf")
def test_typed_text_that_looks_like_html_is_printed_as_typed():
    typed = '<img src="file:///etc/passwd"> & "quoted"'
    made = paper.pdf(letter(facts={"children": (replace(AOIFE, reasons=typed),)}))
    assert typed in " ".join(pdf.words(made))


@pytest.mark.needs("pdf")
@pytest.mark.parametrize("typed", ["Zoë Müller-Łukasz", "Siân O'Brien", "Nguyễn Thị Ánh", "Çağlar Şen", "€ £ – ’"])
def test_names_of_many_languages_are_printed(typed):
    assert typed in " ".join(pdf.words(paper.pdf(letter(recipient_name=typed))))


@pytest.mark.needs("pdf")
@pytest.mark.parametrize(("html", "pages"), [("<p>Dear</p>", 1), ("<p>" + "word " * 2200 + "</p>", 3)])
def test_every_page_says_which_of_how_many_it_is(html, pages):
    found = pdf.texts(paper.pdf(letter(html=f"<body>{html}</body>")))
    assert len(found) == pages
    for number, text in enumerate(found, start=1):
        assert f"Page {number} of {pages}" in text
        assert "FD-0012" in text
        assert "Friday 6 March 2009" in text


@pytest.mark.needs("pdf")
def test_equal_letters_give_equal_bytes(printed):
    assert paper.pdf(letter()) == printed


@pytest.mark.needs("pdf")
def test_a_batch_numbers_each_letter_by_itself_and_never_prints_two_on_one_sheet():
    one = letter(html="<body><p>First</p></body>", recipient_name="First")
    three = letter(html="<body>" + "<p>word</p>" * 75 + "</body>", recipient_name="Second")
    made = paper.pdf_of_many([one, three, one])
    found = pdf.texts(made)
    assert [re.findall(r"Page \d of \d", text) for text in found] == [
        ["Page 1 of 1"], [],
        ["Page 1 of 3"], ["Page 2 of 3"], ["Page 3 of 3"], [],
        ["Page 1 of 1"], [],
    ]  # fmt: skip
    assert pdf.catalogue(made)["/Lang"] == "en-GB"
    assert pdf.tags(made).count("P") > 75


@pytest.mark.needs("pdf")
def test_a_batch_for_one_side_has_no_blank_pages():
    one = letter(html="<body><p>First</p></body>")
    assert len(pdf.texts(paper.pdf_of_many([one, one], sides=1))) == 2


def test_an_empty_batch_is_refused():
    with pytest.raises(InvalidInput, match="no letter to print"):
        paper.pdf_of_many([])


def test_weasyprint_is_imported_only_to_print():
    asked = "import sys; from notifications.letters import paper; sys.exit('weasyprint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("ImportError('no weasyprint')", "pip install"),
        ("OSError(\"cannot load library 'libpango-1.0-0': no such file\")", "apt-get install libpango-1.0-0"),
    ],
)
def test_what_is_missing_is_said_with_what_to_install(tmp_path, error, said):
    (tmp_path / "weasyprint.py").write_text(f"raise {error}")
    first = f"import sys; sys.path.insert(0, {str(tmp_path)!r})"
    asked = f"{first}; from notifications.letters import paper; print(paper.available())"
    answer = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said in answer.stdout
