// The command: what it prints, which exit codes it gives, and that no input ends it with a stack trace.

import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { Toolbox } from "../../tools/environment.ts";
import { findRoot } from "./support/compiler.ts";

const root = findRoot();
const rayc = join(root, "build/tool/rayc.mjs");
const folder = join(root, "build/tests/command");
const CLANG = new Toolbox().clang;
/** "Within seconds", on a machine with other work: a hang is what this finds. */
const DEADLINE_MS = 120_000;

const HELLO = 'export function main(): void {\n  print(utf8("hello\\n"));\n}\n';

t.setTimeout(1_200_000);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "package.json"), "{}\n");

function source(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

interface Said {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(...args: string[]): Said {
  return spawnSync(process.execPath, [rayc, ...args], {
    cwd: folder,
    encoding: "utf8",
    timeout: DEADLINE_MS,
  });
}

/** With every warning an error. */
function clang(...words: string[]): Said {
  return spawnSync(CLANG, ["-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter", ...words], {
    cwd: folder,
    encoding: "utf8",
  });
}

/** Exit code 1, a diagnostic of this code, no trace of the compiler's inside. */
function refuses(t: Tap, said: Said, code: RegExp): void {
  t.equal(said.status, 1, "exit code 1");
  t.match(said.stderr, code);
  t.notMatch(said.stderr, /\n {4}at |node:internal/, "no stack trace");
}
type Tap = Pick<typeof t, "equal" | "match" | "notMatch">;

await t.test("--help and --version answer; a wrong command line is exit code 2 and says why", async (t) => {
  t.match(run("--help"), { status: 0, stdout: /--out-dir DIR[^]*Exit code 0/ });
  const direct = spawnSync(rayc, ["--help"], { encoding: "utf8", timeout: DEADLINE_MS });
  t.match(direct, { status: 0, stdout: /--out-dir DIR/ }, "by itself, which is how npx starts it");
  const page = readFileSync(join(root, "docs/RAYC.md"), "utf8");
  t.ok(page.includes(`\`\`\`text\n${run("--help").stdout}\`\`\`\n`), "the page says what --help says");
  t.match(run("--version"), { status: 0, stdout: /^rayc \d+\.\d+\.\d+\n$/ });
  t.match(run(), { status: 2, stderr: /Name one entry file/ });
  t.match(run("a.ts", "b.ts"), { status: 2, stderr: /Name one entry file/ });
  t.match(run("a.ts", "--target", "arm"), {
    status: 2,
    stderr: /--target takes kernel, efi or host, not 'arm'/,
  });
  t.match(run("a.ts", "--emit", "wasm"), { status: 2, stderr: /--emit takes c or js, not 'wasm'/ });
  t.match(run("a.ts", "--fast"), { status: 2, stderr: /--fast/ });
  const hello = source("hello.ts", HELLO);
  t.match(run(hello, "-o", "package.json/main.c"), { status: 2, stderr: /cannot write there/ });
});

await t.test(
  "-o writes one C file that clang takes, whatever the order of functions: the kernel too",
  (t) => {
    const hello = `export function main(): void {
  greet((times) => times + 1);
}
function greet(more: (times: u8) => u8): void {
  for (let i: u8 = 0; i < more(1); i++) print(GREETING.bytes());
}
class Greeting {
  bytes(): Bytes {
    return utf8("hello\\n");
  }
}
const GREETING = new Greeting();
`;
    t.match(run(source("below.ts", hello), "-o", "below.c"), { status: 0, stderr: "" });
    t.match(clang("below.c", "-o", "below"), { status: 0, stderr: "" });
    t.equal(spawnSync(join(folder, "below"), [], { encoding: "utf8" }).stdout, "hello\nhello\n");
    const kernel = ["--root", root, join(root, "src/kernel/main.ts"), "--target", "kernel"];
    t.match(run(...kernel, "-o", "kernel.c"), { status: 0, stderr: "" });
    t.match(clang("kernel.c", "-fsyntax-only", "-ffreestanding"), { status: 0, stderr: "" });
    t.end();
  },
);

await t.test("--check writes nothing; --out-dir writes what files.txt lists", async (t) => {
  const hello = source("hello.ts", HELLO);
  t.match(run(hello, "--check", "--out-dir", "checked"), { status: 0, stdout: "", stderr: "" });
  t.notOk(existsSync(join(folder, "checked")), "nothing is written");
  mkdirSync(join(folder, "written"));
  writeFileSync(join(folder, "written/own.c"), "int own;\n");
  t.equal(run(hello, "--emit", "js", "--out-dir", "written").status, 0);
  t.equal(run(hello, "--out-dir", "written").status, 0);
  const names = readFileSync(join(folder, "written/files.txt"), "utf8").trim().split("\n");
  t.ok(names.includes("hello.c") && names.every((name) => existsSync(join(folder, "written", name))));
  t.notOk(existsSync(join(folder, "written/main.mjs")), "what the run before wrote is gone");
  t.ok(existsSync(join(folder, "written/own.c")), "what it did not write stays");
});

await t.test("what is kept of V8's work beside the command: damaged, it is as good as none", async (t) => {
  const code = join(root, "build/tool/typescript.code");
  t.equal(run(source("hello.ts", HELLO), "--check").status, 0);
  const bytes = readFileSync(code);
  bytes.fill(0xff, bytes.length / 2);
  for (const damaged of [bytes, Buffer.alloc(0), Buffer.from("nothing")]) {
    writeFileSync(code, damaged);
    t.match(run("hello.ts", "--check"), { status: 0, stdout: "", stderr: "" });
    t.notOk(readFileSync(code).equals(damaged), "it is written anew");
  }
});

await t.test("diagnostics as JSON", async (t) => {
  const wrong = source(
    "wrong.ts",
    "export function main(): void {\n  const a: u8 = 300;\n  assert(a == 1);\n}\n",
  );
  const said = run(wrong, "--json");
  t.equal(said.status, 1);
  const found = JSON.parse(said.stdout) as { code: string; file: string; line: number }[];
  t.ok(found.some((one) => one.code === "RAY0407" && one.file === "wrong.ts" && one.line === 3));
  t.same(JSON.parse(run(source("hello.ts", HELLO), "--json", "--check").stdout), []);
});

await t.test("what is no program: a diagnostic, exit code 1, no stack trace", async (t) => {
  refuses(t, run("absent.ts"), /RAY0101.*no such file/);
  refuses(t, run("."), /RAY0101.*no such file/);
  refuses(t, run(source("types.ts", 'export function main(): void {\n  const a: u8 = "";\n}\n')), /TS2322/);
  refuses(t, run(source("syntax.ts", "export function main(: void {\n")), /error TS1\d\d\d/);
  source("one.ts", 'import { two } from "./two.ts";\nexport function main(): void {\n  two();\n}\n');
  source("two.ts", 'import { main } from "./one.ts";\nexport function two(): void {\n  main();\n}\n');
  refuses(t, run("one.ts"), /RAY0102/);
  refuses(t, run(source("large.ts", `${HELLO}// ${"x".repeat(5 << 20)}\n`)), /RAY0101.*5121 KiB/);
  const [open, close] = ["(".repeat(10_000), ")".repeat(10_000)];
  refuses(
    t,
    run(source("deep.ts", `export const a: u32 = ${open}1${close};\n${HELLO}`)),
    /deep\.ts:1.*RAY0111/,
  );
  const noise = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 251));
  writeFileSync(join(folder, "noise.ts"), noise);
  refuses(t, run("noise.ts"), /error/);
});

