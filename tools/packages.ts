// Packages: what is missing is named, then installed with apt-get by root, or with sudo if the person agrees; otherwise
// the exact command is printed. Nothing here runs on a machine that has everything.

import { spawnSync } from "node:child_process";
import { createInterface } from "node:readline/promises";
import {
  findLlvm,
  findProgram,
  llvmVersion,
  missingNeeds,
  type Need,
  type Purpose,
  Toolbox,
} from "./environment.ts";
import { Failure } from "./failure.ts";

/** Sees to it that everything for `purposes` is there, installing if need be; a Failure says what is not. */
export async function ensure(purposes: readonly Purpose[]): Promise<Toolbox> {
  const missing = missingNeeds(purposes);
  if (missing.length > 0) await install(missing);
  const still = missingNeeds(purposes);
  if (still.length > 0) throw new Failure(`Still missing after the installation: ${names(still)}.`);
  return new Toolbox();
}

function names(needs: readonly Need[]): string {
  return needs.map((need) => `${need.name} (${need.reason})`).join(", ");
}

async function install(missing: readonly Need[]): Promise<void> {
  console.error(`Missing: ${names(missing)}.`);
  if (findProgram("apt-get") === null) {
    throw new Failure(
      `Install it with your system's package manager; Debian's packages are ${wanted(missing, 19).join(" ")}.`,
    );
  }
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && !(await mayUseSudo(missing))) {
    const list = wanted(missing, availableLlvm()).join(" ");
    throw new Failure(
      `Run this, then try again:\n  sudo apt-get update && sudo apt-get install --yes ${list}`,
    );
  }
  const prefix = isRoot ? [] : ["sudo"];
  aptGet(prefix, ["update"]);
  const packages = wanted(missing, availableLlvm());
  console.error(`Installing with apt-get: ${packages.join(" ")}.`);
  aptGet(prefix, ["install", "--yes", "--no-install-recommends", ...packages]);
}

function aptGet(prefix: readonly string[], args: readonly string[]): void {
  const words = [
    ...prefix,
    "env",
    "DEBIAN_FRONTEND=noninteractive",
    "apt-get",
    "-qq",
    "-o",
    "Dpkg::Use-Pty=0",
    ...args,
  ];
  const outcome = spawnSync(words[0]!, words.slice(1), { stdio: ["inherit", 2, 2] });
  if (outcome.status !== 0) throw new Failure(`apt-get ${args.join(" ")} failed; what it says stands above.`);
}

async function mayUseSudo(missing: readonly Need[]): Promise<boolean> {
  if (findProgram("sudo") === null || !process.stdin.isTTY) return false;
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  const list = wanted(missing, availableLlvm()).join(" ");
  const answer = await ask.question(`Install ${list} with sudo apt-get now? [Y/n] `);
  ask.close();
  return /^(y|yes|)$/i.test(answer.trim());
}

function wanted(missing: readonly Need[], llvm: number): string[] {
  return [...new Set(missing.flatMap((need) => need.packages))].map((name) =>
    name.replace("%", String(llvm)),
  );
}

/** The LLVM that is there in part, or else the newest tried one that the repositories offer. */
function availableLlvm(): number {
  const clang = findLlvm("clang");
  if (clang !== null && llvmVersion(clang) >= 16) return llvmVersion(clang);
  const offered = [19, 18, 17, 16].find((version) =>
    /\S/.test(spawnSync("apt-cache", ["madison", `clang-${version}`], { encoding: "utf8" }).stdout ?? ""),
  );
  return offered ?? 19;
}
