// Machine code: what a linked program's functions call and how deep they go into the stack, read from objdump's listing.

import { runOrFail } from "../child.ts";

const DEADLINE_MS = 120_000;
const FUNCTION = /^[0-9a-f]+ <([^>]+)>:$/;
const INSTRUCTION = /^\s*([0-9a-f]+):\t(.*)$/;
const TARGET = /^(\w+)\s+(?:0x)?([0-9a-f]+) <([^>+]+)(\+0x[0-9a-f]+)?>/;
const WORD_BYTES = 8;

export interface MachineFunction {
  readonly name: string;
  /** The most that it has on the stack at one time, without its return address. */
  readonly stackBytes: number;
  /** The functions that it calls or goes on in. */
  readonly targets: ReadonlySet<string>;
  /** Whether it calls what a register or memory names. */
  readonly isIndirect: boolean;
}

/** The functions of a linked program, by name. */
export async function disassemble(objdump: string, path: string): Promise<Map<string, MachineFunction>> {
  const listing = await runOrFail(objdump, ["-d", "--no-show-raw-insn", path], {
    deadlineMs: DEADLINE_MS,
  });
  return functionsIn(listing);
}

/** `listing`: in AT&T's syntax. */
export function functionsIn(listing: string): Map<string, MachineFunction> {
  const functions = new Map<string, MachineFunction>();
  let name: string | null = null;
  let lines: [address: string, text: string][] = [];
  const finish = (): void => {
    if (name !== null) functions.set(name, readFunction(name, lines));
    lines = [];
  };
  for (const line of listing.split("\n")) {
    const begun = FUNCTION.exec(line);
    const instruction = INSTRUCTION.exec(line);
    if (begun !== null) {
      finish();
      name = begun[1]!;
    } else if (instruction !== null) lines.push([instruction[1]!, instruction[2]!.trim()]);
  }
  finish();
  return functions;
}

function readFunction(name: string, lines: readonly [address: string, text: string][]): MachineFunction {
  const targets = new Set<string>();
  /** How deep the stack is where a jump leads to. */
  const depths = new Map<string, number>();
  let isIndirect = false;
  let depth = 0;
  let deepest = 0;
  for (const [address, text] of lines) {
    depth = depths.get(address) ?? depth;
    const [, mnemonic, target, symbol, offset] = TARGET.exec(text) ?? [];
    if (mnemonic !== undefined && /^(call|j)/.test(mnemonic)) {
      if (symbol !== name && offset === undefined) targets.add(symbol!);
      if (symbol === name && mnemonic.startsWith("j") && !depths.has(target!)) depths.set(target!, depth);
    } else if (/^(notrack )?call\w*\s+\*/.test(text)) isIndirect = true;
    // With a frame that is still there it is a switch.
    else if (/^(notrack )?jmp\w*\s+\*/.test(text) && depth === 0) isIndirect = true;
    depth = /^jmp\b/.test(text) && symbol !== name ? 0 : depthAfter(text, depth);
    deepest = Math.max(deepest, depth);
  }
  return { name, stackBytes: deepest, targets, isIndirect };
}

/** How deep the stack is behind an instruction. */
function depthAfter(text: string, depth: number): number {
  if (/^push/.test(text)) return depth + WORD_BYTES;
  if (/^pop/.test(text)) return depth - WORD_BYTES;
  const [, operation, bytes] = /^(add|sub)q?\s+\$(-?0x[0-9a-f]+|-?\d+),%rsp/.exec(text) ?? [];
  if (operation === undefined) return depth;
  const value = bytes!.startsWith("-") ? -Number(bytes!.slice(1)) : Number(bytes);
  return operation === "sub" ? depth + value : depth - value;
}
