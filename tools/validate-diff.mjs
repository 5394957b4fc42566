// Compares two judges of the same requests: the platform's validator (C++, platform/rpc) and
// protovalidate's own evaluator. Both read the annotations of proto/ieum; they must blame the same
// fields. Usage: validate-diff.mjs <descriptor set> <judge>, where the judge is a program that reads
// `<type> <base64url>` lines and answers each with the fields to blame.
//
// Where the two differ on purpose, the expectation is mended here, from the same descriptors:
// OUTPUT_ONLY fields are not looked at, REQUIRED fields are wanted, the items of a list that is too
// long are not looked at, and for a choice that was not made its first field is blamed.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createFileRegistry, fromBinary, getOption, hasOption, ScalarType, toBinary } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { FieldMaskSchema, FileDescriptorSetSchema, TimestampSchema } from "@bufbuild/protobuf/wkt";
import { createValidator } from "@bufbuild/protovalidate";
import { patternSample } from "./pattern-sample.mjs";

const ROUNDS = 60; // messages of each type
const DEPTH_MAX = 4; // of messages within messages
const OUTPUT_ONLY = 3; // google.api.FieldBehavior
const REQUIRED = 2;

const [descriptorFile, judge] = process.argv.slice(2);
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(descriptorFile)));
const behaviourOption = registry.getExtension("google.api.field_behavior");
const rulesOption = registry.getExtension("buf.validate.field");

// A small generator with a seed (mulberry32), so that every run sees the same requests.
let state = 20230206;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const below = (n) => Math.floor(random() * n);
const oneOf = (list) => list[below(list.length)];

const behaves = (field, behaviour) =>
  hasOption(field, behaviourOption) && getOption(field, behaviourOption).includes(behaviour);
const rulesOf = (field) => (hasOption(field, rulesOption) ? getOption(field, rulesOption) : undefined);

function requestTypes() {
  const types = new Map();
  for (const type of registry) {
    if (type.kind !== "service" || !type.typeName.startsWith("ieum.")) continue;
    for (const method of type.methods) types.set(method.input.typeName, method.input);
  }
  return [...types.values()].sort((a, b) => (a.typeName < b.typeName ? -1 : 1));
}

// ---- values: what fulfils the rules, what just does not, and what nobody expects.

const TEXTS = [
  "", " ", "a", "A", "0", "-", "가", "😀", "\n", "abc\n", "\u0000", "a/b", "%", "..",
  "01890a5d-ac96-774b-bcce-b302099a80ff", "01890A5D-AC96-774B-BCCE-B302099A80FF",
  "01890a5dac96774bbcceb302099a80ff", "{01890a5d-ac96-774b-bcce-b302099a80ff}",
  "2023-02-29", "2023-13-01", "2023-2-1", "24:00", "9:00", "２０２３-01-01", "kim@example.com", "kim@",
];

function texts(rules) {
  const all = [...TEXTS];
  for (const bound of [rules?.minLen, rules?.maxLen, rules?.len].filter((b) => b !== undefined)) {
    for (const size of [Number(bound) - 1, Number(bound), Number(bound) + 1].filter((n) => n >= 0)) {
      all.push("a".repeat(size), "가".repeat(size), "😀".repeat(size));
    }
  }
  if (rules?.pattern) {
    for (let i = 0; i < 6; i++) {
      const good = patternSample(rules.pattern, random);
      // Good ones weigh more, or nothing below a pattern would ever pass.
      all.push(good, good, good, good, good, good, `${good}\n`, ` ${good}`, good.slice(0, -1), `${good}0`);
    }
  }
  for (const word of rules?.in ?? []) all.push(word, word.toLowerCase(), `${word} `);
  return all;
}

function integers(rules, isLong) {
  const bounds = [rules?.greaterThan?.value, rules?.lessThan?.value, rules?.const, ...(rules?.in ?? [])];
  const all = [0, 1, -1, 2147483647, -2147483648];
  for (const bound of bounds.filter((b) => b !== undefined)) all.push(Number(bound) - 1, Number(bound), Number(bound) + 1);
  const fit = all.filter((n) => n >= -2147483648 && n <= 2147483647);
  return isLong ? fit.map(BigInt) : fit;
}

function scalar(type, rules) {
  const typed = rules?.type?.value;
  switch (type) {
    case ScalarType.STRING:
      return oneOf(texts(typed));
    case ScalarType.BYTES:
      return new Uint8Array(oneOf([0, 1, 15, 16, 17, 64]));
    case ScalarType.BOOL:
      return random() < 0.5;
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return oneOf([0, -0, 1, -1, 0.5, 1e300, NaN, Infinity, -Infinity]);
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return oneOf(integers(typed, false).filter((n) => n >= 0));
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return oneOf(integers(typed, true).filter((n) => n >= 0n));
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return oneOf(integers(typed, true));
    default:
      return oneOf(integers(typed, false));
  }
}

function value(field, rules, depth) {
  if (field.scalar !== undefined && field.fieldKind !== "map") return scalar(field.scalar, rules);
  if (field.enum) return oneOf([...field.enum.values.map((v) => v.number), 0, -1, 99]);
  return message(field.message, depth + 1);
}

function list(target, field, rules, depth) {
  const most = Number(rules?.type?.value?.maxItems ?? 3);
  const size = oneOf([0, 1, 1, 2, 2, most, most + 1]);
  const itemRules = rules?.type?.value?.items;
  for (let i = 0; i < Math.min(size, 210); i++) {
    // Now and then the item before once more, for lists that must not have one twice.
    target.add(i > 0 && random() < 0.1 ? target.get(i - 1) : value(field, itemRules, depth));
  }
}

