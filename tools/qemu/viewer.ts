// Viewers: where the machine's screen is served over VNC, the program that shows it, or how to connect.

import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { findProgram } from "../environment.ts";
import { Failure } from "../failure.ts";

/** VNC counts its displays from this port on. */
const FIRST_PORT = 5900;
const NUMBERS = 100;
/** QEMU listens by then. */
const START_AFTER_MS = 1000;

/** Whether a program started from here can open a window. */
export function hasDisplay(): boolean {
  return process.env["DISPLAY"] !== undefined || process.env["WAYLAND_DISPLAY"] !== undefined;
}

/** Starts a viewer where there is one and a display for it; otherwise says how to connect. A missing viewer is no error. */
export function openViewer(number: number): void {
  const viewers: readonly (readonly [string, string])[] = [
    ["gvncviewer", `127.0.0.1:${number}`],
    ["remote-viewer", `vnc://127.0.0.1:${FIRST_PORT + number}`],
  ];
  for (const [name, address] of hasDisplay() ? viewers : []) {
    const program = findProgram(name);
    if (program === null) continue;
    console.error(`The screen is in ${name}.`);
    setTimeout(() => {
      const viewer = spawn(program, [address], { stdio: "ignore", detached: true });
      viewer.on("error", (fault) =>
        console.error(`${name} does not start (${fault.message}): use any VNC viewer.`),
      );
      viewer.unref();
    }, START_AFTER_MS).unref();
    return;
  }
  console.error(`The screen is at 127.0.0.1:${FIRST_PORT + number} for any VNC viewer.`);
}

/** The first display number whose port is free. */
export async function freeVncNumber(): Promise<number> {
  for (let number = 0; number < NUMBERS; number++) if (await isFree(FIRST_PORT + number)) return number;
  throw new Failure(`No port from ${FIRST_PORT} to ${FIRST_PORT + NUMBERS - 1} is free for VNC.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once("error", () => done(false));
    server.listen(port, "127.0.0.1", () => server.close(() => done(true)));
  });
}
