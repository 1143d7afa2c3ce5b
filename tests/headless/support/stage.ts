// What every headless test stands on: the checkout, the tools, and a folder for the disks and transcripts of one test.
//
// Transcripts stay in build/headless/<test>/ for whoever looks into a failure; disks are large and go when the test ends.

import { linkSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Toolbox } from "../../../tools/environment.ts";
import { Paths } from "../../../tools/paths.ts";
import { Machine, type MachinePlan } from "../../../tools/qemu/machine.ts";

export { ANSWER_DEADLINE_MS, BOOT_DEADLINE_MS, PROMPT } from "../../../tools/qemu/operator.ts";

export class Stage {
  readonly paths = new Paths(process.env["RAYOS_ROOT"] ?? process.cwd());
  readonly tools = new Toolbox();
  readonly folder: string;
  /** The installation stick. */
  readonly image: string;
  private readonly machines: Machine[] = [];
  private readonly disks: string[] = [];
  private boots = 0;

  constructor(test: string) {
    this.folder = this.paths.of("build/headless", test);
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
    // A build that runs meanwhile puts a new image in the old one's place; this test goes on with the one that it began with.
    this.image = this.disk("stick.img");
    linkSync(this.paths.of(this.paths.image), this.image);
  }

  /** A file that is removed at the end. */
  disk(name: string): string {
    const path = join(this.folder, name);
    this.disks.push(path);
    return path;
  }

  /** Starts a machine whose transcript is `<number>-<name>.log`. */
  start(name: string, plan: Omit<MachinePlan, "transcriptFile">): Machine {
    this.boots++;
    const machine = Machine.start(this.tools, {
      ...plan,
      transcriptFile: join(this.folder, `${this.boots}-${name}.log`),
    });
    this.machines.push(machine);
    return machine;
  }

  /** Ends what still runs and removes the disks. */
  async strike(): Promise<void> {
    for (const machine of this.machines) await machine.stop();
    for (const disk of this.disks) rmSync(disk, { force: true });
  }
}
