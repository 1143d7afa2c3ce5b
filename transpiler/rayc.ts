#!/usr/bin/env node
// rayc: TypeScript of the subset → C, or checked JavaScript. The command.

import { runBatch } from "./command/batch.ts";
import { readOptions, type Options } from "./command/options.ts";
import { diagnosticsText, writeFiles, writeOne } from "./command/output.ts";
import { joinFiles } from "./command/single-file.ts";
import { watchSources } from "./command/watch.ts";
import { Compiler, printProgram } from "./compiler.ts";
import { keepCode } from "./frontend/loaded-typescript.ts";
import type { Program } from "./tree.ts";

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if ("text" in options) {
    if (options.exitCode === 0) console.log(options.text);
    else console.error(options.text);
    return options.exitCode;
  }
  const compiler = new Compiler(options.root, options.cache);
  if (options.batch) return runBatch(compiler);
  if (options.watch) return watchSources(compiler, options.entry, () => watchedRound(compiler, options));
  return compileOnce(compiler, options);
}

/** One round; returns the exit code. */
function compileOnce(compiler: Compiler, options: Options): number {
  const { program, diagnostics } = compiler.round([options.entry], (compile) => compile(options.entry));
  if (options.json) console.log(JSON.stringify(diagnostics, null, options.watch ? 0 : 2));
  else if (program === null) console.error(diagnosticsText(diagnostics));
  if (program === null) return 1;
  return options.check ? 0 : write(program, options);
}

function write(program: Program, options: Options): number {
  const files = printProgram(program, options.emit);
  try {
    if (options.out === null) writeFiles(options.outDir, files);
    else writeOne(options.out, joinFiles(files, options.target));
    return 0;
  } catch (fault) {
    if (!(fault instanceof Error && "syscall" in fault)) throw fault;
    console.error(`rayc: cannot write there: ${fault.message}.`);
    return 2;
  }
}

function watchedRound(compiler: Compiler, options: Options): void {
  const start = performance.now();
  const code = compileOnce(compiler, options);
  if (options.json) return;
  const seconds = ((performance.now() - start) / 1000).toFixed(2);
  console.error(`${code === 0 ? "No errors" : "Errors"}, ${seconds} s. Waiting for changes.`);
}

process.exitCode = await main();
keepCode();
