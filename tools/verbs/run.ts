// run: RayOS in QEMU, for a person: in a window, on the terminal, or over VNC.

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { buildPrograms } from "../build/build.ts";
import { quote } from "../child.ts";
import { missingNeeds, type Toolbox } from "../environment.ts";
import { Failure } from "../failure.ts";
import { buildImage } from "../image/image.ts";
import { ensure } from "../packages.ts";
import type { Paths } from "../paths.ts";
import { type Bus, type Display, type DiskDrive, type MachineType, qemuCommand } from "../qemu/command.ts";
import { copyVariables, keepDisk } from "../qemu/disk-file.ts";
import { Machine } from "../qemu/machine.ts";
import { isScene, prepareScene, type SceneName, SCENES } from "../qemu/scenes.ts";
import { freeVncNumber, hasDisplay, openViewer } from "../qemu/viewer.ts";
import { parse, type Verb } from "./verb.ts";

const HELP = `npm start -- [options]      (or: node build.mjs run [options])

Builds what is not fresh and starts RayOS in QEMU. The machine's serial line is this terminal (Ctrl-A X ends QEMU); its
screen is a window where there is a display, and VNC where there is none.

  --headless          no screen at all, only the serial line
  --disk FILE         a disk, made when it is missing (8 GiB), kept; may be given several times
  --scene NAME        a kept disk in build/run/, prepared for one thing, and what to try: installer (the stick and a disk), bootmgr
                      (an installed disk), recovery (one with a snapshot, a change and a crash); npm run installer is this
  --bus nvme|ahci     how disks are connected (default nvme)
  --usb, --no-usb     with or without the RayOS stick (default: with it). What the stick is written is forgotten
  --machine q35|pc    the chipset (default q35)
  --memory MIB        RAM (default 1024)
  --vnc               the screen over VNC: gvncviewer or remote-viewer is started where there is one
  --gdb               wait for gdb before the first instruction
  --screenshot FILE.png   boot to the prompt, write the screen there, and end
  --print             print the QEMU command, run nothing
  --help              this text`;

const OPTIONS = {
  headless: { type: "boolean", default: false },
  disk: { type: "string", multiple: true, default: [] as string[] },
  scene: { type: "string" },
  bus: { type: "string", default: "nvme" },
  usb: { type: "boolean", default: false },
  "no-usb": { type: "boolean", default: false },
  machine: { type: "string", default: "q35" },
  memory: { type: "string", default: "1024" },
  vnc: { type: "boolean", default: false },
  gdb: { type: "boolean", default: false },
  screenshot: { type: "string" },
  print: { type: "boolean", default: false },
} as const;

const PROMPT = "rayos> ";
const PROMPT_DEADLINE_MS = 120_000;

interface Wishes {
  readonly headless: boolean;
  readonly vnc: boolean;
  readonly gdb: boolean;
  readonly print: boolean;
  readonly screenshot: string | null;
  readonly diskFiles: readonly string[];
  readonly scene: SceneName | null;
  readonly bus: Bus;
  readonly machine: MachineType;
  readonly memoryMiB: number;
  readonly stick: boolean;
}

export const RUN: Verb = {
  name: "run",
  summary: "RayOS in QEMU",
  help: HELP,
  async run(paths, args) {
    const wishes = readWishes(args);
    const wantsWindow = hasDisplay() && !wishes.headless && !wishes.vnc && wishes.screenshot === null;
    const tools = await ensure(wantsWindow ? ["build", "run", "window"] : ["build", "run"]);
    await buildPrograms(paths, tools);
    await buildImage(paths, tools);
    const scene = wishes.scene === null ? null : await prepareScene(paths, tools, wishes.scene, wishes.bus);
    const disks = [...(scene === null ? [] : [scene.disk]), ...(await openDisks(tools, wishes))];
    if (scene !== null) console.error(scene.hint);
    if (wishes.screenshot !== null) return shoot(paths, tools, wishes, disks, resolve(wishes.screenshot));
    return start(paths, tools, wishes, disks, await chooseDisplay(wishes, wantsWindow));
  },
};

