"""Names of countries as the last line of an address bears them: those where UK post goes, and those abroad."""

from __future__ import annotations

import re
import unicodedata

# Where a UK postcode is enough. The Channel Islands and the Isle of Man are no part of the kingdom, but of its post.
_HOME = """
UK; GB; GBR; UKGBNI; United Kingdom; United Kingdom of Great Britain and Northern Ireland; Great Britain; Britain;
England; Scotland; Wales; Northern Ireland; N Ireland; North Ireland; NI; Cymru; Lloegr; Yr Alban; Alban; Alba;
Gogledd Iwerddon; Prydain; Prydain Fawr; Y Deyrnas Unedig; Deyrnas Unedig; Teyrnas Unedig; Y DU; DU; England and Wales;
England UK; Scotland UK; Wales UK; Northern Ireland UK; Cymru UK; Cymru Wales;
Channel Islands; Jersey; Guernsey; Alderney; Sark; Herm; Isle of Man; IoM; Ellan Vannin
"""

# ISO 3166-1 and what else people write in English, without what ``_key`` and ``_TITLE`` leave out.
_ABROAD = """
Afghanistan; Aland Islands; Albania; Algeria; American Samoa; Andorra; Angola; Anguilla; Antarctica;
Antigua and Barbuda; Antigua; Argentina; Armenia; Aruba; Ascension Island; Ascension; Australia; Austria; Azerbaijan;
Bahamas; Bahrain; Bangladesh; Barbados; Belarus; Belgium; Belize; Benin; Bermuda; Bhutan; Bolivia;
Plurinational State of Bolivia; Bonaire; Bonaire, Sint Eustatius and Saba; Bosnia and Herzegovina; Bosnia; Botswana;
Bouvet Island; Brazil; British Indian Ocean Territory; British Virgin Islands; Virgin Islands, British;
Brunei; Brunei Darussalam; Bulgaria; Burkina Faso; Burma; Burundi; Cambodia; Cameroon; Canada; Cape Verde; Cabo Verde;
Caribbean Netherlands; Cayman Islands; Central African Republic; Chad; Chile; China; PRC; Christmas Island;
Cocos (Keeling) Islands; Cocos Islands; Keeling Islands; Colombia; Comoros; Congo; Congo-Brazzaville; Congo-Kinshasa;
Democratic Republic of the Congo; Democratic Republic of Congo; DR Congo; DRC; Congo, Democratic Republic of the;
Cook Islands; Costa Rica; Cote d'Ivoire; Ivory Coast; Croatia; Cuba; Curacao; Cyprus; Northern Cyprus; Czechia;
Czech Republic; Denmark; Djibouti; Dominica; Dominican Republic; East Timor; Timor-Leste; Ecuador; Egypt;
Arab Republic of Egypt; El Salvador; Equatorial Guinea; Eritrea; Estonia; Eswatini; Swaziland; Ethiopia;
Falkland Islands; Falklands; Falkland Islands (Malvinas); Faroe Islands; Faroes; Fiji; Finland; France; French Guiana;
French Polynesia; Tahiti; French Southern Territories; Gabon; Gambia; Georgia; Germany; Ghana; Gibraltar; Greece;
Hellenic Republic; Greenland; Grenada; Guadeloupe; Guam; Guatemala; Guinea; Guinea-Bissau; Guyana; Haiti;
Heard Island and McDonald Islands; Holy See; Honduras; Hong Kong; Hong Kong SAR; Hungary; Iceland; India; Indonesia;
Iran; Iran, Islamic Republic of; Iraq; Ireland; Eire; Irish Republic; ROI; Southern Ireland; Israel; Italy; Jamaica;
Japan; Jordan; Hashemite Kingdom of Jordan; Kazakhstan; Kenya; Kiribati; Korea; South Korea; North Korea;
Korea, Republic of; Democratic People's Republic of Korea; Korea, Democratic People's Republic of; Kosovo; Kuwait;
Kyrgyzstan; Kyrgyz Republic; Laos; Lao People's Democratic Republic; Lao PDR; Latvia; Lebanon; Lebanese Republic;
Lesotho; Liberia; Libya; Liechtenstein; Lithuania; Luxembourg; Macao; Macao SAR; Macau; Macedonia; North Macedonia;
Madagascar; Malawi; Malaysia; Maldives; Mali; Malta; Marshall Islands; Martinique; Mauritania; Mauritius; Mayotte;
Mexico; United Mexican States; Micronesia; Federated States of Micronesia; Micronesia, Federated States of; Moldova;
Moldova, Republic of; Monaco; Mongolia; Montenegro; Montserrat; Morocco; Mozambique; Myanmar; Myanmar (Burma); Namibia;
Nauru; Nepal; Netherlands; Netherlands Antilles; Holland; New Caledonia; New Zealand; Aotearoa; NZ; Nicaragua; Niger;
Nigeria; Niue; Norfolk Island; Northern Mariana Islands; Norway; Oman; Pakistan; Palau; Palestine;
Palestine, State of; Palestinian Territories; Occupied Palestinian Territories; Panama; Papua New Guinea; PNG;
Paraguay; Peru; Philippines; Pitcairn; Pitcairn Islands; Pitcairn Island; Poland; Portugal; Portuguese Republic;
Puerto Rico; Qatar; Reunion; Romania; Russia; Russian Federation; Rwanda; Saint Barthelemy; St Barts; Saint Helena;
Saint Helena, Ascension and Tristan da Cunha; Saint Kitts and Nevis; Saint Kitts; Saint Lucia; Saint Martin;
Saint Martin (French part); Saint Pierre and Miquelon; Saint Vincent and the Grenadines; Saint Vincent; Samoa;
Western Samoa; San Marino; Sao Tome and Principe; Saudi Arabia; KSA; Senegal; Serbia; Seychelles; Sierra Leone;
Singapore; Sint Maarten; Sint Maarten (Dutch part); Slovakia; Slovak Republic; Slovenia; Solomon Islands; Somalia;
Somaliland; South Africa; RSA; South Georgia; South Georgia and the South Sandwich Islands; South Sudan; Spain;
Sri Lanka; Sudan; Suriname; Svalbard; Svalbard and Jan Mayen; Sweden; Switzerland; Swiss Confederation; Syria;
Syrian Arab Republic; Taiwan; Taiwan, Province of China; Tajikistan; Tanzania; United Republic of Tanzania;
Tanzania, United Republic of; Thailand; Togo; Tokelau; Tonga; Trinidad and Tobago; Trinidad; Tobago; Tristan da Cunha;
Tunisia; Turkey; Turkiye; Turkmenistan; Turks and Caicos Islands; Turks and Caicos; Tuvalu; UAE; Uganda; Ukraine;
United Arab Emirates; Dubai; Abu Dhabi; United States; United States of America; USA; US; America;
United States Minor Outlying Islands; US Virgin Islands; United States Virgin Islands; Virgin Islands, U.S.;
Virgin Islands; Uruguay; Oriental Republic of Uruguay; Uzbekistan; Vanuatu; Vatican; Vatican City;
Vatican City State; Venezuela; Bolivarian Republic of Venezuela; Venezuela, Bolivarian Republic of; Vietnam; Viet Nam;
Wallis and Futuna; Western Sahara; Yemen; Zambia; Zanzibar; Zimbabwe; Azores; Madeira; Balearic Islands; Canary Islands;
Corsica; Crete; Tenerife
"""
# The post here reads English.
_IN_THEIR_OWN_WORDS = """
Deutschland=Germany; Österreich=Austria; Schweiz=Switzerland; Suisse=Switzerland; Svizzera=Switzerland; España=Spain;
Italia=Italy; Polska=Poland; Nederland=Netherlands; België=Belgium; Belgique=Belgium; Danmark=Denmark; Sverige=Sweden;
Norge=Norway; Suomi=Finland; Ísland=Iceland; Magyarország=Hungary; Česko=Czechia; Česká republika=Czechia;
Slovensko=Slovakia; Slovenija=Slovenia; Hrvatska=Croatia; Srbija=Serbia; Shqipëria=Albania; Lietuva=Lithuania;
Latvija=Latvia; Eesti=Estonia; Brasil=Brazil; México=Mexico; Iwerddon=Ireland; Ffrainc=France; Maroc=Morocco
"""
_TITLE = re.compile(
    r"(?:the )?(?:(?:democratic |federal |federative |islamic |people'?s |co-?operative )*(?:democratic |socialist )*"
    r"(?:republic|kingdom|state|commonwealth|sultanate|principality|grand duchy|federation) of )?(?:the )?"
)
_LONGEST = 60


