// The stack that the build counts is that of the machine code: every function of both linked programs has the frame that was
// counted for it, and calls nothing but what the call graph lets it reach.

import t from "tap";
import { buildPrograms, stackFacts, type StackFacts } from "../../tools/build/build.ts";
import { disassemble, functionsIn, type MachineFunction } from "../../tools/build/machine-code.ts";
import * as programs from "../../tools/build/programs.ts";
import { PUSHED_BYTES, runtimeNeed, UNKNOWN_BYTES } from "../../tools/build/stack.ts";
import { testTool, Toolbox } from "../../tools/environment.ts";
import { Paths } from "../../tools/paths.ts";
import { findRoot } from "./support/compiler.ts";

const paths = new Paths(findRoot());
/** What the processor pushes when an interrupt arrives; then come the stub of its vector and what all of them share. */
const PROCESSOR_BYTES = 5 * 8;
const INTERRUPT = ["kernel_interrupt_stubs", "interrupt_common"];

t.setTimeout(1_200_000);
await buildPrograms(paths, new Toolbox());

/** A linked program, and what the build knows of it. */
class Linked {
  private readonly reached = new Map<string, ReadonlySet<string>>();
  /** What stands on top of everything else, and is counted there. */
  private readonly entries: ReadonlySet<string>;

  constructor(
    program: programs.Program,
    readonly facts: StackFacts,
    readonly functions: ReadonlyMap<string, MachineFunction>,
  ) {
    this.entries = new Set(program.stacks.flatMap((entry) => entry.functions));
  }

  /** Made by rayc: in the graph, and its calls too. */
  isGenerated(name: string): boolean {
    return this.facts.callees.has(name) && !this.facts.runtime.has(name);
  }

  reach(name: string): ReadonlySet<string> {
    const known = this.reached.get(name);
    if (known !== undefined) return known;
    const found = new Set([name]);
    for (const one of found) for (const callee of this.facts.callees.get(one) ?? []) found.add(callee);
    this.reached.set(name, found);
    return found;
  }

  /** Whether a call is one that the build counts: along the graph, to an entry, or to the run-time. */
  isCounted(from: string, to: string): boolean {
    return this.reach(from).has(to) || this.entries.has(to) || !this.isGenerated(to);
  }

  /** What the deepest chain of the run-time's functions needs from this one on. */
  deepest(name: string): number {
    if (this.isGenerated(name) || this.entries.has(name)) return 0;
    return this.functions.get(name)!.stackBytes + 8 + this.deepestBelow(name);
  }

  deepestBelow(name: string): number {
    return Math.max(0, ...[...this.functions.get(name)!.targets].map((one) => this.deepest(one)));
  }
}

for (const [program, path] of [
  [programs.KERNEL, "build/debug/rayos.elf"],
  [programs.BOOT_MANAGER, "build/debug/rayboot.efi"],
] as const) {
  await t.test(`${path}: frames and calls are those that the build counts`, async (t) => {
    const linked = new Linked(
      program,
      stackFacts(paths, program),
      await disassemble(testTool("objdump"), paths.of(path)),
    );
    const functions = [...linked.functions.values()];
    const told = functions.filter(({ name }) => linked.facts.frames.has(name));
    t.ok(
      told.length > 200,
      `${told.length} of ${functions.length} functions have a frame that clang tells of`,
    );

    const frames = functions.filter(({ name }) => !INTERRUPT.includes(name));
    const larger = frames.filter(({ name, stackBytes }) => {
      const frame = linked.facts.frames.get(name);
      return stackBytes > (frame === undefined ? UNKNOWN_BYTES : frame + PUSHED_BYTES);
    });
    t.same(larger.map(described), [], "no frame is larger than was counted");

    const calls = functions.flatMap(({ name, targets }) => [...targets].map((to) => [name, to] as const));
    t.ok(calls.length > 500, `${calls.length} calls`);
    const uncounted = calls.filter(([from, to]) => !linked.isCounted(from, to));
    t.same(uncounted, [], "no call is outside the graph");

    const direct = new Set(calls.map(([, to]) => to));
    const mute = functions
      .filter(({ name, isIndirect }) => isIndirect && linked.isGenerated(name))
      .filter(({ name }) => ![...linked.reach(name)].some((one) => !direct.has(one)));
    t.same(
      mute.map(described),
      [],
      "who calls what a table names has something in the graph that only tables name",
    );

    const runtime = functions.filter(({ name }) => !INTERRUPT.includes(name) && !linked.isGenerated(name));
    const allowed = runtimeNeed(linked.facts.runtime);
    const deeper = runtime.filter(
      ({ name }) => linked.deepest(name) > allowed || linked.deepestBelow(name) > allowed,
    );
    t.same(deeper.map(described), [], `no chain of the run-time needs more than its ${allowed} bytes`);
  });
}

await t.test("an interrupt takes what is counted for it", async (t) => {
  const functions = await disassemble(testTool("objdump"), paths.of("build/debug/rayos.elf"));
  const pushed = INTERRUPT.reduce((sum, name) => sum + functions.get(name)!.stackBytes, PROCESSOR_BYTES);
  t.equal(pushed, programs.INTERRUPT_FRAME_BYTES);
});

await t.test("a listing: pushes, room, ways around, and what is called", async (t) => {
  const listing = `
0000000000001000 <outer>:
    1000:\tpush   %rbp
    1001:\tsub    $0x20,%rsp
    1005:\ttest   %eax,%eax
    1007:\tje     1020 <outer+0x20>
    1009:\tpush   $0x7
    100b:\tcall   2000 <inner>
    1010:\tadd    $0x8,%rsp
    1014:\tadd    $0x20,%rsp
    1018:\tpop    %rbp
    1019:\tret
    1020:\tpush   $0x1
    1022:\tpush   $0x2
    1024:\tcall   *0x8(%rax)
    1028:\tjmp    3000 <tail>

0000000000002000 <inner>:
    2000:\tret
`;
  const functions = functionsIn(listing);
  t.match(functions.get("outer"), { stackBytes: 8 + 32 + 16, isIndirect: true });
  t.same([...functions.get("outer")!.targets], ["inner", "tail"]);
  t.match(functions.get("inner"), { stackBytes: 0, isIndirect: false });
});

function described({ name, stackBytes }: MachineFunction): string {
  return `${name}: ${stackBytes} bytes`;
}