function message(type, depth) {
  if (type.typeName === FieldMaskSchema.typeName) {
    const whole = reflect(type);
    whole.get(type.field.paths).add("*"); // an update of everything: all its fields are looked at
    return whole;
  }
  const made = reflect(type);
  if (type.typeName === TimestampSchema.typeName) {
    made.set(type.field.seconds, BigInt(oneOf([0, -1, 1675641600, 253402300799])));
    return made;
  }
  for (const field of type.fields) {
    if (field.message?.typeName === FieldMaskSchema.typeName) {
      made.set(field, message(field.message, depth));
    } else if (random() < 0.25 || (depth >= DEPTH_MAX && field.message)) {
      continue; // absent
    } else if (field.fieldKind === "list") {
      list(made.get(field), field, rulesOf(field), depth);
    } else if (field.fieldKind !== "map") {
      made.set(field, value(field, rulesOf(field), depth));
    }
  }
  return made;
}

// ---- what is expected: protovalidate's answer, mended where Ieum says more, or less.

// Visits every field that a caller can fill: `see(field, path, made)`.
function walk(made, prefix, see) {
  for (const field of made.desc.fields) {
    if (behaves(field, OUTPUT_ONLY)) continue;
    const path = prefix + field.name;
    see(field, path, made);
    if (!field.message || field.fieldKind === "map" || !made.isSet(field)) continue;
    if (field.fieldKind === "list") {
      let index = 0;
      for (const item of made.get(field)) walk(item, `${path}[${index++}].`, see);
    } else {
      walk(made.get(field), `${path}.`, see);
    }
  }
}

function missing(field, made) {
  if (!behaves(field, REQUIRED) || made.isSet(field)) return false;
  // A zero number or false may well be what the caller means.
  return field.presence !== 2 || field.fieldKind !== "scalar" || [ScalarType.STRING, ScalarType.BYTES].includes(field.scalar);
}

const validator = createValidator({ registry });

const besides = (path, field, other) => path.slice(0, path.length - field.name.length) + other.name;

function expected(made) {
  const result = validator.validate(made.desc, made.message);
  if (result.kind === "error") throw result.error;
  const violations = result.kind === "valid" ? [] : result.violations;
  const tooLong = violations
    .filter((v) => v.ruleId === "repeated.max_items")
    .map((v) => `${new ViolationPath(v)}[`);
  const looked = new Set();
  const wanted = new Set();
  const choices = new Map();
  walk(made, "", (field, path, holder) => {
    looked.add(path);
    if (field.oneof) choices.set(besides(path, field, field.oneof), besides(path, field, field.oneof.fields[0]));
    if (missing(field, holder)) wanted.add(path);
  });
  const pathOf = (violation) => `${new ViolationPath(violation)}`;
  const blamed = violations.map((v) => choices.get(pathOf(v)) ?? pathOf(v)).filter((path) => looked.has(path.replace(/\[\d+\]$/, "")));
  return [...new Set([...blamed, ...wanted])].filter((path) => !tooLong.some((start) => path.startsWith(start)));
}

class ViolationPath {
  constructor(violation) {
    this.violation = violation;
  }
  toString() {
    let text = "";
    for (const step of this.violation.field) {
      if (step.kind === "list_sub") text += `[${step.index}]`;
      else text += (text === "" ? "" : ".") + step.name;
    }
    return text;
  }
}

// ---- the comparison

function disagreements(cases, answers) {
  const found = [];
  cases.forEach((one, at) => {
    const theirs = [...one.expected].sort().join(" ");
    const ours = answers[at].split(" ").filter(Boolean).sort().join(" ");
    if (ours !== theirs) found.push({ ...one, ours, theirs });
  });
  return found;
}

function main() {
  const cases = [];
  for (const type of requestTypes()) {
    for (let round = 0; round < ROUNDS; round++) {
      const made = message(type, 0);
      const payload = Buffer.from(toBinary(type, made.message)).toString("base64url");
      cases.push({ type: type.typeName, payload, expected: expected(made) });
    }
  }
  const input = cases.map((one) => `${one.type} ${one.payload}\n`).join("");
  const judged = spawnSync(judge, { input, encoding: "utf8", maxBuffer: 1 << 28 });
  if (judged.status !== 0) throw new Error(`${judge} ended with ${judged.status}: ${judged.stderr}`);
  const answers = judged.stdout.split("\n").slice(0, cases.length);
  const found = disagreements(cases, answers);
  for (const one of found.slice(0, 20)) {
    console.log(`${one.type} ${one.payload}\n  platform:      ${one.ours}\n  protovalidate: ${one.theirs}`);
  }
  // A comparison that cannot see a difference is none: an answer taken away must be noticed.
  const blamed = cases.findIndex((one, at) => answers[at] !== "");
  const planted = answers.with(blamed, "");
  if (disagreements(cases, planted).length <= found.length) throw new Error("a planted difference was not seen");
  const passes = answers.filter((answer) => answer === "").length;
  const fields = cases.reduce((sum, one) => sum + one.expected.length, 0);
  console.log(`${cases.length} requests of ${requestTypes().length} types: ${passes} pass, ${fields} fields blamed, ${found.length} disagreements`);
  process.exitCode = found.length === 0 ? 0 : 1;
}

main();
