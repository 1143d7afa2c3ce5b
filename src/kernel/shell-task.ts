/** ShellTask: the shell as a task of the event loop. */
import { Shell } from "../shell/shell.ts";
import { Task } from "./event-loop.ts";

export class ShellTask implements Task {
  constructor(private readonly shell: Shell) {}

  step(): boolean {
    return this.shell.step();
  }
}