def is_home(line: str) -> bool:
    """True for a name under which the UK or a part of its post is known, in English or Welsh; ``U K`` is one."""
    return len(line) <= _LONGEST and bool(_keys_of(line) & _AT_HOME)


def abroad(line: str) -> str:
    """The country as the post wants it, in capital letters; empty where the line is none, or is one at home."""
    if len(line) > _LONGEST or is_home(line):
        return ""
    if name := _OWN_WORDS.get(_key(line)):
        return name.upper()
    return _printed(line) if _keys_of(line) & _FOREIGN else ""


def _printed(line: str) -> str:
    name = line.strip(" ,;").upper()
    return name.rstrip(".") if name.count(".") == 1 else name


def _keys_of(line: str) -> set[str]:
    return {_key(line), _key(_untitled(line))}


def _untitled(line: str) -> str:
    return _TITLE.sub("", line.casefold().strip().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"), count=1)


def _key(name: str) -> str:
    """Letters and digits alone, without accents: ``St. Kitts & Nevis`` is ``Saint Kitts and Nevis``."""
    plain = unicodedata.normalize("NFKD", name.casefold()).replace("&", " and ")
    words = re.sub(r"\bst\b", "saint", plain)
    return "".join(sign for sign in words if sign.isalnum())


def _keys(names: str) -> frozenset[str]:
    return frozenset(_key(name) for name in names.split(";"))


_AT_HOME = _keys(_HOME)
_FOREIGN = _keys(_ABROAD)
_PAIRS = (pair.split("=") for pair in _IN_THEIR_OWN_WORDS.split(";"))
_OWN_WORDS = {_key(own): english.strip() for own, english in _PAIRS}
