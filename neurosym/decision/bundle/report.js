// The page of a bundle: verifies what it holds, then shows what is verified and nothing else. It loads nothing, sends
// nothing, and puts every text into the page as text. README.txt and verify.py say what is verified and how.
"use strict";

const held = JSON.parse(document.getElementById("held").textContent);
const SALT = 32;
const STEPS_MAX = 2000; // of a proof that are opened at once

class Refused extends Error {}

// --- bytes

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const toBytes = (text) => new TextEncoder().encode(text);
const hex = (bytes) => Array.from(bytes, (each) => each.toString(16).padStart(2, "0")).join("");
const same = (one, other) => one.length === other.length && one.every((each, at) => each === other[at]);

function fromBase64(text) {
  if (typeof text !== "string" || !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) {
    throw new Refused("holds what is no base64");
  }
  const raw = atob(text);
  if (btoa(raw) !== text) throw new Refused("holds base64 with bits to spare");
  return Uint8Array.from(raw, (each) => each.charCodeAt(0));
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

async function sha256(...parts) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
}

// --- the checkpoint (C2SP signed-note, tlog-checkpoint): whether it is signed; null where the browser cannot tell

async function readKey(text) {
  const found = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text);
  const raw = found ? fromBase64(found[3]) : new Uint8Array();
  if (raw.length !== 33 || raw[0] !== 1) throw new Refused("is no Ed25519 verifier key");
  const id = (await sha256(toBytes(found[1]), [10], raw)).slice(0, 4);
  if (hex(id) !== found[2]) throw new Refused("is no Ed25519 verifier key");
  return { name: found[1], id, raw: raw.slice(1) };
}

async function isSigned(text, key, signatures) {
  let imported;
  try {
    imported = await crypto.subtle.importKey("raw", key.raw, { name: "Ed25519" }, false, ["verify"]);
  } catch (error) {
    if (error.name === "NotSupportedError") return null;
    throw error;
  }
  const claimed = signatures.filter((each) => each.name === key.name && same(each.raw.slice(0, 4), key.id));
  for (const each of claimed) {
    if (!(await crypto.subtle.verify({ name: "Ed25519" }, imported, each.raw.slice(4), toBytes(text)))) return false;
  }
  return claimed.length > 0;
}

async function readCheckpoint(note, key) {
  const gap = note.lastIndexOf("\n\n");
  const text = note.slice(0, gap + 1);
  const lines = note.slice(gap + 2).split("\n");
  if (gap < 0 || lines.pop() !== "" || !lines.length) throw new Refused("is no signed note");
  const signatures = lines.map((line) => {
    const found = /^— ([^\s+]+) ([A-Za-z0-9+/=]+)$/.exec(line);
    if (!found) throw new Refused("has a signature in another form");
    return { name: found[1], raw: fromBase64(found[2]) };
  });
  const [origin, size, root, ...rest] = text.split("\n");
  if (!/^(0|[1-9][0-9]{0,14})$/.test(size) || rest.pop() !== "") throw new Refused("is no checkpoint");
  const signed = await isSigned(text, key, signatures);
  if (signed === false) throw new Refused("is not signed by the key that the page names");
  return { origin, size: Number(size), root: fromBase64(root), signed };
}

// --- entries: each leads to the root (RFC 9162 §2.1.3)

async function rootAbove(content, index, size, path) {
  let found = await sha256([0], content);
  const rest = path.map(fromBase64);
  for (let at = index, left = size; left > 1; at = Math.floor(at / 2), left = Math.floor((left + 1) / 2)) {
    if (at % 2 === 0 && at + 1 >= left) continue; // alone at its level
    const beside = rest.shift();
    if (beside === undefined) throw new Refused("has no proof that leads to the root");
    found = at % 2 ? await sha256([1], beside, found) : await sha256([1], found, beside);
  }
  if (rest.length) throw new Refused("has a proof that leads beyond the root");
  return found;
}