await t.test(
  "what is nested without brackets: a sum of 100,000 terms, and others half as deep",
  async (t) => {
    const deep: Record<string, (count: number) => string> = {
      sum: (count) => `a = ${"a + ".repeat(2 * count)}1;`,
      conditions: (count) => `assert(${"a === 1 && ".repeat(count)}a === 1);`,
      choices: (count) => `a = ${"a === 5 ? 2 : ".repeat(count)}1;`,
      branches: (count) => `if (a === 0) a = 1;\n${"else if (a === 5) a = 2;\n".repeat(count / 10)}`,
      signs: (count) => `assert(${"!".repeat(count)}true);`,
      functions: (count) => `const f = ${"x => ".repeat(count)}1;`,
      types: (count) => `const f: ${"Span<".repeat(count)}u8${">".repeat(count)} = 1;`,
    };
    for (const [name, text] of Object.entries(deep)) {
      const main = (count: number): string =>
        `export function main(): void {\n  let a: u32 = 1;\n  ${text(count)}\n  assert(a === 1);\n}\n`;
      refuses(t, run(source(`${name}.ts`, main(50_000)), "--check"), /RAY0111/);
      const shallow = run(source(`${name}.ts`, main(100)), "--check");
      t.notMatch(shallow.stderr, /RAY0111| {4}at /, `${name}, a hundred deep`);
    }
  },
);

