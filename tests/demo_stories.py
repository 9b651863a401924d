"""The stories of the demo world: who is listed, who owns what, and what each payment shows."""

from __future__ import annotations

from dataclasses import dataclass

from tests.demo_register import Register

BLOCK, REJECT, HOLD, RELEASE, UNDECIDED = "block", "reject", "hold", "release", "undecided"


@dataclass(frozen=True, slots=True)
class Culprits:
    """Parties that earlier reviews matched with the list."""

    threnody: str
    galloweye: str
    mormanta: str
    ferrograd: str
    nacreline: str
    ulvestorm: str
    khovrin: str
    tessaly: str


def tell_stories(register: Register) -> None:
    """Write all stories into the register."""
    culprits = _culprits(register)
    _chains(register, culprits)
    _sums(register, culprits)
    _circles(register, culprits)
    _licences(register, culprits)
    _minorities(register, culprits)
    _same(register, culprits)
    _different(register)
    _open(register)
    _open_elsewhere(register)
    _countries(register, culprits)
    _namesakes(register)


def _culprits(register: Register) -> Culprits:
    person, company, matched = register.person, register.company, register.matched
    return Culprits(
        matched(
            person("Ottokar Threnody", "XF", "1958-07-19"),
            "THRENODY, Ottokar",
            "DOB 19 Jul 1958; POB Fennhaven, Fennmark; Passport F0041187 (Fennmark); nationality Fennmark.",
        ),
        matched(
            person("Perdita Galloweye", "XB", "1963-12-05"),
            "GALLOWEYE, Perdita",
            "DOB 05 Dec 1963; nationality Brandovia; Gender Female; Passport B7730021 (Brandovia).",
        ),
        matched(
            person("Kestas Mormanta", "XO"),
            'MORMANTIS, Kestutis (a.k.a. "THE QUARRYMAN")',
            "DOB circa 1955; nationality Ostreland; Gender Male.",
        ),
        matched(
            company("Ferrograd Kombinat JSC", "XO"),
            "FERROGRAD KOMBINAT OJSC",
            "Registration Number 770-114-02 (Ostreland); Organization Established Date 1994.",
        ),
        matched(
            company("Nacreline Bank AG", "XT"),
            "NACRELINE BANK",
            "Registration Number T-20417 (Talimar); SWIFT/BIC NACRXTXX.",
        ),
        matched(
            person("Dagny Ulvestorm", "XN", "1971-03-30"),
            'SKADI (a.k.a. "THE NORTHERN BROKER")',
            "DOB 30 Mar 1971; nationality Norrland Isles; Gender Female.",
        ),
        matched(
            person("Пантелей Ховрин", "XO", "1949-10-11"),
            "KHOVRIN, Pantelei",
            "DOB 11 Oct 1949; POB Ostgrad, Ostreland; nationality Ostreland; Gender Male.",
        ),
        matched(
            company("Tessaly Voyage Lines S.A.", "XQ"),
            "TESSALY VOYAGE LINES",
            "Registration Number 5520018 (Quessara).",
        ),
    )


def _chains(register: Register, culprits: Culprits) -> None:
    register.pays(culprits.threnody, "a party is listed: an earlier review says so", BLOCK)
    left, right = register.company("Saltmarsh Ropeworks Ltd"), register.company("Cormorant Dredging Ltd")
    below = register.company("Two Piers Harbour Ltd")
    register.holds(culprits.threnody, left, 50_00)
    register.holds(culprits.threnody, right, 50_00)
    register.holds(left, below, 25_00)
    register.holds(right, below, 25_00)
    register.rest_is_free(below)
    register.pays(below, "two halves of which each holds a quarter: 50 percent through two companies", BLOCK)
    above = culprits.nacreline
    for name in ("First", "Second", "Third", "Fourth", "Fifth"):
        next_one = register.company(f"{name} Larkspur Nominees B.V.", "XT")
        register.holds(above, next_one, 50_00)
        register.rest_is_free(next_one)
        above = next_one
    register.pays(above, "five steps of one half each: a holding is not multiplied along the chain", BLOCK)
    parent = register.company("Tessaly Family Foundation", "XQ")
    register.holds(parent, culprits.tessaly, 100_00)
    register.pays(parent, "the parent of a listed company: ownership goes down, not up", RELEASE)


