// Batch: many programs in one process, which reads and checks what they share once. Jobs come as JSON on the standard input; as
// each is done, a line of JSON on the standard output says so, so that a build can go on with it.

import { readFileSync, writeSync } from "node:fs";
import { resolve } from "node:path";
import { printProgram, type Compiler, type Emit } from "../compiler.ts";
import { diagnosticsText, writeFiles } from "./output.ts";

/** One program and where its files go. */
export interface BatchJob {
  readonly entry: string;
  readonly outputs: readonly { readonly emit: Emit; readonly folder: string }[];
}

/** What is said of a job; `errors` is empty when its files are written. */
export interface BatchReport {
  readonly entry: string;
  readonly errors: string;
}

/** Does the jobs of the standard input; returns the exit code. */
export function runBatch(compiler: Compiler): number {
  const jobs = JSON.parse(readFileSync(0, "utf8")) as readonly BatchJob[];
  let failed = false;
  compiler.round(
    jobs.map((job) => resolve(job.entry)),
    (compile) => {
      for (const job of jobs) {
        const { program, diagnostics } = compile(resolve(job.entry));
        if (program === null) failed = true;
        else for (const { emit, folder } of job.outputs) writeFiles(folder, printProgram(program, emit));
        const report: BatchReport = {
          entry: job.entry,
          errors: program === null ? diagnosticsText(diagnostics) : "",
        };
        writeSync(1, `${JSON.stringify(report)}\n`);
      }
    },
  );
  return failed ? 1 : 0;
}