async function readEntry(seq, checkpoint) {
  const given = held.entries[seq];
  const content = fromBase64(given.envelope);
  const reached = seq < checkpoint.size ? await rootAbove(content, seq, checkpoint.size, given.proof) : [];
  if (!same(reached, checkpoint.root)) throw new Refused("does not lead to the root of the checkpoint");
  const entry = JSON.parse(utf8.decode(content));
  if (entry.seq !== seq) throw new Refused("is of another place");
  return { ...entry, text: utf8.decode(content) };
}

// --- payloads: salt, then the content, as it is or encrypted under a key of its own (AES-256-GCM, HMAC-SHA256)

async function openPayload(link, given) {
  const stored = fromBase64(given.stored);
  if (stored.length < SALT || `sha256:${hex(await sha256(stored))}` !== link.digest) {
    throw new Refused("is not what its entry names");
  }
  const rest = stored.slice(SALT);
  if (link.key === null || link.key === undefined) return rest;
  const key = fromBase64(given.key);
  if (key.length !== 76) throw new Refused("has a key that is none");
  const aes = await crypto.subtle.importKey("raw", key.slice(0, 32), "AES-GCM", false, ["decrypt"]);
  const mac = { name: "HMAC", hash: "SHA-256" };
  const committing = await crypto.subtle.importKey("raw", key.slice(44), mac, false, ["sign"]);
  let content;
  try {
    content = new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: key.slice(32, 44) }, aes, rest));
  } catch {
    throw new Refused("does not open with its key");
  }
  const committed = hex(new Uint8Array(await crypto.subtle.sign("HMAC", committing, content)));
  if (`hmac-sha256:${committed}` !== link.commitment) throw new Refused("is not what its entry committed to");
  return content;
}

// --- everything that is shown, verified before; `problems` say what is not, and where

const verified = { entries: new Map(), payloads: new Map(), problems: [], agreeing: 0, checkpoint: null, key: null };

async function at(place, work) {
  try {
    return await work();
  } catch (error) {
    verified.problems.push(`${place}: ${error instanceof Refused ? error.message : `is damaged (${error.message})`}`);
    return null;
  }
}

async function verifyAll() {
  if (!globalThis.crypto?.subtle) {
    verified.problems.push("this browser: offers no cryptography to pages here, so nothing can be checked");
    return;
  }
  verified.key = await at("the verifier key", () => readKey(held.vkey));
  if (!verified.key) return;
  verified.checkpoint = await at("the checkpoint", () => readCheckpoint(held.checkpoint, verified.key));
  if (!verified.checkpoint) return;
  for (const seq of Object.keys(held.entries).map(Number)) {
    const entry = await at(`entry ${seq}`, () => readEntry(seq, verified.checkpoint));
    if (entry) verified.entries.set(seq, entry);
  }
  for (const entry of verified.entries.values()) {
    for (const link of entry.payloads) {
      const given = held.payloads[link.digest];
      if (given === undefined || verified.payloads.has(link.digest)) continue;
      const place = `entry ${entry.seq}, payload ${link.name} (${link.digest})`;
      const content = await at(place, () => openPayload(link, given));
      if (content) verified.payloads.set(link.digest, content);
    }
  }
  for (const seq of held.decisions) await at(`entry ${seq}`, () => compareWithResult(verified.entries.get(seq)));
}

function compareWithResult(entry) {
  const result = entry && contentOf(entry, "result");
  if (!result) return;
  const rules = result.reasons.filter((each) => each.outcome === result.outcome).map((each) => each.rule);
  const codes = result.status === "decided" ? [...new Set(rules)].slice(0, 64) : [];
  const says = JSON.stringify([result.on, result.outcome ?? result.status, codes]);
  if (says !== JSON.stringify([entry.on, entry.outcome, entry.codes])) {
    throw new Refused("says otherwise than the result that was recorded");
  }
  verified.agreeing += 1;
}

function contentOf(entry, name) {
  const link = entry.payloads.find((each) => each.name === name);
  const content = link && verified.payloads.get(link.digest);
  return content ? JSON.parse(utf8.decode(content)) : null;
}

// --- the page, of text nodes alone

const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;
const printable = (text) => String(text).replace(HIDDEN, (each) => `\\u{${each.codePointAt(0).toString(16)}}`);
const lines = (text) => String(text).split("\n").map(printable).join("\n");

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  for (const child of children.flat()) {
    if (child !== null && child !== undefined) {
      made.append(typeof child === "object" ? child : document.createTextNode(printable(child)));
    }
  }
  return made;
}

