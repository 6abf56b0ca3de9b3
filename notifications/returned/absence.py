"""Whether the words of an automatic reply say no more than that somebody is away. All else waits for a person.

Judged by the words that such a note is made of: whoever has something to say of a child, or reads the address no more,
says it in words that nobody can list.
"""

from __future__ import annotations

import re

from notifications.returned.absence_words import ABBREVIATIONS, OF_A_NOTE, ONLY_IF

# Somebody is away, for a time.
_AWAY = re.compile(
    r"\b(?:away|absent|absence|abroad|off (?:sick|work|today|until|on)|on (?:\w+ ){0,2}leave|annual leave|on holidays?"
    r"|vacation|out of (?:the )?(?:office|school)|not in (?:the )?(?:office|school|work)|not (?:currently )?working"
    r"|non[- ]working|(?:do not|don't) work on|(?:back|return(?:ing)?) (?:\w+ ){0,4}(?:on|until|in|after)|be back"
    r"|(?:school|office|surgery|practice) is closed|closed (?:for|until|over)|limited access|part[- ]time"
    r"|working (?:days|hours|pattern)|i (?:only )?work (?:on |from )?\w+day|term[- ]time|half[- ]term)\b",
    re.IGNORECASE,
)
# In words of a note, but it says that the letter was not read, or asks for something.
_NO_NOTE = re.compile(
    r"\b(?:not|n't|never|no) (?:\w+ ){0,3}(?:read|seen|open|use|answer|available at)\b|\bat this\b"
    r"|\b(?:not|n't) (?:\w+ ){0,3}(?:contact|write|send|e-?mail|reply|call|phone|ring)\b"
    r"|\b(?:not|n't|no) (?:\w+ ){0,2}(?:back|return|returning)\b(?! (?:until|till|before|in|on|from)\b)"
    r"|\b(?:not|n't) (?:\w+ )?work(?:ing)? (?:for|at|with|here|in (?!the office))"
    r"|(?<!if )\b(?:is|are) (?:closed|off|out)(?! (?:for|until|over|from|on|of|today|at|between|during|and|or|to)\b)",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\b(?:if|in case|unless)\b|^\W*for\b|\bfor (?:any|urgent|immediate)\b", re.IGNORECASE)
_LONGEST = 1500  # characters: who writes more than a note says more than that somebody is away
_QUOTED = re.compile(
    r"^\s*>.*$|^-+ ?original message ?-+[\s\S]*|^on .{5,120} wrote:[\s\S]*", re.IGNORECASE | re.MULTILINE
)
# What lawyers have put below every e-mail of a house.
_BELOW = re.compile(
    r"^.*\bintended\b.{0,80}\b(?:recipient|addressee|individual|use of)[\s\S]*", re.IGNORECASE | re.MULTILINE
)
_NO_WORDS = re.compile(r"\S+@\S+|\bhttps?://\S+|\bwww\.\S+|\b\d[\d:/.-]*(?:st|nd|rd|th|am|pm)?\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?;:](?=\s|$)|\n|\s[-–—]\s|\b(?:but|however|although|though)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_JOINS = frozenset(("of", "the", "and", "for", "at", "in", "to"))
_SAYS_OF = frozenset(("is", "are", "has", "have", "will", "can", "may", "must", "does", "need", "needs", "back", "out"))


def is_plain(subject: str, words: str) -> bool:
    """True where subject and words say that somebody is away, and nothing else that a person should know."""
    own = _BELOW.sub("", _QUOTED.sub("", words.replace("’", "'"))).strip()
    if len(own) > _LONGEST or _NO_NOTE.search(own):
        return False
    return not own or (bool(_AWAY.search(f"{subject}\n{own}")) and all(map(_is_of_a_note, _SENTENCE.split(own))))


def _is_of_a_note(sentence: str) -> bool:
    """True for words of a note and names, where nothing is said of anybody named, or for a line of a signature."""
    words = _WORD.findall(re.sub(r"\bin case\b", "if", _NO_WORDS.sub(" ", sentence), flags=re.IGNORECASE))
    known = [word.casefold() in OF_A_NOTE for word in words]
    if all(_is_name(word) or word in _JOINS for word in words):
        return True
    if not known[0] and words[0].casefold() not in ONLY_IF:
        return False
    for at, word in enumerate(words):
        if word.casefold() in ONLY_IF:
            if not _CONDITION.search(sentence):
                return False
        elif not known[at] and (not _is_name(word) or (words[at + 1 : at + 2] and words[at + 1] in _SAYS_OF)):
            return False
    return True


def _is_name(word: str) -> bool:
    """True for a word with a capital; what shouts is read as any other word."""
    if word.isupper() and len(word) > 1:
        return word.casefold() in ABBREVIATIONS | OF_A_NOTE
    return word[0].isupper()
