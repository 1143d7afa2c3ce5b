// Who may import whom: the house of the specification's "style", as a compile error (RAY0104).

const PURE = ["base", "format", "policy"] as const;
const EVERYTHING = [
  ...PURE,
  "device",
  "machine",
  "driver",
  "hypervisor",
  "storage",
  "service",
  "shell",
] as const;

/** Room → rooms that it may import, besides itself. `uefi` is the folder of that name beside `src/`. */
export const LAYERS: Readonly<Record<string, readonly string[]>> = {
  base: [],
  format: ["base"],
  policy: ["base", "format"],
  device: ["base"],
  machine: ["base", "device", "format"],
  driver: ["base", "format", "device", "machine"],
  hypervisor: ["base", "format", "policy", "device", "machine"],
  storage: ["base", "format", "device"],
  service: ["base", "format", "policy", "device", "storage"],
  shell: ["base", "policy", "device", "service"],
  uefi: ["base"],
  bootmgr: [...PURE, "device", "storage", "service", "uefi"],
  kernel: EVERYTHING,
};

/** Rooms without hardware, where a parameter may have a default value. */
export const PURE_ROOMS: readonly string[] = PURE;

/** Rooms that may declare intrinsics. */
export const HARDWARE_ROOMS: readonly string[] = ["machine", "uefi"];

/** Rooms that may read and write a device's registers. */
const REGISTER_ROOMS: readonly string[] = [...HARDWARE_ROOMS, "driver", "hypervisor", "kernel"];

export function mayTouchRegisters(file: string): boolean {
  const room = roomOf(file);
  return room === null || REGISTER_ROOMS.includes(room);
}

/** Whether a file may declare intrinsics. Outside the house, in other projects and in examples, the folder's name decides. */
export function isHardwareRoom(file: string): boolean {
  const room = roomOf(file) ?? /([^/]+)\/[^/]+$/.exec(file)?.[1] ?? "";
  return HARDWARE_ROOMS.includes(room);
}

/** The room of a file, or `null` outside the house (tests, examples: they may import anything). */
export function roomOf(file: string): string | null {
  if (file.startsWith("uefi/")) return "uefi";
  const match = /^src\/([^/]+)\//.exec(file);
  return match === null ? null : match[1]!;
}

export function mayImport(from: string, to: string): boolean {
  const room = roomOf(from);
  const target = roomOf(to);
  if (room === null) return true;
  if (target === null) return false;
  return room === target || (LAYERS[room] ?? []).includes(target);
}