function preformatted(text, className = "") {
  const made = element("pre", className);
  made.textContent = lines(text);
  return made;
}

// Contents are made when they are opened for the first time: a proof may be deep, and its steps shared.
function lazily(className, summary, makeContent) {
  const made = element("details", className, element("summary", "", summary));
  const open = () => {
    if (made.open && made.childElementCount === 1) made.append(...[makeContent()].flat());
  };
  made.addEventListener("toggle", open);
  made.openNow = () => {
    made.open = true;
    open();
  };
  return made;
}

const cited = (citations) => (citations?.length ? element("span", "cite", ` (${citations.join("; ")})`) : null);
const section = (title, ...children) => {
  const shown = children.flat().filter((each) => each !== null);
  return shown.length ? [element("h3", "", title), ...shown] : [];
};
const counted = (count, what) => `${count} ${what}${count === 1 ? "" : "s"}`;
const list = (items) => (items.length ? element("ul", "", items.map((each) => element("li", "", each))) : null);

function pairs(entries) {
  const made = element("dl", "");
  for (const [name, value] of entries) {
    if (value !== null && value !== undefined && value !== "") {
      made.append(element("dt", "", name), element("dd", "", value));
    }
  }
  return made;
}

// A value as results and proofs write it: plain, or tagged with its type.
function written(value) {
  if (value === null) return "null";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${value.map(written).join(", ")}]`;
  for (const tag of ["number", "date", "datetime", "time", "duration", "months"]) {
    if (tag in value) return String(value[tag]);
  }
  if ("reference" in value) return value.reference.slice(1).map(written).join(", ");
  if ("fact" in value) return `${value.fact}(${members(value.fields ?? {})})`;
  if ("unknown" in value) return value.unknown?.length ? `not known: ${value.unknown.map(reason).join("; ")}` : "not known";
  if ("absent" in value) return "not supplied";
  if ("range" in value) return `[${written(value.range[0])}..${written(value.range[1])}]`;
  if ("record" in value) return `{${value.record.map(([name, each]) => `${name}: ${written(each)}`).join(", ")}}`;
  return `{${members(value)}}`;
}

const members = (of) => Object.entries(of).map(([name, value]) => `${name}: ${brief(value)}`).join(", ");
const brief = (value) => (value && typeof value === "object" && "unknown" in value ? "not supplied" : written(value));
const call = (name, args) => `${name}(${Array.isArray(args) ? args.map(written).join(", ") : members(args)})`;

function reason(of) {
  switch (of.kind) {
    case "question": return `${call(of.judgment, of.args)} is not judged (${of.standing})`;
    case "missing value": return `${of.field} of ${typeof of.of === "string" ? of.of : `${of.of.reference?.[0] ?? ""} ${written(of.of)}`} was not supplied`;
    case "missing fact": return `${typeof of.of === "string" ? of.of : `${of.of.reference?.[0] ?? ""} ${written(of.of)}`} was not supplied`;
    case "missing type": return `it is not said whether all of ${of.type} were supplied`;
    case "failed": return of.message;
    default: return JSON.stringify(of);
  }
}

// --- the text of rules: cut out of the verified sources at places that this page only proposes

function ruleTexts(ruleset, word, name) {
  const sources = ruleset && contentOf(ruleset, "sources");
  if (!sources) return [];
  const places = held.positions[ruleset.seq]?.[`${word} ${name}`] ?? [];
  const texts = places.map(([source, start, end]) => {
    const found = sources.find((each) => each.name === source);
    return found ? Array.from(found.text).slice(start, end).join("") : "";
  });
  return texts.filter((text) => text.split(/\s+/, 2).join(" ").startsWith(`${word} ${name}`));
}

function provision(ruleset, name) {
  const texts = [...ruleTexts(ruleset, "rule", name), ...ruleTexts(ruleset, "exception", name)];
  return texts.length ? lazily("more", `text of ${name}`, () => texts.map((each) => preformatted(each))) : null;
}

// --- one decision

function shownDecision(entry) {
  const result = contentOf(entry, "result");
  const recorded = contentOf(entry, "case");
  const ruleset = recorded && verified.entries.get(recorded.ruleset);
  const parts = [facts(entry, result, ruleset)];
  if (!result) {
    parts.push(element("p", "soft", away(entry, "result")));
  } else {
    parts.push(
      ...section("Why", reasons(result, ruleset)),
      ...section("Duties", list(result.duties.map((each) => duty(each)))),
      ...section("What was missing", list(result.missing.map(reason))),
      ...section("Questions that stayed open", list(result.questions.map((each) => question(each)))),
      ...section("Judged answers it rests on", result.answers.map((each) => answer(each, ruleset))),
      ...section("Exceptions that nobody proved", list(result.not_proven)),
      ...section("Second opinion", opinion(entry)),
      ...section("Proof", proof(entry, result, ruleset)),
    );
  }
  parts.push(...section("Who was asked", attempts(entry)), ...section("Reviews", reviews(entry)), ...section("As it is logged", raw(entry, recorded)));
  return element("div", "", parts);
}

function away(entry, name) {
  const link = entry.payloads.find((each) => each.name === name);
  if (!link) return `This entry has no payload ${name}.`;
  if (held.redacted) return `The ${name} is not here: the bundle is redacted. Its digest is ${link.digest}.`;
  return `The ${name} is not on this page: it was erased, cannot be opened or is too large. Its digest is ${link.digest}.`;
}

function facts(entry, result, ruleset) {
  const program = entry.digests.program;
  return pairs([
    ["decision", entry.decision],
    ["entry", `${entry.seq} of ${verified.checkpoint.size}`],
    ["logged", `${entry.time} by the clock "${entry.clock}", by ${entry.actor ?? "nobody named"}`],
    ["as of", entry.on],
    ["acted on as", result?.act_on],
    ["status", result?.status],
    ["still possible", result && result.status !== "decided" ? result.possible.join(" or ") : null],
    ["ruleset", ruleset ? `${ruleset.outcome} (entry ${ruleset.seq})` : program && `program ${program}`],
    ["takes the place of", entry.previous === null ? null : `entry ${entry.previous}`],
    ["either way", result?.either_way ? `all ${result.either_way.combinations} combinations of what is unknown lead to this outcome` : null],
  ]);
}

function reasons(result, ruleset) {
  if (!result.reasons.length) {
    const said = result.status === "decided" ? "No rule concludes anything else." : "No rule concludes anything for certain.";
    return element("p", "", said);
  }
  return list(
    result.reasons.map((each) => [
      element("strong", "", each.outcome), `: ${each.text || "no text"} `, element("span", "code", `by ${each.rule}`), cited(each.citations),
      provision(ruleset, each.rule),
    ]),
  );
}

const duty = (of) => [
  of.standing === "possible" ? element("span", "possible", "possible: ") : null,
  `${call(of.duty, of.fields)}, owed by ${written(of.owed_by)}${of.due === null ? "" : `, due ${of.due}`}`,
  cited(of.citations),
  list(of.may_be_due.map((each) => `may be due ${typeof each.due === "string" ? each.due : written(each.due)}: ${each.reasons.map(reason).join("; ")}`)),
  list(of.conflict.map((each) => `contradicts itself by ${each.rule}: ${members(each.fields)}`)),
];

const question = (of) => [
  `${call(of.judgment, of.args)}: ${of.standing}`,
  list(of.tried.map((each) => `${each.tier}: ${each.reason}`)),
];

function answer(of, ruleset) {
  const texts = ruleTexts(ruleset, "judgment", of.judgment);
  const names = of.by.length ? `, ${of.by.join(" and ")} (as claimed)` : "";
  return element(
    "div", "",
    element("p", "", `${call(of.judgment, of.args)} = `, element("strong", "", written(of.answer)), ` by tier ${of.tier} (${of.kind})${names}`),
    of.uncalibrated ? element("p", "possible", "the model's confidence is not calibrated") : null,
    of.quotes.map((each) => element("blockquote", "", `"${each.text}"`, element("span", "cite", ` ${each.field}, from character ${each.start}`))),
    texts.length ? lazily("more", `the question, as ${of.judgment} puts it`, () => texts.map((each) => preformatted(each))) : null,
  );
}

function opinion(entry) {
  const found = contentOf(entry, "second opinion");
  return found ? element("p", "", found.opinion === "agrees" ? `a second implementation agrees on ${found.compared} conclusions` : `${found.opinion}: ${written(found.reasons ?? found.what ?? found.differences)}`) : null;
}

// --- proofs

function proof(entry, result, ruleset) {
  const steps = contentOf(entry, "proof");
  if (!steps) return element("p", "soft", away(entry, "proof"));
  const below = new Set(Object.values(steps).flatMap(premisesOf));
  const roots = Object.keys(steps).filter((id) => !below.has(id));
  if (!roots.length) return element("p", "", "Nothing had to be proven: no rule concludes anything.");
  const rank = (id) => ["outcome", "duty"].findIndex((each) => each in steps[id]);
  roots.sort((one, other) => (rank(one) < 0) - (rank(other) < 0) || rank(one) - rank(other));
  const tree = element("div", "tree", roots.map((id) => step(id, steps, result, ruleset)));
  const button = element("button", "", "open every step");
  button.addEventListener("click", () => openAll(tree));
  return [element("p", "tools", button), tree];
}

const premisesOf = (of) => [...(of.premises ?? []), ...(of.exceptions ?? []).flatMap(premisesOf)];

function openWhole(made) {
  made.openNow();
  for (const tree of made.querySelectorAll(".tree")) openAll(tree);
}

// A step that others rest on too is opened where it stands first.
function openAll(tree) {
  let left = STEPS_MAX;
  const seen = new Set();
  const waiting = [...tree.querySelectorAll("details")];
  while (waiting.length && left > 0) {
    const next = waiting.shift();
    left -= 1;
    if (!next.openNow || next.classList.contains("more") || seen.has(next.dataset.step)) continue;
    if (next.dataset.step) seen.add(next.dataset.step);
    next.openNow();
    waiting.push(...next.querySelectorAll(":scope > details"));
  }
}

function step(id, steps, result, ruleset) {
  const of = steps[id];
  if (!of) return element("p", "alarm", `the step ${id} is not in the proof`);
  const made = lazily("", stepTitle(of, result), () => [
    of.by === "given" ? element("p", "soft", "given") : element("p", "", "by ", element("span", "code", of.by), provision(ruleset, of.by)),
    ...(of.reasons ?? []).map((each) => element("p", "possible", `not certain: ${reason(each)}`)),
    ...(of.parameters ?? []).map((each) => element("p", "", `parameter ${each.name} = ${written(each.value)}${each.from ? ` since ${each.from}` : ""}`, cited(each.cites))),
    ...(of.answers ?? []).map((each) => judged(each)),
    ...(of.premises ?? []).map((each) => step(each, steps, result, ruleset)),
    ...(of.exceptions ?? []).map((each) => exception(each, steps, result, ruleset)),
  ]);
  made.dataset.step = id;
  return made;
}

function stepTitle(of, result) {
  const concluded = result.reasons.some((each) => each.rule === of.by && each.outcome === of.outcome);
  const isOpen = of.standing === "possible" || ("outcome" in of && !of.defeated && !concluded);
  const possible = isOpen ? element("span", "possible", "possible: ") : null;
  if ("outcome" in of) return [possible, of.defeated ? "but for an exception: " : null, `${call(of.of, of.subject)} is `, element("strong", "", written(of.outcome)), of.text ? `: ${of.text}` : null];
  if ("duty" in of) return ["duty ", call(of.duty, of.fields), `, owed by ${written(of.owed_by)}, due ${written(of.due)}`];
  return [possible, written(of.fact)];
}

const judged = (of) => element(
  "div", "",
  element("p", "", `judged: ${call(of.judgment, of.args)} = `, element("strong", "", written(of.answer))),
  of.content ? lazily("more", "what was judged", () => pairs(Object.entries(of.content).map(([name, value]) => [name, written(value)]))) : null,
);

const STATES = { "no case": "nothing satisfies it", "not proven": "nobody proved it", lifted: "an exception to it holds", open: "it is open", "in effect": "it holds" };

const exception = (of, steps, result, ruleset) => lazily("", `exception ${of.exception}: ${STATES[of.state] ?? of.state}`, () => [
  provision(ruleset, of.exception) ?? element("p", "soft", "its text is not here"),
  ...of.reasons.map((each) => element("p", "possible", reason(each))),
  ...of.answers.map((each) => judged(each)),
  ...of.premises.map((each) => step(each, steps, result, ruleset)),
  ...of.exceptions.map((each) => exception(each, steps, result, ruleset)),
]);

// --- attempts and reviews

function attempts(entry) {
  const asked = entry.effects.map((seq) => verified.entries.get(seq)).filter((each) => each?.kind === "answer");
  const missing = entry.effects.filter((seq) => !verified.entries.has(seq));
  return [
    list(asked.map((each) => attempt(each))),
    missing.length ? element("p", "soft", `entries ${missing.join(", ")} are not on this page`) : null,
  ];
}

function attempt(entry) {
  const of = contentOf(entry, "attempt");
  const title = `entry ${entry.seq}, ${entry.time}: tier ${entry.actor ?? ""}, ${entry.outcome ?? ""}`;
  if (!of) return [title, element("p", "soft", away(entry, "attempt"))];
  const model = of.model ? `, ${of.kind} ${of.model}${of.model_returned && of.model_returned !== of.model ? ` (answered as ${of.model_returned})` : ""}` : "";
  const cost = of.cost ? `, cost ${of.cost} ${of.currency ?? ""}` : "";
  return [
    `${title}${model}${cost}${of.failure ? `, failed: ${of.failure}` : ""}`,
    lazily("more", "what was asked and answered, letter by letter", () => [preformatted(text(of.request), "wrapped"), of.response ? preformatted(text(of.response), "wrapped") : element("p", "soft", "no response")]),
  ];
}

const text = (of) => of.text ?? `base64 ${of.base64}`;

function reviews(entry) {
  const found = [...verified.entries.values()].filter(
    (each) => ["review", "override"].includes(each.kind) && (each.decision === entry.decision || entry.effects.includes(each.seq)),
  );
  return list(found.map((each) => [`entry ${each.seq}, ${each.time}: ${each.kind} by ${each.actor ?? "nobody named"}, ${each.outcome ?? ""}`, said(each)]));
}

function said(entry) {
  if (entry.kind === "override") {
    const set = contentOf(entry, "override");
    return element("p", set ? "" : "soft", set ? `instead of what was decided, because ${set.reason}` : away(entry, "override"));
  }
  const of = contentOf(entry, "attempt");
  if (!of?.response?.text) return of ? null : element("p", "soft", "what was said is not here");
  let spoken;
  try {
    spoken = JSON.parse(of.response.text).reviews;
  } catch {
    return preformatted(of.response.text, "wrapped");
  }
  return list((spoken ?? []).map((each) => [
    `${each.by} (as claimed): `, element("strong", "", each.answer === null ? "cannot tell" : written(each.answer)), each.reason ? `, because ${each.reason}` : null,
    (each.quotes ?? []).map((quote) => element("blockquote", "", `"${quote.text}"`, element("span", "cite", ` ${quote.field}`))),
  ]));
}

function raw(entry, recorded) {
  const ids = entry.payloads.map((link) => `${link.name} ${link.digest}${verified.payloads.has(link.digest) ? "" : ", not on this page"}`);
  return [
    lazily("more", "envelope", () => preformatted(JSON.stringify(JSON.parse(entry.text), null, 1), "wrapped")),
    lazily("more", "payloads", () => list(ids)),
    recorded ? lazily("more", "what was asked of the engine", () => preformatted(JSON.stringify(recorded, null, 1), "wrapped")) : null,
  ];
}

// --- the list

function shownSummary(entry) {
  const result = contentOf(entry, "result");
  const isOpen = result ? result.status !== "decided" : false;
  const subject = result ? call(result.decision, result.subject) : `decision ${entry.decision}`;
  const label = isOpen ? `${result.status}: ${result.act_on}` : entry.outcome;
  return [
    element("span", isOpen ? "outcome open" : "outcome", label),
    element("span", "subject", subject, result?.reasons.length ? element("span", "soft", ` ${result.reasons[0].text}`) : null),
    element("span", "when", entry.on ?? ""),
  ];
}

function showDecisions() {
  const place = document.getElementById("decisions");
  const all = held.decisions.map((seq) => verified.entries.get(seq)).filter((each) => each);
  const shown = all.map((entry) => {
    const made = lazily("decision", shownSummary(entry), () => shownDecision(entry));
    made.id = `entry-${entry.seq}`;
    made.dataset.text = `${made.textContent} ${entry.decision} ${entry.codes.join(" ")}`.toLowerCase();
    return made;
  });
  const counts = new Map();
  for (const made of shown) {
    const label = made.querySelector(".outcome").textContent;
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const of = held.total > shown.length ? ` of ${held.total}, the newest first` : "";
  place.append(element("h2", "", `${counted(shown.length, "decision")}${of}`));
  place.append(element("p", "soft", [...counts].map(([label, count]) => `${count} ${label}`).join(", ")));
  const filter = element("input", "");
  filter.type = "search";
  filter.placeholder = "show those with this text: an outcome, a subject, a rule, a day";
  filter.setAttribute("aria-label", "show decisions with this text");
  filter.addEventListener("input", () => {
    const wanted = filter.value.trim().toLowerCase();
    for (const made of shown) made.classList.toggle("hidden", !made.dataset.text.includes(wanted));
  });
  const button = element("button", "", "open all with their proofs");
  button.addEventListener("click", () => shown.filter((made) => !made.classList.contains("hidden")).forEach(openWhole));
  place.append(element("p", "tools", filter, button), ...shown);
  const wanted = shown.find((made) => `#${made.id}` === location.hash) ?? (location.hash === "#all" ? null : undefined);
  if (wanted) wanted.openNow();
  if (wanted === null) shown.forEach(openWhole);
}