def _sums(register: Register, culprits: Culprits) -> None:
    thirds = register.company("Three Keys Vaulting GmbH", "XB")
    register.holds(culprits.threnody, thirds, 16_67)
    register.holds(culprits.galloweye, thirds, 16_67)
    register.holds(culprits.mormanta, thirds, 16_66)
    register.rest_is_free(thirds)
    register.pays(thirds, "16.67 + 16.67 + 16.66 of three blocked persons is exactly 50", BLOCK)
    classes = register.company("Quire & Folio Papermill S.A.", "XQ")
    register.holds(culprits.galloweye, classes, 25_00)
    register.holds(culprits.galloweye, classes, 25_00)
    register.rest_is_free(classes)
    register.pays(classes, "two classes of shares, 25 percent each, of one blocked owner", BLOCK)
    target = register.company("Gatherwell Grain LLC", "XO")
    for name, share in (("Northern", 34_00), ("Middle", 33_00), ("Southern", 33_00)):
        minority = register.company(f"{name} Sievert Mills AB", "XO")
        register.holds(culprits.mormanta, minority, 49_00)
        register.rest_is_free(minority)
        register.holds(minority, target, share)
    register.pays(target, "three minority chains to one company do not add up", RELEASE)


def _circles(register: Register, culprits: Culprits) -> None:
    for name, own, back, shows, outcome in (
        ("Carousel", 50_00, 50_00, "a ring of three: 50 percent of one blocks all", BLOCK),
        ("Roundelay", 40_00, 60_00, "a ring of three: 40 percent of one is too little to block it", RELEASE),
    ):  # fmt: skip
        ring = [register.company(f"{name} {part} Ltd", "XN") for part in ("Alpha", "Beta", "Gamma")]
        register.holds(culprits.mormanta, ring[0], own)
        register.holds(ring[0], ring[1], 60_00)
        register.holds(ring[1], ring[2], 60_00)
        register.holds(ring[2], ring[0], back)
        register.rest_is_free(ring[1])
        register.rest_is_free(ring[2])
        register.pays(ring[2], shows, outcome)
    first, second = register.company("Weft Mirror Works OJSC", "XO"), register.company("Warp Mirror Works OJSC", "XO")
    register.holds(culprits.ferrograd, second, 50_00)
    register.holds(culprits.ferrograd, first, 30_00)
    register.holds(second, first, 25_00)
    register.holds(first, second, 20_00)
    register.pays(first, "two companies that own each other, one of them half owned by a blocked company", BLOCK)
    first, second = register.company("Janus Ferries AB", "XN"), register.company("Bifrons Ferries AB", "XN")
    for one, other in ((first, second), (second, first)):
        register.holds(culprits.ferrograd, one, 20_00)
        register.holds(other, one, 40_00)
        register.rest_is_free(one)
    register.pays(first, "two companies that would only block each other", RELEASE)


def _licences(register: Register, culprits: Culprits) -> None:
    shows = "a licence covers the payment of a listed party"
    register.licensed(register.pays(culprits.galloweye, shows, RELEASE), "2026-09-01", "2026-12-31")
    payment = register.pays(culprits.ferrograd, "one licence is revoked, another covers the payment", RELEASE)
    register.licensed(payment, "2026-01-01", "2026-12-31", is_revoked=True)
    register.licensed(payment, "2026-10-01", "2026-11-30")
    payment = register.pays(culprits.ulvestorm, "the licence was revoked", BLOCK)
    register.licensed(payment, "2026-01-01", "2026-12-31", is_revoked=True)
    register.licensed(register.pays(culprits.ulvestorm, "the licence has ended", BLOCK), "2025-10-01", "2026-09-30")


