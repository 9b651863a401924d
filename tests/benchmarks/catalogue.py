"""All benchmarks, with the goals of the design (engine.md, "Speed")."""

from __future__ import annotations

from operator import attrgetter

from tests.benchmarks.benchmark import (
    OURS,
    Benchmark,
    Contender,
    at_most,
    at_most_times,
    faster_than,
    grows_at_most,
)
from tests.benchmarks.own import compilation, log, memory, start, whole
from tests.benchmarks.work import closure, conditions, holdings, increment, join
from tests.postgres import server_tool

PEERS = "contenders"
DURABLE_RULES_MAX = 100  # with 500 different first conditions durable-rules answers wrongly, or crashes
REPLAY_TIMES_MAX = 1.66  # at least 60 percent of the speed of deciding


def _ours(function: str) -> Contender:
    return Contender(OURS, f"{PEERS}.neurosym", function)


def _peer(name: str, module: str, function: str, package: str | None = None, size_max: int | None = None) -> Contender:
    return Contender(name, f"{PEERS}.{module}", function, package, is_peer=True, size_max=size_max)


def _own(name: str, module: str, function: str) -> Contender:
    return Contender(name, f"own.{module}", function)


CONDITIONS = Benchmark(
    "conditions",
    "one request against conjunctive rules, all hits with reasons; for each request",
    conditions.SIZES,
    "rules",
    conditions.work,
    (
        _ours("conditions_run"),
        _peer("zen-engine", "zen", "decision_run", "zen-engine"),
        _peer("zen-engine, loaded", "zen", "loaded_run", "zen-engine"),
        _peer("CEL", "cel", "conditions_run", "common-expression-language"),
        _peer("clipspy", "clips", "conditions_run", "clipspy"),
        _peer("cedarpy", "cedar", "conditions_run", "cedarpy"),
        _peer("durable-rules", "durable", "conditions_run", "durable-rules", size_max=DURABLE_RULES_MAX),
    ),
    (
        *(faster_than("zen-engine", size, 10 if size <= 100 else 20) for size in conditions.SIZES),
        *(
            faster_than(peer, size, 1)
            for peer in ("zen-engine, loaded", "CEL", "clipspy", "cedarpy")
            for size in conditions.SIZES
        ),
        *(faster_than("durable-rules", size, 1) for size in conditions.SIZES if size <= DURABLE_RULES_MAX),
    ),
    canonical=conditions.canonical,
    count=attrgetter("count"),
)
JOIN = Benchmark(
    "join",
    "three-way join of facts, each result with the facts it rests on",
    join.SIZES,
    "facts",
    join.work,
    (
        _ours("join_run"),
        _peer("sqlite3", "sqlite", "join_run"),
        _peer("clingo", "clingo", "join_run", "clingo"),
        _peer("clipspy", "clips", "join_run", "clipspy"),
    ),
    (faster_than("sqlite3", 26_000, 2), faster_than("clingo", 26_000, 4), faster_than("clipspy", 26_000, 8)),
    canonical=join.canonical,
)
INCREMENT = Benchmark(
    "increment",
    "one deposit into those that are held; for each deposit",
    increment.SIZES,
    "deposits held",
    increment.work,
    (_ours("increment_run"), _peer("clipspy", "clips", "increment_run", "clipspy")),
    (faster_than("clipspy", 1_500, 3),),
    canonical=increment.canonical,
    count=attrgetter("count"),
)
CLOSURE = Benchmark(
    "closure",
    "closure of an ownership graph, each pair with a proof",
    closure.SIZES,
    "edges",
    closure.work,
    (
        _ours("closure_run"),
        _peer("networkx", "networks", "closure_run", "networkx"),
        _peer("clingo", "clingo", "closure_run", "clingo"),
        _peer("clipspy", "clips", "closure_run", "clipspy"),
    ),
    (faster_than("clingo", 10_000, 4), faster_than("clipspy", 10_000, 8), faster_than("networkx", 10_000, 1.5)),
    canonical=closure.canonical,
    is_proven=closure.is_proven,
)
HOLDINGS = Benchmark(
    "holdings",
    "OFAC's 50 percent rule: a growing sum inside its own recursion",
    holdings.SIZES,
    "shareholdings",
    holdings.work,
    (_ours("holdings_run"), _peer("clingo", "clingo", "holdings_run", "clingo")),
    (faster_than("clingo", 100_000, 5),),
    canonical=holdings.canonical,
)
WHOLE = Benchmark(
    "whole",
    "a whole decision beside the evaluation in it; for each decision",
    whole.SIZES,
    "rules",
    whole.small,
    (_own("engine.decide", "whole", "decided_run"), _own("evaluation alone", "whole", "evaluated_run")),
    tuple(at_most_times("engine.decide", "evaluation alone", size, 3) for size in whole.SIZES),
    count=attrgetter("count"),
    has_peak=False,
)
SANCTIONS = Benchmark(
    "sanctions",
    "the same for the shipped sanctions ruleset over the demo world; for each decision",
    whole.PAYMENTS,
    "payments",
    whole.sanctions,
    (_own("engine.decide", "whole", "decided_run"), _own("evaluation alone", "whole", "evaluated_run")),
    (at_most_times("engine.decide", "evaluation alone", whole.PAYMENTS[-1], 3),),
    count=attrgetter("count"),
    has_peak=False,
)
REPLAY = Benchmark(
    "replay",
    "a logged decision executed again, in one process, beside deciding and logging it; for each decision",
    whole.SIZES,
    "rules",
    whole.small,
    (_own("engine.decide with a log", "replay", "decided_run"), _own("replay", "replay", "replayed_run")),
    tuple(at_most_times("replay", "engine.decide with a log", size, REPLAY_TIMES_MAX) for size in whole.SIZES),
    count=attrgetter("count"),
    has_peak=False,
)
BATCH = Benchmark(
    "batch",
    "requests decided as the rows of a batch, in one process, beside one by one with a log; for each decision",
    whole.SIZES,
    "rules",
    whole.small,
    (_own("engine.decide with a log", "replay", "decided_run"), _own("decide_batch", "batch", "batch_run")),
    tuple(at_most_times("decide_batch", "engine.decide with a log", size, 1) for size in whole.SIZES),
    count=attrgetter("count"),
    has_peak=False,
)
COMPILE = Benchmark(
    "compile",
    "rules from text to a checked program",
    compilation.SIZES,
    "rules",
    compilation.work,
    (Contender(OURS, "own.compilation", "compiled_run"),),
    (grows_at_most(10_000, 20_000, 2.2),),
)
MEMORY = Benchmark(
    "memory",
    "a decision over facts of six fields",
    memory.SIZES,
    "facts",
    memory.work,
    (
        _own("process with facts", "memory", "with_facts_run"),
        _own("process without", "memory", "without_facts_run"),
        _own("facts as Python counts", "memory", "traced_run"),
    ),
    (at_most("process with facts", 100_000, 250),),
    unit="MB",
    has_peak=False,
)
START = Benchmark(
    "start",
    "what a new process waits for",
    start.SIZES,
    "process",
    start.work,
    (
        _own("import neurosym", "start", "neurosym_run"),
        _own("import pydantic", "start", "pydantic_run"),
        _own("its engine", "start", "engine_run"),
        _own("a pydantic model", "start", "model_run"),
        _own("first load of a ruleset", "start", "first_load_run"),
        _own("next load, from the cache", "start", "cached_load_run"),
        _own("next load, compiled", "start", "compiling_load_run"),
    ),
    (
        at_most_times("import neurosym", "import pydantic", 1, 1.5),
        at_most_times("next load, from the cache", "next load, compiled", 1, 0.1),
    ),
    has_peak=False,
)

