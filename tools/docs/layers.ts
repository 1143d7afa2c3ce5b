// LAYERS.md: which room may import which, from transpiler/layers.ts; what each room is, from its own README.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { HARDWARE_ROOMS, LAYERS, mayImport } from "../../transpiler/layers.ts";
import { code, page, table } from "./markdown.ts";

/** The text of docs/LAYERS.md. */
export function layersPage(root: string): string {
  const rooms = Object.keys(LAYERS);
  const lines = [
    "Imports go down, data goes up. A module that imports from a room it may not is refused by rayc (`RAY0104`), and only",
    `${HARDWARE_ROOMS.map(code).join(" and ")} may declare intrinsics, which is where addresses, ports and firmware begin (\`RAY0108\`).`,
    "Tests and examples stand outside the house and may import anything.",
    "",
    ...table(
      ["Room", "Is", "May import"],
      rooms.map((room) => [
        roomLink(room),
        subject(root, room),
        LAYERS[room]!.map(code).join(", ") || "nothing",
      ]),
    ),
    "",
    "The same, seen from both sides: the room of a row may import those marked in it.",
    "",
    ...table(
      ["", ...rooms.map(code)],
      rooms.map((room) => [`**${code(room)}**`, ...rooms.map((target) => mark(room, target))]),
    ),
  ];
  return page("Who may import whom", "`transpiler/layers.ts` and the rooms' READMEs", lines);
}

function folderOf(room: string): string {
  return room === "uefi" ? "uefi" : `src/${room}`;
}

function roomLink(room: string): string {
  return `[${code(`${folderOf(room)}/`)}](../${folderOf(room)}/README.md)`;
}

function mark(room: string, target: string): string {
  if (room === target) return "—";
  return mayImport(`${folderOf(room)}/a.ts`, `${folderOf(target)}/b.ts`) ? "●" : "";
}

/** A room's title without its name: "# base: the ground everybody stands on". */
function subject(root: string, room: string): string {
  const path = join(root, folderOf(room), "README.md");
  if (!existsSync(path)) throw new Error(`${path} is missing: every room says what it is`);
  const title = readFileSync(path, "utf8").split("\n")[0]!;
  return title.replace(/^# \w+: /, "");
}
