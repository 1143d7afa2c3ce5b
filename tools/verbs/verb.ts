// Verb: one word of the front door.

import { parseArgs, type ParseArgsConfig } from "node:util";
import { Failure } from "../failure.ts";
import type { Paths } from "../paths.ts";

export interface Verb {
  readonly name: string;
  /** One line for the overview. */
  readonly summary: string;
  readonly help: string;
  /** True where `--help` is answered by the verb itself. */
  readonly ownHelp?: boolean;
  /** Does it; returns the exit status. */
  run(paths: Paths, args: readonly string[]): Promise<number>;
}

/** Options and words of a verb; a wrong one is a Failure that names it. */
export function parse<T extends NonNullable<ParseArgsConfig["options"]>>(
  verb: string,
  args: readonly string[],
  options: T,
  positionals: number,
) {
  try {
    const parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
    if (parsed.positionals.length > positionals)
      throw new Error(`Too many words: '${parsed.positionals[positionals]}'`);
    return parsed;
  } catch (fault) {
    const message = fault instanceof Error ? fault.message.split(". ")[0]!.replace(/\.$/, "") : String(fault);
    throw new Failure(`${message}. See node build.mjs ${verb} --help.`);
  }
}
