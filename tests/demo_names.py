"""Invented names for the demo world. Parties of the background and those of the stories share no word of a name."""

from __future__ import annotations

# Codes that ISO 3166-1 leaves to its users, so that no country of the demo world is a real one.
COUNTRIES = {
    "XB": "Brandovia",
    "XF": "Fennmark",
    "XN": "Norrland Isles",
    "XO": "Ostreland",
    "XQ": "Quessara",
    "XT": "Talimar",
    "XV": "Velmoria",
}

# Given names and family names are joined within one script.
PERSON_NAMES: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (
        (
            "Adela",
            "Bastian",
            "Corin",
            "Dunja",
            "Edda",
            "Fabrin",
            "Gwendal",
            "Hedda",
            "Ivo",
            "Jolanta",
            "Kilian",
            "Livia",
        ),
        ("Abelthorn", "Brimhast", "Cindergate", "Dovemarsh", "Elderquist", "Fennimoor", "Gladwick", "Hartenvale"),
    ),
    (
        ("Béatrix", "Étienne", "Gösta", "Håkon", "Jiřina", "Łucja", "Søren", "Žofia"),
        (
            "Čáslavínek",
            "Ekströmholt",
            "Fäbodgård",
            "Grønnskog",
            "Míchalůvka",
            "Požárnický",
            "Szczerbowicz",
            "Übelacker",
        ),
    ),
    (
        ("Агафья", "Богдан", "Глафира", "Евсей", "Прохор", "Фёкла"),
        ("Берёзоветов", "Грачевников", "Журавликов", "Лукошкина", "Пустозвонов", "Ясноглядов"),
    ),
    (
        ("Αγλαΐα", "Ευρυδίκη", "Ζήσιμος", "Φαίδων"),
        ("Βουνοπλάτης", "Θαλασσίδης", "Λιθαράκης", "Ροδοστάμου"),
    ),
    (
        ("بدرية", "زهير", "غادة", "فؤاد"),
        ("البستنجي", "الزيتونفر", "القنديلجي", "النخلبان"),
    ),
    (
        ("თეკლე", "გოჩა", "ნატო"),
        ("ბროწეულიძე", "ვაზისუბნელი", "მთაწმინდაძე"),
    ),
)

COMPANY_ROOTS = (
    "Amberline", "Birchmont", "Coppergrove", "Drystone", "Eastwharf", "Fernhollow", "Goldcrest", "Hazelwater",
    "Inkwell", "Juniper Row", "Kestrel Bay", "Lanternfish", "Millrace", "Nightjar", "Oakhaven", "Pebblegate",
    "Quartzway", "Rookwood", "Silverbeck", "Thistledown", "Umberfield", "Vinterhavn", "Westering", "Yarrowby",
)  # fmt: skip
COMPANY_TRADES = (
    "Shipping", "Trading", "Holdings", "Logistics", "Textiles", "Timber", "Foods", "Instruments", "Ceramics", "Energy",
)  # fmt: skip
COMPANY_FORMS = ("Ltd", "GmbH", "S.A.", "AB", "LLC", "B.V.")

# Entries that nobody in the world resembles.
OTHER_LISTED_PERSONS = (
    "ZUBROVANIC, Ladomir", "VESPERTINO, Calogrero", "NJORDSTADT, Ragnvald", "TCHELAKOVA, Zdenmira",
    "MBARAGWE, Osondu Tchiwe", "PHRATHEPSIRI, Anuwong", "QASRIYANI, Hudhayfa", "LOUGHNACREE, Fiachna",
    "IXTLAPAN REYNOSSO, Cuauhtli",
)  # fmt: skip
OTHER_LISTED_COMPANIES = (
    "BLACKTHISTLE MARITIME FZE", "ZENOBRIA PETROCHEM JSC", "HOLLOWGRAIN COMMODITIES PTE LTD",
)  # fmt: skip
