"""The diagnostics of declarations, one constructor each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from neurosym.feel.types import Type, type_text
from neurosym.text.diagnostic import Diagnostic, Label, Severity
from neurosym.text.span import Span
from neurosym.text.suggestion import did_you_mean


def error(code: str, message: str, at: Span, label: str = "", advice: str | None = None) -> Diagnostic:
    """An error at one place."""
    return Diagnostic(code, Severity.ERROR, message, Label(at, label), help=advice)


def warning(code: str, message: str, at: Span, label: str = "", advice: str | None = None) -> Diagnostic:
    """A finding that does not stop the ruleset."""
    return Diagnostic(code, Severity.WARNING, message, Label(at, label), help=advice)


def note(code: str, message: str, at: Span, label: str = "", advice: str | None = None) -> Diagnostic:
    """Something to know, of which nothing is wrong."""
    return Diagnostic(code, Severity.NOTE, message, Label(at, label), help=advice)


# --- names


def unknown_target(name: str, at: Span, known: Iterable[str]) -> Diagnostic:
    """A rule, exception or conclusion that an exception names and nobody declares."""
    return error("NS205", f"unknown rule or conclusion `{name}`", at, "", did_you_mean(name, known))


def unknown_conclusion(name: str, at: Span, known: Iterable[str]) -> Diagnostic:
    """Something concluded or expected that is not declared."""
    return error("NS206", f"nothing declared is called `{name}`", at, "", did_you_mean(name, known))


def declared_twice(name: str, at: Span, first: Span) -> Diagnostic:
    """A name with two declarations."""
    found = error("NS207", f"`{name}` is declared twice", at, "again here")
    return Diagnostic(found.code, found.severity, found.message, found.primary, (Label(first, "first here"),))


def name_taken(name: str, at: Span, by: str) -> Diagnostic:
    """A declared name that already means something."""
    return error("NS208", f"`{name}` is {by}", at, "", "choose another name")


def missing_clause(clause: str, owner: str, at: Span, advice: str | None = None) -> Diagnostic:
    """A clause that the declaration cannot do without."""
    return error("NS209", f"`{owner}` has no `{clause}`", at, "", advice)


def unknown_prefix(prefix: str, at: Span, known: Iterable[str]) -> Diagnostic:
    """A graph prefix that the ruleset block does not declare."""
    advice = did_you_mean(prefix, known) or f'declare it in the ruleset block: `prefix {prefix} "IRI"`'
    return error("NS210", f"unknown prefix `{prefix}`", at, "", advice)


def no_ruleset(at: Span) -> Diagnostic:
    """No file says which ruleset this is."""
    return error("NS215", "no file has a `ruleset` block", at, "", 'begin a file with `ruleset NAME "label"`')


def other_ruleset(name: str, first: str, at: Span) -> Diagnostic:
    """Two rulesets in one folder."""
    return error("NS216", f"this folder holds the ruleset `{first}`, not `{name}`", at, "", "one folder, one ruleset")


# --- types


def wrong_field_type(field: str, wanted: Type, given: Type, at: Span) -> Diagnostic:
    """A value whose type is not the field's."""
    message = f"`{field}` is a `{type_text(wanted)}`, this is a `{type_text(given)}`"
    return error("NS309", message, at)


def bad_constraint(field: str, at: Span, why: str) -> Diagnostic:
    """A constraint that the checker cannot rely upon."""
    return error("NS310", f"the constraint of `{field}` {why}", at)


def not_constant(at: Span) -> Diagnostic:
    """A value is wanted that can be read off the text."""
    return error("NS320", "a constant is wanted here", at, "", "write a number, text, date or `true`/`false`")


def outside_constraint(name: str, at: Span) -> Diagnostic:
    """A value that its own declaration forbids."""
    return error("NS311", f"the value lies outside what `{name}` declares", at)


# --- safety, cycles, strata


def concludes_input(name: str, at: Span) -> Diagnostic:
    """A rule concludes a fact that only the caller may give."""
    return error("NS401", f"`{name}` is given, not concluded", at, "", f"declare `derived {name}` if rules conclude it")


def no_key(name: str, at: Span) -> Diagnostic:
    """A fact type without a key."""
    return error("NS407", f"`{name}` has no key", at, "", "mark the fields that identify it with `key`")


def never_holds(at: Span) -> Diagnostic:
    """A condition that is false whatever the facts."""
    return error("NS408", "this condition can never hold", at)


def circular_definition(names: Sequence[str], at: Span) -> Diagnostic:
    """Definitions that call each other in a circle."""
    return error("NS405", f"definitions in a circle: {' -> '.join(names)}", at, "", "a definition may not call itself")