// --- the verdict

function showVerdict() {
  const banner = document.getElementById("banner");
  const { checkpoint, problems, entries, payloads } = verified;
  banner.replaceChildren();
  if (problems.length) {
    banner.dataset.verdict = "refused";
    banner.append(element("h2", "", "NOT VERIFIED"), list(problems.slice(0, 50)), element("p", "", "What does not verify is not shown below."));
    if (problems.length > 50) banner.append(element("p", "", `and ${problems.length - 50} more`));
    return;
  }
  const isSigned = checkpoint.signed === true;
  const opened = [...payloads.keys()].filter((each) => held.payloads[each].key !== null).length;
  banner.dataset.verdict = isSigned ? "verified" : "partly";
  banner.append(element("h2", "", isSigned ? "verified: what this page shows is what the log holds" : "Partly verified: the signature could not be checked here"));
  banner.append(list([
    isSigned
      ? `The checkpoint of the log ${checkpoint.origin}, of ${checkpoint.size} entries, is signed by the key below.`
      : `This browser does not know Ed25519, so nobody knows who wrote the checkpoint of ${checkpoint.origin}: use verify.py, or another browser.`,
    `Each of the ${entries.size} entries on this page leads to its root.`,
    `Each of the ${payloads.size} payloads on this page has the digest that an entry names${opened ? `; ${opened} of them were decrypted, and are what the entries committed to` : ""}.`,
    `The outcome, day and rules of ${verified.agreeing} entries are those of the recorded results.`,
    `Not checked here: the files of the bundle beside this page, the other entries, and whether the log was ever another. verify.py checks the first two; a checkpoint that you kept yourself shows the third.`,
  ]));
}

function showKey() {
  const verdict = document.getElementById("match");
  const field = document.getElementById("vkey");
  document.getElementById("own").textContent = printable(held.vkey);
  field.addEventListener("input", () => {
    const given = field.value.trim();
    verdict.dataset.match = given === "" ? "" : given === held.vkey ? "yes" : "no";
    verdict.textContent = given === "" ? "" : given === held.vkey ? "matches: the page was checked with this key" : "does not match: the page was checked with another key";
  });
}

showKey();
verifyAll().then(() => {
  showVerdict();
  if (verified.checkpoint) showDecisions();
  document.documentElement.dataset.done = "yes";
});