await t.test("what is long, not deep, compiles in seconds", async (t) => {
  const times = (count: number, one: (index: number) => string, between = "\n"): string =>
    Array.from({ length: count }, (_, index) => one(index)).join(between);
  const main = (text: string, before = ""): string =>
    `${before}\nexport function main(): void {\n  let a: u32 = 1;\n  ${text}\n  assert(a > 0);\n}\n`;
  const long: Readonly<Record<string, string>> = {
    variables: main(times(3000, (index) => `const v${index}: u32 = a;`)),
    conditions: main(`if (${times(290, (index) => `a !== ${index + 5}`, " && ")}) a = 1;`),
    cases: main(`switch (a) {\n${times(5000, (index) => `case ${index + 2}:\n a = 2;\n break;`)}\n}`),
    functions: main(
      "a = f4999(a);",
      times(5000, (index) => `function f${index}(x: u32): u32 {\n  return x;\n}`),
    ),
    instances: main(
      "a = f299<u32>(a);",
      `function f0<T>(x: T): T {\n  return x;\n}\n${times(299, (index) => `function f${index + 1}<T>(x: T): T {\n  return f${index}<T>(x);\n}`)}`,
    ),
    text: main(`print(utf8("${"x".repeat(1_000_000)}"));`),
  };
  for (const [name, text] of Object.entries(long))
    t.match(run(source(`long-${name}.ts`, text), "--check"), { status: 0, stderr: "" }, name);
});

await t.test("500 errors are 500 diagnostics", async (t) => {
  const lines = Array.from({ length: 500 }, (_, index) => `  if (value == ${index}) return;`);
  const head = "export function main(): void {\n  const value: u32 = 1;";
  const said = run(source("many.ts", `${head}\n${lines.join("\n")}\n}\n`));
  t.equal(said.status, 1);
  t.equal(said.stderr.match(/RAY0407/g)?.length, 500);
  t.match(said.stderr, /500 errors\./);
});

await t.test("--watch compiles again when a source changes", async (t) => {
  source("part.ts", 'export const TEXT: string = "one\\n";\n');
  const main = 'import { TEXT } from "./part.ts";\nexport function main(): void {\n  print(utf8(TEXT));\n}\n';
  const args = [rayc, source("watched.ts", main), "--watch", "-o", "watched.c"];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  t.teardown(() => child.kill());
  let said = "";
  const rounds = async (count: number): Promise<void> => {
    const end = Date.now() + DEADLINE_MS;
    while ((said.match(/Waiting for changes/g)?.length ?? 0) < count && Date.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 50));
  };
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString("utf8")));
  await rounds(1);
  t.match(readFileSync(join(folder, "watched.c"), "utf8"), /"one\\n"/);
  source("part.ts", "export const TEXT: u32 = 1;\n");
  await rounds(2);
  t.match(said, /watched\.ts:3.*TS2345/, "an error that the change brought into another module");
  source("part.ts", 'export const TEXT: string = "two\\n";\n');
  await rounds(3);
  t.match(readFileSync(join(folder, "watched.c"), "utf8"), /"two\\n"/);
});

await t.test("packed, it works from an empty folder: one C file, compiled and run", async (t) => {
  const pack = spawnSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder], {
    cwd: root,
    encoding: "utf8",
  });
  t.equal(pack.status, 0, "npm pack", { said: pack.stderr });
  const home = join(folder, "empty");
  const installed = join(home, "node_modules/rayos");
  mkdirSync(installed, { recursive: true });
  const archive = join(folder, pack.stdout.trim());
  t.equal(spawnSync("tar", ["-xzf", archive, "-C", installed, "--strip-components=1"]).status, 0);
  const { bin, dependencies } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as {
    bin: { rayc: string };
    dependencies: Record<string, string>;
  };
  // What npm would bring from the registry; here from the checkout.
  for (const name of Object.keys(dependencies))
    symlinkSync(join(root, "node_modules", name), join(home, "node_modules", name));
  writeFileSync(join(home, "main.ts"), HELLO);
  chmodSync(join(installed, bin.rayc), 0o755);
  mkdirSync(join(home, "node_modules/.bin"));
  symlinkSync(join("../rayos", bin.rayc), join(home, "node_modules/.bin/rayc"));
  writeFileSync(join(home, "package.json"), "{}\n");
  const words = ["--no-install", "rayc", "main.ts", "-o", "main.c"];
  const compiled = spawnSync("npx", words, { cwd: home, encoding: "utf8" });
  t.match(compiled, { status: 0, stderr: "" });
  t.match(clang(join(home, "main.c"), "-o", join(home, "main")), { status: 0, stderr: "" });
  t.equal(spawnSync(join(home, "main"), [], { encoding: "utf8" }).stdout, "hello\n");
});