function readWishes(args: readonly string[]): Wishes {
  const { values } = parse("run", args, OPTIONS, 0);
  const { bus, machine } = values;
  if (bus !== "nvme" && bus !== "ahci") throw new Failure(`--bus is nvme or ahci, not '${bus}'.`);
  if (machine !== "q35" && machine !== "pc") throw new Failure(`--machine is q35 or pc, not '${machine}'.`);
  if (!/^\d{2,6}$/.test(values.memory))
    throw new Failure(`--memory is a number of MiB, not '${values.memory}'.`);
  const scene = values.scene ?? null;
  if (scene !== null && !isScene(scene))
    throw new Failure(`--scene is one of ${SCENES.join(", ")}, not '${scene}'.`);
  if (values.usb && values["no-usb"]) throw new Failure("--usb and --no-usb exclude each other.");
  return {
    headless: values.headless,
    vnc: values.vnc,
    gdb: values.gdb,
    print: values.print,
    screenshot: values.screenshot ?? null,
    diskFiles: values.disk,
    scene,
    bus,
    machine,
    memoryMiB: Number(values.memory),
    // An installed disk starts by itself.
    stick: values.usb || (!values["no-usb"] && (scene === null || scene === "installer")),
  };
}

async function openDisks(tools: Toolbox, wishes: Wishes): Promise<DiskDrive[]> {
  const disks: DiskDrive[] = [];
  for (const [index, file] of wishes.diskFiles.entries()) {
    const format = await keepDisk(tools, resolve(file));
    disks.push({ file: resolve(file), bus: wishes.bus, format, serial: `RAYOS-${index + 1}` });
  }
  return disks;
}

/** A window where there is one, else VNC beside the serial line. */
async function chooseDisplay(wishes: Wishes, wantsWindow: boolean): Promise<Display> {
  if (wishes.headless) return { kind: "none" };
  if (wantsWindow && missingNeeds(["window"]).length === 0) return { kind: "window" };
  return { kind: "vnc", number: await freeVncNumber() };
}

async function start(
  paths: Paths,
  tools: Toolbox,
  wishes: Wishes,
  disks: readonly DiskDrive[],
  display: Display,
): Promise<number> {
  // The printed command is for a person, who needs the copy of the variables that it names: it stays.
  const folder = wishes.print ? paths.of("build/run") : mkdtempSync(join(tmpdir(), "rayos-run-"));
  try {
    const command = qemuCommand(tools, {
      machine: wishes.machine,
      memoryMiB: wishes.memoryMiB,
      processors: 1,
      display,
      stick: wishes.stick ? paths.of(paths.image) : null,
      disks,
      variables: copyVariables(tools, folder),
      controlSocket: null,
      multiplexer: true,
      waitForDebugger: wishes.gdb,
    });
    if (wishes.print) {
      console.log(quote(command));
      return 0;
    }
    announce(wishes, display);
    const child = spawn(command[0]!, command.slice(1), { stdio: "inherit" });
    // Ctrl-C is for the machine; whoever ends this process ends QEMU too.
    process.on("SIGINT", () => undefined);
    for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill());
    return await new Promise((done) => child.on("close", (status) => done(status ?? 1)));
  } finally {
    if (!wishes.print) rmSync(folder, { recursive: true, force: true });
  }
}

function announce(wishes: Wishes, display: Display): void {
  if (process.stdin.isTTY) console.error("The serial line is this terminal; Ctrl-A X ends QEMU.");
  if (wishes.gdb) console.error("Waiting for gdb: gdb -x tools/debug/rayos.gdb -ex 'target remote :1234'");
  if (display.kind === "vnc") openViewer(display.number);
}

async function shoot(
  paths: Paths,
  tools: Toolbox,
  wishes: Wishes,
  disks: readonly DiskDrive[],
  picture: string,
): Promise<number> {
  mkdirSync(dirname(picture), { recursive: true });
  mkdirSync(paths.of("build/run"), { recursive: true });
  const machine = Machine.start(tools, {
    machine: wishes.machine,
    memoryMiB: wishes.memoryMiB,
    stick: wishes.stick ? paths.of(paths.image) : null,
    disks,
    transcriptFile: paths.of("build/run/screenshot.log"),
  });
  try {
    await machine.waitFor(PROMPT, PROMPT_DEADLINE_MS);
    await machine.screenshot(picture);
    console.error(`The screen is in ${picture}.`);
    return 0;
  } catch (fault) {
    throw new Failure(fault instanceof Error ? fault.message : String(fault));
  } finally {
    await machine.stop();
  }
}