LOG = Benchmark(
    "log",
    "decisions with payloads of 4,280 bytes, durable in transactions of a size; for each entry",
    log.BATCHES,
    "entries of a transaction",
    log.Appends,
    (_own("Log.append", "log", "appended_run"), _own("the same rows inserted", "log", "inserted_run")),
    tuple(at_most_times("Log.append", "the same rows inserted", size, 1.25) for size in log.BATCHES),
    count=lambda _: log.ENTRIES,
    has_peak=False,
)
THREADS = Benchmark(
    "threads",
    "entries that threads wait for, durable one by one; for each entry",
    log.THREADS,
    "threads",
    log.Appends,
    (
        _own("all at once", "log", "threads_run"),
        _own("one thread", "log", "singly_run"),
        _own("all at once, syncs of 5 ms", "log", "slow_threads_run"),
        _own("one thread, syncs of 5 ms", "log", "slow_singly_run"),
    ),
    tuple(
        at_most_times(f"all at once{disk}", f"one thread{disk}", size, 0.1)
        for disk in ("", ", syncs of 5 ms")
        for size in log.THREADS
    ),
    count=lambda _: log.ENTRIES,
    has_peak=False,
)
POSTGRES = Benchmark(
    "postgres",
    "the same in PostgreSQL, on a server that waits for its disk; for each entry",
    log.BATCHES,
    "entries of a transaction",
    log.Appends,
    (
        _own("Log.append", "log_postgres", "appended_run"),
        _own("the same rows inserted", "log_postgres", "inserted_run"),
    ),
    tuple(at_most_times("Log.append", "the same rows inserted", size, 1.25) for size in log.BATCHES),
    count=lambda _: log.ENTRIES,
    has_peak=False,
)
VERIFY = Benchmark(
    "verify",
    "a log verified, beside reading and hashing what it stores",
    log.VERIFIED,
    "entries",
    log.written,
    (_own("verify_log", "log", "verified_run"), _own("read and hashed", "log", "hashed_run")),
    (at_most_times("verify_log", "read and hashed", log.VERIFIED[-1], 3),),
    has_peak=False,
)
PROVE = Benchmark(
    "prove",
    "a proof that an entry is in the log, beside computing the root over all of them",
    log.PROVEN,
    "entries",
    log.planted,
    (_own("proof_of", "log", "proven_run"), _own("tree_root", "log", "rooted_run")),
    (at_most_times("proof_of", "tree_root", log.PROVEN[0], 0.001),),
    has_peak=False,
)

BENCHMARKS = {
    each.name: each
    for each in (
        *(CONDITIONS, JOIN, INCREMENT, CLOSURE, HOLDINGS),
        *(WHOLE, SANCTIONS, REPLAY, BATCH, COMPILE, MEMORY, START),
        *(LOG, THREADS, VERIFY, PROVE),
        *((POSTGRES,) if server_tool("initdb") else ()),  # a machine without the server has no such benchmark
    )
}
