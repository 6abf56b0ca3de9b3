"""The words that a plain absence note is made of, in lower case; names, numbers and addresses stand beside them."""

from __future__ import annotations

SPEAKERS = """
a an the this that these those it its it's i i'm i'll i've i'd my we we're we'll we've our us you your there who whom
which anyone any all some each every other another someone somebody else everyone
"""
DOING = """
am is are be been have has do does don't will won't would can could may might must should shall wish please thank
thanks note see contact contacting ring call calling phone telephone email e-mail mail write writing speak send
sending reply replying respond responding answer deal get getting return returning returns back come resume work works
working check checking access attend attending take taking leave assist support look looking read hope advise refer
dial use
"""
BEING_AWAY = """
away absent absence out off holiday holidays vacation annual sick study compassionate special parental conference
training course meeting meetings appointment appointments business site visit visits jury travelling abroad lunch
break closed closure open reopen reopens reopening available unavailable contactable reachable limited intermittent
part-time part full-time full non-working pattern term term-time half half-term inset bank christmas easter xmas new
year summer spring autumn winter strike currently current not no only cannot can't unable able automatic automated
auto response auto-reply autoreply unfortunately sorry apologies inconvenience
"""
WHEN = """
until till from to on in at by before after between during over through and or of for with about regarding as if when
whilst while where unless then now today tomorrow tonight soon possible earliest opportunity convenience week weeks
weekend weekends month day days hour hours morning mornings afternoon afternoons evening night time times period date
dates further notice monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays
fridays saturdays sundays mon tue tues wed thu thur thurs fri sat sun next one two three four five six seven eight
nine ten first january february march april may june july august september october november december jan feb mar apr
jun jul aug sep sept oct nov dec st nd rd th pm noon midday inclusive
"""
WHERE_TO = """
office desk school surgery practice clinic hospital team department service services reception main switchboard number
numbers mobile line landline tel ext extension direct website urgent urgently emergency emergencies immediate
immediately assistance colleague colleagues manager deputy head teacher headteacher secretary assistant pa admin
administrator receptionist duty worker social professional gp doctor dr nurse designated lead safeguarding protection
health visitor visiting council local authority message messages emails e-mails enquiry enquiries query queries matter
matters concern concerns here above below following instead alternatively otherwise directly
"""
MANNERS = """
dear hello hi good kind best many warm regards wishes sincerely faithfully yours truly mr mrs ms miss sir madam
"""
# Whoever is away speaks of these only for a case that may come: "if a child is in danger call the police".
ONLY_FOR_A_CASE = """
child children children's child's danger harm risk me police help need needs require requires
"""
SHOUTED = """
nhs mash edt lado camhs senco sen hr it uk dsl
"""
OF_A_NOTE = frozenset(f"{SPEAKERS}{DOING}{BEING_AWAY}{WHEN}{WHERE_TO}{MANNERS}".split())
ONLY_IF, ABBREVIATIONS = frozenset(ONLY_FOR_A_CASE.split()), frozenset(SHOUTED.split())
