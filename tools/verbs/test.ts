// test: everything, a group, or one file. TAP on the way, the totals in the last line.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { buildPrograms } from "../build/build.ts";
import { bundle } from "../bundle.mjs";
import { Failure } from "../failure.ts";
import { buildImage } from "../image/image.ts";
import { ensure } from "../packages.ts";
import type { Paths } from "../paths.ts";
import { findTests, GROUPS, isGroup, type TestFile } from "../testing/groups.ts";
import { parse, type Verb } from "./verb.ts";

const HELP = `node build.mjs test [${GROUPS.join("|")}] [name]

Runs all tests, those of a group, or those of it whose path contains the name. TAP goes to the standard output, and the
last line is "N passed, N failed, N skipped".

  docs        the pages: what is made from tables is current, what is written names what exists
  unit        the pure rooms, each test as checked JavaScript in Node and natively under ASan and UBSan, with equal output
  sim         a whole RayOS on one simulated disk: power cuts, failing calls, flipped bits, and builds that are broken on purpose
  transpiler  rayc: what it accepts, what it refuses, and what its output does
  format      the disks that are written, judged by sgdisk, fsck.vfat, mtools, e2fsck and debugfs
  fuzz        the parsers of outside bytes and the shell's line under libFuzzer, ASan and UBSan
  headless    whole machines in QEMU with UEFI firmware`;

/** For one test file: what takes longest boots a dozen times, on a machine that others may share. */
const FILE_DEADLINE_SECONDS = 1500;

interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const TEST: Verb = {
  name: "test",
  summary: "all tests, or those of a group: test unit|headless|… [name]",
  help: HELP,
  async run(paths, args) {
    const [group, name = ""] = parse("test", args, {}, 2).positionals;
    if (group !== undefined && !isGroup(group))
      throw new Failure(`There is no group '${group}', but ${GROUPS.join(", ")}.`);
    const totals = await runTests(paths, findTests(paths, group === undefined ? GROUPS : [group], name));
    console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
    return totals.failed === 0 ? 0 : 1;
  },
};

/** What is missing or does not build counts as one failed test, so that the last line is always there. */
async function runTests(paths: Paths, tests: readonly TestFile[]): Promise<Totals> {
  try {
    const needsMachine = tests.some((test) => test.group === "headless");
    const tools = await ensure(needsMachine ? ["build", "test", "run"] : ["build", "test"]);
    if (needsMachine) {
      await buildPrograms(paths, tools);
      await buildImage(paths, tools);
    }
    return await runSession(paths, tests);
  } catch (fault) {
    if (!(fault instanceof Failure)) throw fault;
    console.error(fault.message);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

async function runSession(paths: Paths, tests: readonly TestFile[]): Promise<Totals> {
  const session = await bundle(paths.root, "tools/testing/session.ts", "build/tool/session.mjs");
  const totalsFile = paths.of("build/tests/totals.json");
  mkdirSync(paths.of("build/tests"), { recursive: true });
  rmSync(totalsFile, { force: true });
  const environment = {
    ...process.env,
    PATH: `${process.env["PATH"] ?? ""}:/usr/local/sbin:/usr/sbin:/sbin`,
    TAP_TIMEOUT: String(FILE_DEADLINE_SECONDS),
    RAYOS_ROOT: paths.root,
  };
  const child = spawn(
    process.execPath,
    ["--enable-source-maps", session, paths.root, totalsFile, JSON.stringify(tests)],
    {
      stdio: ["ignore", "inherit", "inherit"],
      env: environment,
      cwd: paths.root,
    },
  );
  const status = await new Promise<number>((resolve) => child.on("close", (code) => resolve(code ?? -1)));
  if (!existsSync(totalsFile))
    throw new Failure(`The test session ended with status ${status} before its totals.`);
  const totals = JSON.parse(readFileSync(totalsFile, "utf8")) as Totals;
  // A session that fails without a failed test has a fault of its own, and that must not look like success.
  return status !== 0 && totals.failed === 0 ? { ...totals, failed: 1 } : totals;
}