def overlapping_periods(name: str, at: Span, other: Span) -> Diagnostic:
    """Two versions of one rule on one day."""
    found = error("NS410", f"two versions of `{name}` are in force on the same day", at, "this one")
    return Diagnostic(found.code, found.severity, found.message, found.primary, (Label(other, "and this one"),))


def lowest_undecided(name: str, outcome: str, at: Span) -> Diagnostic:
    """What to act on while undecided is the most permissive outcome."""
    message = f'while undecided, `{name}` would act on its lowest outcome "{outcome}"'
    return error("NS411", message, at, "", "name a higher outcome: not knowing must never permit")


def circular_exception(names: Sequence[str], at: Span) -> Diagnostic:
    """Exceptions that are exceptions to each other."""
    return error("NS412", f"exceptions in a circle: {' -> '.join(names)}", at)


def decision_date(name: str, at: Span) -> Diagnostic:
    """The `on` of a decision is no required date."""
    advice = "name a field that is a required date, such as `payment.booked_on`"
    return error("NS413", f"`on` of `{name}` is not a required date of its subject", at, "", advice)


def unsuitable_argument(name: str, at: Span) -> Diagnostic:
    """A decision or judgment about something that is no fact."""
    return error("NS414", f"`{name}` is about facts", at, "", "give it a fact type")


def reads_evidence(name: str, at: Span) -> Diagnostic:
    """Evidence that is no text."""
    return error("NS415", f"evidence is text, `{name}` is not", at)


def no_score(width: int, at: Span) -> Diagnostic:
    """A score whose ends are no whole numbers, or too far apart."""
    message = f"a score runs between whole numbers, at most {width} apart"
    return error("NS608", message, at, "", "write for instance `score 0..10`")


def unanswerable(name: str, at: Span) -> Diagnostic:
    """A member of an answer that nobody could write down."""
    advice = "an answer is made of texts, numbers, dates, choices, lists and records"
    return error("NS609", f"`{name}` cannot be part of an answer", at, "", advice)


def unverifiable_text(name: str, at: Span) -> Diagnostic:
    """A text in an answer of a judgment without evidence."""
    advice = "name the fields it is taken from with `evidence`, or make it a choice"
    return error("NS616", f"`{name}` is a text, and the judgment has no evidence it could stand in", at, "", advice)


def no_grammar(name: str, at: Span, known: Sequence[str]) -> Diagnostic:
    """NS643: a grammar that is neither beside the rules nor among those shipped."""
    advice = did_you_mean(name, known) or "put the file beside the rule files; it is named without its folder"
    return error("NS643", f"no grammar `{name}`", at, "", advice)


def reserved_member(name: str, grammar: str, at: Span) -> Diagnostic:
    """NS644: a rule of a grammar whose name no expression could mention."""
    advice = f"give the rule another name: `{name}_found`"
    return error("NS644", f"`{name}` of `{grammar}` is a word of expressions, and cannot be a member", at, "", advice)


def outside_score(value: object, low: int, high: int, at: Span) -> Diagnostic:
    """A score beyond its ends."""
    return error("NS302", f"`{value}` is no score from {low} to {high}", at)


def unknown_entry(name: str, at: Span, known: Sequence[str]) -> Diagnostic:
    """A member that an answer does not have."""
    advice = did_you_mean(name, known) or f"there are {', '.join(f'`{each}`' for each in known)}"
    return error("NS203", f"the answer has no member `{name}`", at, "", advice)


def missing_entry(name: str, at: Span) -> Diagnostic:
    """A member that an answer leaves out."""
    return error("NS618", f"`{name}` of the answer is missing", at, "", "write `null` where there is none")


# --- scenarios


def scenario_without_day(at: Span) -> Diagnostic:
    """Expectations about facts alone need a day."""
    advice = "add `on 2026-03-01`, or expect a decision, which brings its own day"
    return error("NS420", "expectations about facts need the scenario's `on`", at, "", advice)


# --- findings


def uncited(kind: str, name: str, at: Span) -> Diagnostic:
    """A provision without a source."""
    return warning("NS901", f"{kind} `{name}` cites nothing", at, "", 'add `cite "..."`, if only of a house policy')


def unused_variable(name: str, at: Span) -> Diagnostic:
    """A variable that nothing mentions."""
    label = "only its existence matters"
    return warning("NS902", f"`{name}` is bound and never used", at, label, "drop it, or use it in the condition")


def never_read(name: str, at: Span) -> Diagnostic:
    """A fact type that nothing reads."""
    return warning("NS903", f"nothing reads `{name}`", at, "", "a rule for it may be missing")


def gap(name: str, at: Span) -> Diagnostic:
    """Days between two versions on which none is in force."""
    return warning("NS905", f"there are days without a version of `{name}` in force", at, "", "fine for a repeal")


