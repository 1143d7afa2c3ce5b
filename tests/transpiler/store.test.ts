// The store of what was compiled: bounded, the longest unused first, and whatever is removed is taken from no build.

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import t from "tap";
import { ObjectStore } from "../../tools/build/store.ts";
import { findRoot } from "./support/compiler.ts";

const folder = join(findRoot(), "build/tests/store");
const [kept, build] = [join(folder, "kept"), join(folder, "build")];
const OBJECT_BYTES = 1000;
/** Room for three objects and what stands beside them. */
const BOUND = 3 * (OBJECT_BYTES + 10);

function keyOf(number: number): string {
  return `${number}`.padStart(64, "0");
}

/** The files of an object in a build: what it needs of stack, and itself. */
function filesOf(name: string): [string, string] {
  return [join(build, `${name}.su`), join(build, `${name}.o`)];
}

function made(name: string, text: string): [string, string] {
  const files = filesOf(name);
  for (const file of files) rmSync(file, { force: true });
  writeFileSync(files[0], text.padEnd(10));
  writeFileSync(files[1], text.padEnd(OBJECT_BYTES));
  return files;
}

/** The numbers of what the store has whole. */
function inStore(): number[] {
  const names = readdirSync(kept);
  const objects = names.filter((name) => name.endsWith(".o") && names.includes(name.replace(".o", ".su")));
  return objects.map((name) => Number(name.slice(0, 64))).sort();
}

/** The system's clock tells files of different times apart. */
function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}

t.beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(build, { recursive: true });
});

await t.test("what no build has any more goes beyond the bound, the longest unused first", async (t) => {
  const store = new ObjectStore(kept, BOUND);
  for (let number = 1; number <= 6; number++) {
    for (const file of made("own", `${number}`)) t.ok(existsSync(file));
    store.put(keyOf(number), filesOf("own"));
    await tick();
  }
  t.ok(store.take(keyOf(2), filesOf("again")), "the second is used again");
  for (const file of filesOf("again")) rmSync(file);
  for (const file of filesOf("own")) rmSync(file);
  store.prune();
  t.same(inStore(), [2, 5, 6], "three have room: the last ones, and the one that was used");
  t.notOk(store.take(keyOf(1), filesOf("gone")), "what was removed is to be compiled again");
  t.ok(store.take(keyOf(5), filesOf("there")));
  t.equal(readFileSync(filesOf("there")[1], "utf8").trim(), "5");
});

await t.test("what a build has stays, however old and large, and is no part of the bound", async (t) => {
  const store = new ObjectStore(kept, BOUND);
  for (let number = 1; number <= 9; number++) store.put(keyOf(number), made(`own${number}`, `${number}`));
  store.prune();
  t.same(inStore(), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

await t.test("removing takes nothing from a build, and what lacks a part counts as missing", async (t) => {
  const store = new ObjectStore(kept, 0);
  store.put(keyOf(1), made("own", "1"));
  rmSync(filesOf("own")[0]);
  store.prune();
  t.same(inStore(), [1], "one of its files is in a build");
  rmSync(join(kept, `${keyOf(1)}.su`));
  t.notOk(store.take(keyOf(1), filesOf("other")));
  t.equal(statSync(filesOf("own")[1]).size, OBJECT_BYTES);
});

await t.test("two builds prune one store at once; what an ended one left goes after its time", async (t) => {
  const [first, second] = [new ObjectStore(kept, 0), new ObjectStore(kept, 0)];
  first.put(keyOf(1), made("own", "1"));
  second.put(keyOf(2), made("own", "2"));
  const young = join(kept, `${keyOf(3)}.o.4711`);
  writeFileSync(young, "at work");
  utimesSync(young, 0, 0);
  for (const file of filesOf("own")) rmSync(file);
  first.prune();
  second.prune();
  t.same(readdirSync(kept), [`${keyOf(3)}.o.4711`], "its name is young, whatever its content's time");
});
