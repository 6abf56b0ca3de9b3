"""Postal addresses as they are typed, made into the lines of an envelope."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.letters import postal, postcodes
from notifications.letters.postal import Printer
from rules.errors import InvalidInput

FORMS = [
    "M1 1AE", "B33 8TH", "CR2 6XH", "DN55 1PT", "W1A 0AX", "EC1A 1BB", "SW1A 2AA", "BX1 1LT", "BT1 5GS",
    "JE2 3AB", "GY1 1AA", "IM1 1AA", "BF1 2AU", "BFPO 1", "BFPO 5712",
]  # fmt: skip
NONE = [
    "N17", "N17 6A", "N17 6AAA", "N17 OAA", "N17 6CA", "N17 6AO", "QQ1 1AA", "NB1 1AA", "N177 6AA", "17 6AA",
    "GIR 1AA", "W1I 0AX", "BFPO", "BFPO 12345", "BFPO C/O", "75008", "Atlantis", "St 1 1AA Road",
]  # fmt: skip

# None of them, one after another, ends as a postcode does: with a digit and two letters.
WORDS = [
    "Flat",
    "Unit",
    "High",
    "Road",
    "1",
    "12",
    "12a",
    "1-3",
    "3/4",
    "M25",
    "A10",
    "Box",
    "&",
    "E1",
    "Ltd",
]


def faults(typed, **options):
    with pytest.raises(InvalidInput) as refused:
        postal.parse(typed, **options)
    assert {fault.place for fault in refused.value.faults} == {"address"}
    assert all(fault.remedy for fault in refused.value.faults)
    return [fault.problem for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("Rowan School\n1 High Road\nLondon\nN17 6AA", ["Rowan School", "1 High Road", "London", "N17 6AA"]),
        ("Rowan School, 1 High Road, London, N17 6AA", ["Rowan School", "1 High Road", "London", "N17 6AA"]),
        ("Rowan School,\r\n 1  High Road , London\rN17 6AA", ["Rowan School", "1 High Road, London", "N17 6AA"]),
        ("12 High Road, Tottenham\nLondon\nN17 6AA", ["12 High Road, Tottenham", "London", "N17 6AA"]),
        ("12, High Road\nFlat 1, London, N17 6AA, UK", ["12 High Road", "Flat 1, London", "N17 6AA"]),
        ("1 High Road, London N17 6AA U K", ["1 High Road", "London", "N17 6AA"]),
        ("\n1 High Road, London, N17 6AA\n", ["1 High Road", "London", "N17 6AA"]),
        ("1 High Road, London N17 6AA", ["1 High Road", "London", "N17 6AA"]),
        ("1 High Road, London n176aa.", ["1 High Road", "London", "N17 6AA"]),
        ("12, High Road, N17 6AA", ["12 High Road", "N17 6AA"]),
        ("Flat 2, 12b, High Road, N17 6AA", ["Flat 2", "12b High Road", "N17 6AA"]),
        ("1 High Road,\n\nN17 6AA,\n", ["1 High Road", "N17 6AA"]),
        ("1 High Road,, , N17 6AA,", ["1 High Road", "N17 6AA"]),
        ("1 High Road, London, N17 6AA, England, UK", ["1 High Road", "London", "N17 6AA"]),
        ("O'Brien's, Straße 1, Łódź House, N17 6AA", ["O'Brien's", "Straße 1", "Łódź House", "N17 6AA"]),
        ("c/o St. John's (Annexe), 1-3 Mill Row, N17 6AA", ["c/o St. John's (Annexe)", "1-3 Mill Row", "N17 6AA"]),
        ("1\u00a0High\u2028London\u0085N17\u00a06AA", ["1 High", "London", "N17 6AA"]),
        ("Pte A Smith, B Company, BFPO58", ["Pte A Smith", "B Company", "BFPO 58"]),
        ("Pte A Smith, BF1 2AU, bfpo 58", ["Pte A Smith", "BF1 2AU", "BFPO 58"]),
        ("Pte A Smith, BFPO 58, BF1 2AU", ["Pte A Smith", "BFPO 58", "BF1 2AU"]),
        ("1, 2, 3, N17 6AA", ["1 2", "3", "N17 6AA"]),
    ],
)
def test_typed_addresses_become_lines_with_the_postcode_last(typed, lines):
    address = postal.parse(typed)
    assert list(address.lines) == lines
    assert address.postcode == lines[-1]
    assert str(address) == "\n".join(lines)


@pytest.mark.parametrize("postcode", FORMS)
def test_every_form_of_a_postcode_is_taken(postcode):
    assert postal.parse(f"1 High Road, {postcode.replace(' ', '').lower()}").postcode == postcode


@pytest.mark.parametrize("postcode", NONE)
def test_what_is_no_postcode_is_named(postcode):
    (problem,) = faults(f"1 High Road, {postcode}")
    assert problem == f"The last line, “{postcode}”, is not a UK postcode"


@pytest.mark.parametrize(
    ("typed", "problems"),
    [
        ("", ["No address is given"]),
        (" ,\n, ", ["No address is given"]),
        ("N17 6AA", ["The address has one line and needs at least 2"]),
        ("a, b, c, d, e, f, g, N17 6AA", ["The address has 8 lines and can have at most 7"]),
        ("1 High Road, N17 6AA, London", ["“London” stands below the postcode N17 6AA"]),
        ("1 High Road, N17 6AA, N17 6AB", ["The address has two postcodes, N17 6AA and N17 6AB"]),
        ("1 High Road, XX10 1AA", ["No letter reaches anybody at XX10 1AA: the area XX is for parcels that go back"]),
        ("1 High Road, gir0aa", ["No letter reaches anybody at GIR 0AA: GIR 0AA was a bank that has closed"]),
        ("1 High Road, N17 6AA, France", ["The address has the UK postcode N17 6AA and a country abroad, FRANCE"]),
        ("Pte Smith, BFPO 58, Cyprus", ["“CYPRUS” stands below BFPO 58, and forces post goes by that alone"]),
        ("No fixed abode, N17 6AA", ["No letter reaches “no fixed abode”"]),
        ("NFA, London, N17 6AA", ["No letter reaches “no fixed abode”"]),
        ("1\a High Road, N17 6AA", ["The address has a control character (U+0007) in it"]),
        ("😀 House, N17 6AA", ["The address has “😀” (Grinning face, U+1F600) in it"]),
        ("1\u200b High, N17 6AA", ["The address has (Zero width space, U+200B) in it"]),
        ("Ж, N17 6AA", ["The address has “Ж” (Cyrillic capital letter zhe, U+0416) in it"]),
        ("x" * 61 + ", N17 6AA", ["The line “xxxxxxxxxxxxxxxxxxxx…” has 61 characters, 60 fit an envelope"]),
        ("\ud800, N17 6AA", ["The address has (No character, U+D800) in it"]),
    ],
)
def test_what_is_wrong_is_said(typed, problems):
    assert faults(typed) == problems


@pytest.mark.parametrize("sign", list('@()=[]":\\/,<>~'))
@pytest.mark.parametrize(
    "typed",
    [
        "{}Rowan School, N17 6AA",
        " \t{}Rowan School\nN17 6AA",
        "Head\n {}Rowan School\nN17 6AA",
        "a\n{}Rowan School\nB1 1BB",
    ],
)
def test_signs_that_a_line_must_not_begin_with_are_named(sign, typed):
    assert faults(typed.format(sign)) == [f"The line “{sign}Rowan School” begins with {sign}"]


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", "\u2060 "])
def test_a_sign_that_begins_a_line_is_found_behind_what_nobody_sees(unseen):
    assert any(problem.endswith("begins with (") for problem in faults(f"1 High Road\n{unseen}(Annexe)\nN17 6AA"))


@pytest.mark.parametrize("signs", ["---", "***", ". .", "…", "•", "()", ",,", "'", "_"])
def test_a_line_of_signs_alone_is_named(signs):
    assert faults(f"1 High Road\n{signs}\nN17 6AA") == [f"The line “{signs}” has no letter and no digit"]


@pytest.mark.parametrize(
    ("typed", "postcode"),
    [
        ("SE1 63EF", "SE16 3EF"),
        ("S W1 A 1 AA", "SW1A 1AA"),
        ("n 1 7 6 a a", "N17 6AA"),
        ("N17-6AA", "N17 6AA"),
        ("S.W.1A 1AA.", "SW1A 1AA"),
        ("N17 6AA;", "N17 6AA"),
        ("BFPO C/O 1", "BFPO 1"),
        ("BFPO c/o 12", "BFPO 12"),
        ("bfpo c/o58", "BFPO 58"),
        ("B.F.P.O. 1", "BFPO 1"),
        ("B F P O  12", "BFPO 12"),
        ("BFPO No. 5 7 1 2", "BFPO 5712"),
        ("BFPO-058", "BFPO 58"),
    ],
)
def test_a_postcode_is_read_however_it_was_typed(typed, postcode):
    for address in (f"1 High Road\n{typed}", f"1 High Road, {typed}, Cymru", f"1 High Road\nLondon, {typed}"):
        assert postal.parse(address).postcode == postcode


@pytest.mark.parametrize(
    ("last", "before", "postcode"),
    [
        ("Flat 1 N17 6AA", "Flat 1", "N17 6AA"),
        ("PO BOX 12 N1 7AA", "PO BOX 12", "N1 7AA"),
        ("Flat B N1 7AA", "Flat B", "N1 7AA"),
        ("Flat 1 N 17 6AA", "Flat 1", "N17 6AA"),
        ("London S W1 A 1 AA", "London", "SW1A 1AA"),
        ("London SE1 63EF", "London", "SE16 3EF"),
        ("London N 17 6AA", "London", "N17 6AA"),
        ("High St N17 6AA", "High St", "N17 6AA"),
        ("Tottenham - N17 6AA", "Tottenham", "N17 6AA"),
        ("12 High Rd. N17 6AA", "12 High Rd.", "N17 6AA"),
        ("HMS Rowan BFPO C/O 312", "HMS Rowan", "BFPO 312"),
    ],
)
def test_what_stands_before_a_postcode_stays_on_a_line_of_its_own(last, before, postcode):
    assert postal.parse(f"Ada Moss\n{last}").lines == ("Ada Moss", before, postcode)


@pytest.mark.parametrize(
    ("last", "readings"),
    [
        ("Brighton B N1 7AA", "BN1 7AA or N1 7AA"),
        ("12 B N1 7AA", "BN1 7AA or N1 7AA"),
        ("10 Main St 17 6AA", "ST17 6AA or as no postcode"),
        ("Unit B12 Rd", "B1 2RD or as no postcode"),
        ("Flat B 1 1AA", "B1 1AA or as no postcode"),
    ],
)
def test_a_postcode_that_is_not_sure_is_asked_for(last, readings):
    assert faults(f"Ada Moss\n{last}") == [f"The end of “{last}” can be read as {readings}"]


@st.composite
def spaced_postcodes(draw):
    form = draw(st.sampled_from(["9", "99", "9A"]))
    outward = draw(st.sampled_from(postcodes.AREAS)) + form.replace("A", draw(st.sampled_from("ABHJW")))
    inward = draw(st.sampled_from("0123456789")) + draw(st.sampled_from(["AA", "ZY", "BD"]))
    blanks = [draw(st.sampled_from(["", "", " ", "  ", "\u00a0", ". ", "-"])) for _ in outward + inward]
    typed = "".join(sign + blank for sign, blank in zip(outward + inward, blanks, strict=True))
    return f"{outward} {inward}", draw(st.sampled_from([typed, typed.lower()]))


@given(spaced_postcodes())
def test_blanks_put_anywhere_give_the_same_postcode(made):
    postcode, typed = made
    assert postal.parse(f"1 High Road\n{typed}").lines == ("1 High Road", postcode)


@given(
    spaced_postcodes(), st.sampled_from(["Tottenham", "Flat 1", "10 Main St", "Block B", "PO Box 12", "St", "London"])
)
def test_no_word_before_a_postcode_is_eaten(made, words):
    ending = postcodes.at_end(f"{words} {made[1]}")
    assert ending is not None
    if ending.sure:
        assert (ending.before, ending.code) == (words, made[0])


@given(st.lists(st.sampled_from(WORDS)))
def test_no_line_without_a_postcode_is_read_as_one(words):
    assert postcodes.at_end(" ".join(words)) is None


@pytest.mark.parametrize(
    "line", ["12 High Road", "1 Main St", "Unit E12", "Junction 5 M25", "The A10", "PO Box 12", "B1 Business Park", ""]
)
def test_an_ordinary_line_is_no_postcode(line):
    assert postcodes.at_end(line) is None


@pytest.mark.parametrize(
    "home",
    ["Cymru", "WALES", "Yr Alban", "Lloegr", "Y Deyrnas Unedig", "U K", "G.B.", "The United Kingdom", "N. Ireland",
     "Jersey", "Isle of Man", "Channel Islands", "England, UK", "Wales UK", "Great Britain."],
)  # fmt: skip
def test_a_country_at_home_is_left_out(home):
    for typed in (f"1 High Road\nN17 6AA\n{home}", f"1 High Road, N17 6AA, {home}", f"1 High Road\nN17 6AA {home}"):
        assert postal.parse(typed).lines == ("1 High Road", "N17 6AA")


@pytest.mark.parametrize(
    ("country", "printed"),
    [
        ("France", "FRANCE"),
        ("ireland.", "IRELAND"),
        ("Republic of Ireland", "REPUBLIC OF IRELAND"),
        ("the Netherlands", "THE NETHERLANDS"),
        ("U.S.A.", "U.S.A."),
        ("Côte d’Ivoire", "CÔTE D’IVOIRE"),
        ("St. Kitts & Nevis", "ST. KITTS & NEVIS"),
        ("Federal Republic of Germany", "FEDERAL REPUBLIC OF GERMANY"),
        ("Deutschland", "GERMANY"),
        ("Gibraltar", "GIBRALTAR"),
    ],
)
def test_an_address_abroad_is_printed_here_and_not_by_notify(country, printed):
    for typed in (f"12 rue de X\n75008 Paris\n{country}", f"12 rue de X, 75008 Paris, {country}"):
        address = postal.parse(typed)
        assert address.lines == ("12 rue de X", "75008 Paris", printed)
        assert (address.country, address.postcode) == (printed, "")
        assert postal.parse(str(address)) == address
        (problem,) = faults(typed, by=Printer.NOTIFY)
        assert problem.startswith(f"The address is abroad, in {printed}, and GOV.UK Notify is asked for")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("3, High Road\nLondon\nn176aa", "3 High Road, London, N17 6AA"),
        ("3 High Road, Tottenham\nLondon\nn176aa", "3 High Road, Tottenham\nLondon\nN17 6AA"),
        ("12\nHigh Road\nN17 6AA", "12\nHigh Road\nN17 6AA"),
    ],
)
def test_what_is_kept_has_commas_between_lines_where_that_says_the_same(typed, kept):
    address = postal.parse(typed)
    assert address.kept == kept
    assert postal.parse(kept) == address


def test_a_country_behind_a_comma_gets_its_own_line():
    assert postal.parse("12 rue de X\n75008 Paris, France").lines == ("12 rue de X", "75008 Paris", "FRANCE")


def test_everything_that_is_wrong_is_said_at_once():
    problems = faults("[a, b😀, c, d, e, f, g, N17")
    assert len(problems) == 4
    assert "is not a UK postcode" in problems[3]


def test_many_odd_characters_are_counted():
    assert faults("Москва, N17 6AA")[0].endswith("and 3 more odd characters in it")


def test_seven_lines_are_taken_and_a_caller_can_ask_for_fewer():
    typed = "a, b, c, d, e, f, N17 6AA"
    assert len(postal.parse(typed).lines) == 7
    assert faults(typed, most=6) == ["The address has 7 lines and can have at most 6"]


@given(st.text(), st.sampled_from(["N17 6AA", "N17 6AA, UK", "France"]))
def test_whatever_is_typed_is_taken_or_refused_with_reasons(typed, last):
    try:
        address = postal.parse(f"{typed}, {last}")
    except InvalidInput:
        return
    assert 2 <= len(address.lines) <= 7
    assert all(line == " ".join(line.split()) != "" for line in address.lines)
    assert postal.parse(str(address)) == postal.parse(address.kept) == address