def permissive_answer(judgment: str, answer: str, decision: str, at: Span) -> Diagnostic:
    """An answer that can lead to the lowest outcome and has no check of its own."""
    message = f'answer "{answer}" of `{judgment}` can lead to the lowest outcome of `{decision}` and has no check'
    return warning("NS906", message, at, "", f'add `check "..." answer = "{answer}" implies ...`')


def lifts_duty(exception: str, duty: str, at: Span) -> Diagnostic:
    """An exception to a whole rule also takes its duty away."""
    advice = "name the conclusion it takes away, such as `to rule.decision`"
    return warning("NS907", f"`{exception}` also lifts the duty `{duty}`", at, "", advice)


def bad_key(name: str, at: Span) -> Diagnostic:
    """A key that may be missing."""
    return error("NS416", f"key `{name}` may be missing", at, "", "a key is neither optional nor null")


def not_growing(circle: Sequence[str], read: str, at: Span) -> Diagnostic:
    """A cycle through negation, or through a total that does not only grow."""
    message = f"a cycle through something that more facts can make false: {' -> '.join(circle)}"
    label = f"`{read}` is still being derived here"
    advice = (
        "inside a cycle only `some`, `count` and `sum` of non-negative values compared with `>=` or `>` may look at it;"
        " move the rest to a rule outside the cycle"
    )
    return error("NS402", message, at, label, advice)


def holds_itself_up(circle: Sequence[str], read: str, function: str, at: Span) -> Diagnostic:
    """A growing total inside recursion (language §5.4)."""
    message = f"what reaches its own `{function}` only by itself is not derived: {' -> '.join(circle)}"
    label = f"of `{read}` in a ring, none counts before one is derived on another ground"
    advice = "a rule outside the cycle says what else begins such a ring, where cross-holdings are to count"
    return note("NS908", message, at, label, advice)


def value_in_cycle(type_name: str, field: str, at: Span) -> Diagnostic:
    """A derived type in a cycle with a field that is no key."""
    message = f"`{type_name}` rests on itself, so `{field}` must be a key"
    return error("NS403", message, at, "", "mark it `key`, or derive the value in a rule outside the cycle")


def computed_key(field: str, at: Span) -> Diagnostic:
    """A rule in a cycle that computes a key, so that it need not end."""
    message = f"`{field}` is computed inside a cycle, which need not end"
    return error("NS404", message, at, "", "conclude only values that facts already hold")


def empty_period(at: Span) -> Diagnostic:
    """A period that ends before it begins."""
    return error("NS417", "this period ends before it begins", at, "", "no day lies in it; swap the days")


def circular_key(names: Sequence[str], at: Span) -> Diagnostic:
    """Fact types whose keys hold each other."""
    advice = "a fact is named by values that are there before it"
    return error("NS418", f"keys in a circle: {' -> '.join(names)}", at, "", advice)


# --- bounds


def calls_too_deep(owner: str, called: str, levels_max: int, at: Span) -> Diagnostic:
    """Definitions that call one another to a depth which no evaluation follows."""
    message = f"{owner} nests deeper than {levels_max} levels with the definitions it calls"
    advice = "let a rule conclude a fact half-way down, and go on from that fact"
    return error("NS419", message, at, f"`{called}` is as deep as is allowed, or nearly", advice)


def calls_too_large(owner: str, called: str, operations_max: int, at: Span) -> Diagnostic:
    """Definitions that call one another so often that one look at a condition takes for ever."""
    message = f"{owner} stands for more than {operations_max} operations once what it calls is written out"
    advice = "let a rule conclude a fact that holds what is needed more than once"
    return error("NS421", message, at, f"most of them are those of `{called}`", advice)


def loops_too_deep(owner: str, loops_max: int, at: Span) -> Diagnostic:
    """Loops over facts within one another."""
    message = f"{owner} has more than {loops_max} of `some`, `every` and totals within one another"
    return error("NS422", message, at, "", "let rules conclude facts for the inner ones")


def too_many_variables(count: int, count_max: int, at: Span) -> Diagnostic:
    """A `for` with more variables than are ever bound together."""
    message = f"{count} variables are bound at once, and {count_max} may be"
    return error("NS423", message, at, "", "join some of the facts in a rule of their own, and use what it concludes")


def exception_too_deep(name: str, levels_max: int, at: Span) -> Diagnostic:
    """An exception to an exception to an exception, and so on."""
    message = f"`{name}` is an exception to an exception, more than {levels_max} times over"
    return error("NS424", message, at, "", "say in a rule of its own what the inner exceptions are about")


def too_many_ways(name: str, ways_max: int, at: Span) -> Diagnostic:
    """An exception to so much that nobody can follow to what."""
    message = f"there are more than {ways_max} ways from a rule down to `{name}`"
    advice = "each thing it is an exception to multiplies them; name fewer, or conclude a fact that the rules look at"
    return error("NS425", message, at, "", advice)
