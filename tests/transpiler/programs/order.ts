// Order of evaluation: every operand with an effect, and every operand that such an effect may change.

import { big, number, word } from "./support/output.ts";

class State {
  count: u32 = 0;
  readonly items = fixedArray<u32, 8>(8, () => 0);
  other: Node | null = null;

  next(): u32 {
    this.count = (this.count + 1) >>> 0;
    return this.count;
  }

  self(): State {
    word("self");
    return this;
  }

  take(a: u32, b: u32, c: u32): u32 {
    number(a);
    number(b);
    number(c);
    return ((a * 3) ^ (b * 5) ^ (c * 7)) >>> 0;
  }
}

class Node {
  value: u32 = 0;
}

const state = new State();
const first = new Node();
const second = new Node();
let global: u32 = 0;

function bump(): u32 {
  global = (global + 1) >>> 0;
  return global;
}

function said(text: string, value: boolean): boolean {
  word(text);
  return value;
}

export function operands(): void {
  number(bump() + global);
  number(global + bump());
  number(bump() - bump());
  number(global * 2 - bump());
  number(bump() + global * 10 - bump());
  number(Math.min(bump(), global));
  number(Math.max(global, bump()));
}

export function comparisons(): void {
  word(bump() < global ? "less" : "not less");
  word(global < bump() ? "less" : "not less");
  word(bump() === bump() ? "equal" : "unequal");
}

export function calls(): void {
  number(state.take(bump(), global, bump()));
  number(state.take(global, bump(), global));
  number(state.take(state.count, state.next(), state.count));
  number(state.self().take(state.next(), state.count, state.next()));
  number(state.take(state.items[1], fill(1), state.items[1]));
}

function fill(at: u32): u32 {
  state.items[at] = (state.items[at] + 5) >>> 0;
  return state.items[at];
}

export function assignments(): void {
  state.items[bump() & 7] = bump();
  state.items[global & 7] = bump();
  state.items[state.next() & 7] += bump();
  state.items[0] += fill(0);
  state.items[fill(0) & 7] = fill(1);
  global += bump();
  global = global + (bump() & 0xffff) * (global & 0xffff);
  state.count += state.next();
  state.self().count = state.next();
  state.self().items[state.next() & 7]++;
  for (const item of state.items) number(item);
  number(global);
  number(state.count);
}

export function logic(): void {
  word(said("a", true) && said("b", false) ? "yes" : "no");
  word(said("a", false) && said("b", true) ? "yes" : "no");
  word(said("a", true) || said("b", false) ? "yes" : "no");
  word((said("a", false) || said("b", true)) && !said("c", false) ? "yes" : "no");
  if (said("d", true) && (said("e", false) || said("f", true))) word("then");
  const kept = said("g", bump() > 3) && bump() > 2;
  word(kept ? "kept" : "dropped");
  let rounds: u32 = 0;
  while (rounds < 4 && bump() > 0 && said("round", rounds < 3)) rounds++;
  number(rounds);
}

export function choices(): void {
  const chosen = bump() > 100 ? bump() + 1000 : bump() * 2;
  number(chosen);
  number((bump() & 1) === 1 ? global : bump());
  number((said("odd", (global & 1) === 1) ? bump() : global) + bump());
  number(state.take(global > 2 ? bump() : 0, global, global > 5 ? global : bump()));
}

function pick(which: u32): Node {
  return which === 0 ? first : second;
}

export function places(): void {
  state.other = first;
  first.value = 1;
  second.value = 2;
  pick(bump() & 1).value = bump();
  pick(bump() & 1).value += bump();
  const node = state.other;
  node.value += swap();
  number(first.value);
  number(second.value);
  if (state.other !== null) state.other.value = swap();
  number(first.value);
  number(second.value);
}

function swap(): u32 {
  state.other = state.other === first ? second : first;
  return 40;
}

export function loops(): void {
  for (let i: u32 = bump() & 3; i < (bump() & 15); i = (i + bump()) & 15) number(i);
  for (let i: u32 = 0; i < 5 && bump() < 200; i++) {
    if ((bump() & 1) === 0) continue;
    number(i + global);
  }
  let i: u32 = 0;
  do {
    i++;
    if ((i & 1) === 0) continue;
    number(i);
  } while (i < 6 && bump() < 100);
  number(i);
}

export function updates(): void {
  let a: u32 = 0;
  let b: u32 = 9;
  for (a = 1, b = 5; a < b; a++, b--) number(a * 10 + b);
  for (let i: u32 = 0; i < 3; i = (i + 1 + (bump() & 0)) >>> 0) number(i);
  number(a + b);
}

class Wide {
  bits: u64 = 1n;
}

const wide = new Wide();

/** Changes what stands in the places that it is combined with. */
function disturb(): u32 {
  wide.bits ^= 0xf0n;
  state.count = (state.count + 100) & 0xffff;
  state.items[1] = (state.items[1] + 1000) & 0xffff;
  return state.count & 7;
}

export function placesThatTheirValuesChange(): void {
  state.count = 1;
  state.items[1] = 2;
  wide.bits |= BigInt(state.items[disturb() & 1]) << 8n;
  big(wide.bits);
  wide.bits ^= BigInt(disturb()) + (BigInt(disturb()) << 1n);
  big(wide.bits);
  state.count += disturb();
  number(state.count);
  state.items[1] += state.items[disturb() & 1];
  number(state.items[1]);
  state.items[bump() & 1] += disturb();
  number(state.items[0]);
  number(state.items[1]);
}
