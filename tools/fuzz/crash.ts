// Power cuts in numbers: the simulator's states (tests/sim), as many as wanted, or the one of an id.
//
// A round goes through all scenarios and takes of each first cut's recovery as many second cuts as the count leaves; more than a round
// has are made of further rounds, whose seeds choose other survivors.

import { spawn } from "node:child_process";
import { Failure } from "../failure.ts";
import type { Paths } from "../paths.ts";
import { buildSwiftSim, type SimWishes } from "../testing/sim-program.ts";
import type { FuzzTarget, FuzzWishes } from "./target.ts";

const TEST = "tests/sim/crash.test.ts";
/** About so many states after a second cut has a round that takes them all. */
const ROUND_STATES = 2_000_000;
const FIELDS = ["scenario", "cut", "survivors", "secondCut", "secondSurvivors"] as const;

export const CRASH: FuzzTarget = {
  name: "crash",
  summary: "power cuts of a whole RayOS and of its recovery, or one of them: fuzz crash 27.3.1.8.2",
  count: 1_000_000,
  counts: "states",
  purposes: ["build", "test"],
  async run(paths, tools, wishes) {
    const rounds = roundsOf(wishes);
    const native = await buildSwiftSim(paths, tools, TEST, "build/fuzz/crash", rounds);
    return runProgram(paths, native);
  },
};

function roundsOf({ count, seed, words }: FuzzWishes): SimWishes[] {
  const [id, ...rest] = words;
  if (rest.length > 0) throw new Failure(`What is '${rest[0]}'? One id of a state is enough.`);
  if (id !== undefined) return [{ seed, ...stateOf(id) }];
  const rounds = Math.max(1, Math.ceil(count / ROUND_STATES));
  const every = Math.max(1, Math.floor((rounds * ROUND_STATES) / Math.max(1, count)));
  return Array.from({ length: rounds }, (_, index) => ({ seed: seed + index, every }));
}

function stateOf(id: string): SimWishes {
  if (!/^\d{1,3}(\.\d{1,4}\.\d{1,3}){0,2}$/.test(id))
    throw new Failure(
      `'${id}' is no state: scenario, or scenario.cut.survivors, or that and a second .cut.survivors.`,
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