def _minorities(register: Register, culprits: Culprits) -> None:
    nearly = register.company("Penny Short Brokers Ltd", "XF")
    register.holds(culprits.threnody, nearly, 49_99)
    register.rest_is_free(nearly)
    register.pays(nearly, "49.99 percent does not block, and the payment is small", RELEASE)
    register.pays(nearly, "49.99 percent calls for a second look when the payment is large", HOLD, 60_000_00)
    some = register.company("Tidewrack Insurance S.A.", "XQ")
    register.holds(culprits.tessaly, some, 30_00)
    register.rest_is_free(some)
    register.pays(some, "30 percent of a blocked company, and a large payment", HOLD, 125_500_50)
    register.pays(some, "30 percent of a blocked company, and a payment just below large", RELEASE, 49_999_99)


def _same(register: Register, culprits: Culprits) -> None:
    remarks = "DOB 02 Mar 1971; POB Velm, Velmoria; Passport X1234567 (Velmoria); nationality Velmoria; Gender Female."
    register.listed("OSKVIST, Maren Ilse", remarks, "1971-03-02")
    maren = register.person("Maren Ilse Oskvist", "XV", "1971-03-02")
    register.pays(maren, "near name, same birth date: the question is answered by computation", BLOCK)
    register.listed(
        "KORVASHENKO, Danylo", "DOB 14 Aug 1966; nationality Ostreland; Gender Male; National ID No. 6608-14-771."
    )
    danylo = register.person("Данило Корвашенко", "XO", "1966-08-14")
    textiles = register.company("Harrow and Vint Weavers GmbH", "XB")
    register.holds(danylo, textiles, 55_00)
    register.rest_is_free(textiles)
    register.pays(
        textiles, "the owner's near name is judged the same, in another script: it reaches the company", BLOCK
    )
    register.listed("BRANKOVAR, Theophil", "DOB 23 Sep 1979; POB Quess, Quessara; nationality Quessara; Gender Male.")
    teofil = register.person("Teofil Brankovar", "XQ", "1979-09-23")
    museum = register.company("Orrery Instruments S.A.", "XQ")
    register.holds(teofil, museum, 25_00)
    register.rest_is_free(museum)
    register.pays(museum, "an owner of a quarter is judged the same, and the payment is large", HOLD, 50_000_00)
    register.listed("ROSENTHRAL, Ulrika", "nationality Fennmark; Gender Female.")
    ulrika = register.person("Ulrike Rosenthral", "XF", "1980-02-17")
    register.pays_to(culprits.khovrin, ulrika, "not asked: the other party is blocked already", BLOCK)


def _different(register: Register) -> None:
    register.listed("ZURAWINSKI, Mirek", "DOB 09 Jan 1961; nationality Brandovia; Gender Male.", "1961-01-09")
    mirek = register.person("Mirek Żurawiński", "XB", "1990-06-27")
    register.pays(mirek, "near name, and birth dates 29 years apart", RELEASE)
    register.listed("PAPAVRANOU, Thekla", "DOB 17 Apr 1952; alt. DOB 17 Apr 1953; nationality Talimar; Gender Female.")
    thekla = register.person("Θέκλα Παπαβράνου", "XT", "1988-04-17")
    register.pays(thekla, "near name in another script, and two birth dates that both contradict", RELEASE)
    register.listed("KHELASHVANI, Giorgi", "DOB 30 Nov 1970; nationality Quessara; Gender Male.")
    giorgi = register.person("გიორგი ხელაშვანი", "XQ", "1995-11-30")
    register.pays(giorgi, "near name in another script, same day of another year", RELEASE)
    register.listed("PELLAMORE, Auberon", "DOB 1949; nationality Fennmark; Gender Male.")
    auberon = register.person("Oberon Pellamore", "XF", "1977-05-03")
    bindery = register.company("Pellamore Bindery Ltd", "XF")
    register.holds(auberon, bindery, 70_00)
    register.rest_is_free(bindery)
    register.pays(bindery, "the owner is judged different: only a year is stated, and it is decades away", RELEASE)


