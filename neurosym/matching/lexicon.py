"""Words that say little about who is meant: titles, particles, common words of trade; and spellings of one word."""

from __future__ import annotations

_TITLES = (
    "mr mrs ms miss dr prof professor sir dame hon president prasident general gen colonel col major captain capt "
    "minister judge monsieur madame mme senor don dona herr frau sheikh shaikh shaykh sheik haji hajji hajj mullah "
    "maulana sayyid sayed seyed ayatollah imam mv mt ss"
)
_PARTICLES = (
    "al el ul bin ibn ben bint bn abu de del della di da do dos das du la le les van von der den ter zu af av "
    "the of and und et y e i in on for fur pour para jr sr"
)
_TRADE = (
    "bank group holding holdings international national trading trade general industry industries industrial company "
    "corporation enterprise enterprises services service systems technology technologies management investment "
    "investments capital fund trust foundation center centre institute organization organisation association "
    "government ministry department office agency bureau global import export commercial development engineering "
    "construction shipping maritime logistics energy oil gas petroleum financial finance insurance exchange partners "
    "consulting solutions products manufacturing factory plant refinery brigade "
    "africa america americas asia europe eurasia world"
)
# Lists write these in many ways or leave them out.
LIGHT_WORDS = frozenset(f"{_TITLES} {_PARTICLES}".split())
# These tell one organisation from another poorly.
COMMON_WORDS = frozenset(_TRADE.split())
SPELLINGS = {
    ("abd", "al"): "abdul",
    ("abd", "el"): "abdul",
    ("abd", "ul"): "abdul",
    ("abdal",): "abdul",
    ("abdel",): "abdul",
    ("bros",): "brothers",
    ("dept",): "department",
    ("govt",): "government",
    ("intl",): "international",
    ("mfg",): "manufacturing",
    ("mohd",): "mohammad",
    ("natl",): "national",
    ("wm",): "william",
}
_UNITS = "zero one two three four five six seven eight nine ten eleven twelve"
_ORDINALS = "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMBER_WORDS = {word: number for words in (_UNITS, _ORDINALS) for number, word in enumerate(words.split())}
TENS_WORDS = {word: 10 * number for number, word in enumerate(_TENS.split(), start=2)}
