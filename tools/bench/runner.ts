// Runs one program of `bench rayc` in Node, as the driver in C does: runner.mjs MODULE INPUT WORK-BYTES MILLISECONDS.
//
// The module says by its name what it is: WebAssembly, or a script that exports `run` over two views of bytes.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

interface Prepared {
  run(): number;
  /** What the program wrote. */
  work(): Uint8Array;
}

interface Script {
  prepare(input: Uint8Array, work: Uint8Array): () => number;
}

interface Wasm {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  run(input: number, length: number, work: number): number;
}

declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: unknown } }>;
};

const PAGE_BYTES = 65536;

async function main(): Promise<void> {
  const [path, inputPath, workBytes, milliseconds] = process.argv.slice(2) as [
    string,
    string,
    string,
    string,
  ];
  const input = readFileSync(inputPath);
  const prepared = path.endsWith(".wasm")
    ? await prepareWasm(path, input, Number(workBytes))
    : await prepareScript(path, input, Number(workBytes));
  const result = prepared.run() >>> 0;
  const sum = checksum(prepared.work());
  let best = process.hrtime.bigint();
  const end = process.hrtime.bigint() + BigInt(milliseconds) * 1_000_000n;
  do {
    const before = process.hrtime.bigint();
    prepared.run();
    const passed = process.hrtime.bigint() - before;
    if (passed < best) best = passed;
  } while (process.hrtime.bigint() < end);
  console.log(`${result} ${sum} ${best}`);
}

async function prepareScript(path: string, input: Uint8Array, workBytes: number): Promise<Prepared> {
  const script = (await import(pathToFileURL(resolve(path)).href)) as Script;
  const work = new Uint8Array(workBytes);
  const run = script.prepare(Uint8Array.from(input), work);
  return { run, work: () => work };
}

/** Input and work stand behind what the program has of its own. */
async function prepareWasm(path: string, input: Uint8Array, workBytes: number): Promise<Prepared> {
  const abort = (): never => {
    throw new Error(`${path} aborted`);
  };
  const { instance } = await WebAssembly.instantiate(readFileSync(path), { env: { abort } });
  const { memory, run } = instance.exports as Wasm;
  const inputAt = memory.grow(Math.ceil((input.length + workBytes) / PAGE_BYTES) + 1) * PAGE_BYTES;
  const workAt = inputAt + Math.ceil(input.length / 16) * 16;
  new Uint8Array(memory.buffer).set(input, inputAt);
  return {
    run: () => run(inputAt, input.length, workAt),
    work: () => new Uint8Array(memory.buffer, workAt, workBytes),
  };
}

function checksum(bytes: Uint8Array): number {
  let sum = 0x811c9dc5;
  for (const byte of bytes) sum = Math.imul(sum ^ byte, 0x01000193);
  return sum >>> 0;
}

await main();