def _open(register: Register) -> None:
    register.listed("DRAGUSTEANU, Ilinka", "DOB 08 May 1975; nationality Ostreland; Gender Female.", "1975-05-08")
    register.pays(
        register.person("Ilinca Drăgușteanu", "XO"), "near name, birth date of the party not known", UNDECIDED
    )
    register.listed("VAN TERLO, Kasimir", "DOB circa 1970; POB Talim, Talimar; nationality Talimar; Gender Male.")
    casimir = register.person("Casimir van Terlo", "XT", "1970-10-09")
    register.pays(casimir, "near name, and a birth date that the list itself is not sure of", UNDECIDED)
    register.listed("HALVERSUND, Sigrun", "DOB 1968; nationality Norrland Isles; Gender Female.")
    sigrune = register.person("Sigrune Halversund", "XN", "1968-05-14")
    register.pays(sigrune, "near name, and a year of birth that agrees without proving anything", UNDECIDED)
    register.listed("QUILLORI, Anselm", "DOB 12 Jun 1982; nationality Brandovia; Gender Male.", "1982-06-12")
    ansel = register.person("Ansel Quillory", "XB", "1983-02-01")
    register.pays(ansel, "near name, and birth dates eight months apart: an error of record, or not", UNDECIDED)
    register.listed("OSTRAWELLE FREIGHT LLC", "Registration Number 40291 (Ostreland).")
    register.pays(register.company("Ostravelle Freight Ltd", "XO"), "a company with a near name", UNDECIDED)


def _open_elsewhere(register: Register) -> None:
    register.listed("DARMUNI, Salim", "DOB 21 Jul 1969; nationality Talimar; Gender Male.")
    salim = register.person("سالم درموني", "XT", "1969-07-21")
    cannery = register.company("Bluewater Cannery LLC", "XT")
    register.holds(salim, cannery, 60_00)
    register.rest_is_free(cannery)
    register.pays(
        cannery, "the question is about the owner: same birth date, but names too far apart to be sure", UNDECIDED
    )
    register.listed("TARREVAN, Lucian", "DOB 03 Mar 1951; nationality Velmoria; Gender Male.")
    register.listed("TARREVANE, Luca", "nationality Quessara; Gender Male.")
    lucan = register.person("Lucan Tarrevane", "XV", "1986-08-08")
    register.pays(lucan, "near two entries: different from one, and the other says too little", UNDECIDED)
    register.listed("MARCHWOLD, Iseult", "nationality Velmoria; Gender Female.")
    iseult = register.person("Isolt Marchwold", "XV", "1992-01-25")
    museum = register.company("Marchwold Glass Museum", "XV")
    register.holds(iseult, museum, 30_00)
    register.rest_is_free(museum)
    register.pays(museum, "not asked: an owner of 30 percent cannot matter for a small payment", RELEASE)
    register.pays(museum, "asked: the same owner matters for a large payment", UNDECIDED, 88_000_00)


def _countries(register: Register, culprits: Culprits) -> None:
    register.pays(
        register.company("Pomegranate Road Carpets", "IR"), "an embargoed country, and nobody blocked", REJECT
    )
    register.pays_to(
        culprits.nacreline, register.company("Cypress Gate Carpets", "IR"),
        "an embargoed country and a blocked bank: blocked, not sent back", BLOCK,
    )  # fmt: skip
    nowhere = register.company("Unmapped Ventures", None)
    register.pays(nowhere, "the country of a party is not known, and it may be an embargoed one", UNDECIDED)
    register.pays("PTY-9999", "a party that the graph does not know", UNDECIDED)


def _namesakes(register: Register) -> None:
    """Near names that no payment touches: questions that are possible and never relevant."""
    for name, country, born in (
        ("Maren Oskwist", "XN", "2001-05-05"),
        ("Марен Осквист", "XO", None),
        ("Ottokar Thrennody", "XB", "1984-01-15"),
        ("Pantelej Chovrin", "XB", None),
        ("Perdita Galloway-Eye", "XF", "1991-09-09"),
    ):
        register.person(name, country, born)
    register.listed("MERIDIAN KELP TRADING CO LTD", "Registration Number 88-1402 (Norrland Isles).")
    register.company("Meridian Kelp Trading GmbH", "XN")
    register.listed("CASTELLANI RUIZ, Juno", "DOB 06 Jun 1990; nationality Quessara; Gender Female.")
    register.person("Juno Castellane", "XQ", "1990-06-06")
    register.listed("HALLONDER-MAES, Tijmen", "DOB 28 Dec 1973; nationality Fennmark; Gender Male.", "1973-12-28")
    register.person("Tymen Hallonder Maes", "XF", "1973-12-28")
