// Power cuts in numbers: the simulator's states (tests/sim), as many as wanted, or the one of an id.
//
// A round goes through all scenarios and takes of each first cut's recovery as many second cuts as the count leaves; more than a round
// has are made of further rounds, whose seeds make up other survivors, until there are so many. The same state is not judged twice.

import { spawn } from "node:child_process";
import { Failure } from "../failure.ts";
import type { Paths } from "../paths.ts";
import { buildSwiftSim, type SimWishes } from "../testing/sim-program.ts";
import type { FuzzTarget, FuzzWishes } from "./target.ts";

const CUTS = "tests/sim/crash.test.ts";
const DAMAGE = "tests/sim/damage.test.ts";
/** As `wishes.flips` counts them. */
const PLACES: readonly (string | undefined)[] = [undefined, "log", "ring", "roots"];
/** Instead of an id: a call to the disk fails, each in its turn and in every way. */
const CALLS = "calls";
/** About so many states after a second cut has a round that takes them all. */
const ROUND_STATES = 420_000;
/** Survivors that the seed makes up for each cut: in a first round as `npm test` does, then more. */
const FEW_MADE_UP = 3;
const MADE_UP = 16;
/** A further round has at least so many that are new. */
const LEAST_NEW = 100_000;
const FIELDS = ["scenario", "cut", "survivors", "secondCut", "secondSurvivors"] as const;

export const CRASH: FuzzTarget = {
  name: "crash",
  summary:
    "power cuts of a whole RayOS and of its recovery; fuzz crash calls: failing calls; or one state: fuzz crash 27.3.1.7.2",
  count: 1_000_000,
  counts: "states",
  purposes: ["build", "test"],
  async run(paths, tools, wishes) {
    const rounds = roundsOf(wishes);
    const [id = ""] = wishes.words;
    const test = id === CALLS || id.includes("/") ? DAMAGE : CUTS;
    const native = await buildSwiftSim(paths, tools, test, "build/fuzz/crash", rounds);
    return runProgram(paths, native);
  },
};

function roundsOf({ count, seed, words }: FuzzWishes): SimWishes[] {
  const [id, ...rest] = words;
  if (rest.length > 0) throw new Failure(`What is '${rest[0]}'? One id of a state is enough.`);
  if (id === CALLS) return [{ allKinds: 1 }];
  if (id !== undefined) return [{ seed, madeUp: MADE_UP, ...stateOf(id) }];
  if (count <= ROUND_STATES) return [{ seed, every: Math.floor(ROUND_STATES / Math.max(1, count)) }];
  const rounds = Math.ceil(count / LEAST_NEW);
  return Array.from({ length: rounds }, (_, index) => ({
    seed: seed + index,
    madeUp: index === 0 ? FEW_MADE_UP : MADE_UP,
    most: count,
  }));
}

/** What an id means: a state, a failing call (`scenario/call/kind`) or a flipped bit (`log/bit`). */
function stateOf(id: string): SimWishes {
  const [, scenario, call, kind] = /^(\d{1,3})\/(\d{1,6})\/([012])$/.exec(id) ?? [];
  if (scenario !== undefined) return { scenario: Number(scenario), call: Number(call), kind: Number(kind) };
  const [, place, bit] = /^(log|ring|roots)\/(\d{1,5})$/.exec(id) ?? [];
  if (place !== undefined) return { flips: PLACES.indexOf(place), bit: Number(bit) };
  if (!/^\d{1,3}(\.\d{1,4}\.\d{1,3}){0,2}$/.test(id))
    throw new Failure(
      `'${id}' is neither calls nor an id: scenario, scenario.cut.survivors, that and a second .cut.survivors, scenario/call/kind, log/bit, ring/bit, roots/bit.`,
    );
  return Object.fromEntries(id.split(".").map((number, index) => [FIELDS[index]!, Number(number)]));
}

/** Its lines are seen as they come; 0 where no state was wrong. */
function runProgram(paths: Paths, native: string): Promise<number> {
  const child = spawn(paths.of(native), [], { cwd: paths.root, stdio: ["ignore", "pipe", "inherit"] });
  let wrong = false;
  child.stdout.on("data", (chunk: Buffer) => {
    const text = chunk.toString("utf8");
    wrong ||= /^not ok /m.test(text);
    process.stdout.write(text);
  });
  return new Promise((resolve) => child.on("close", (status) => resolve(status === 0 && !wrong ? 0 : 1)));
}
