/**
 * Command: one row of the table: what it is called, what it is for, how it is used, what it runs.
 *
 * Help, `--help`, completion and the command reference in the documents are all made from these rows.
 */
import { Session } from "./session.ts";

/** Runs a command whose own words are already skipped in `session.arguments`. */
export type Run = (session: Session) => void;

export class Command {
  constructor(
    /** One to three words: `bootmgr list`. */
    readonly name: string,
    /** One line for `help`. */
    readonly summary: string,
    /** The command line, then what needs to be said about it. No line end behind the last line. */
    readonly usage: string,
    /** Its options for completion, separated by spaces. */
    readonly options: string,
    readonly run: Run,
  ) {}
}
