// Generics: methods with type parameters of their own, and interfaces that are made for several types.

import { stored, truth } from "../expressions.ts";
import { add, some, type Programme } from "../feature.ts";
import { scalarType } from "../statements.ts";
import { given, ROUNDS } from "./captured.ts";

/** Methods for types that are written or told, static ones, and one that is given functions that capture. */
export function genericMethods(programme: Programme): void {
  const { random } = programme;
  const [kept, type] = [scalarType(programme.inner()), scalarType(programme.inner())];
  programme.lines.push(
    "class Keeper<K> {",
    `  uses: u32 = ${random.below(9)};`,
    "  constructor(public kept: K) {}",
    "  pick<T>(flag: boolean, one: T, other: T): T {",
    "    this.uses = (Math.imul(this.uses, 3) + 1) >>> 0;",
    "    return flag ? one : other;",
    "  }",
    "  handed<T>(next: K, value: T): T {",
    `    this.kept = this.pick((this.uses & ${random.pick([1, 2, 4])}) === 0, next, this.kept);`,
    "    return value;",
    "  }",
    "  each<T>(rounds: u8, from: T, step: (value: T, kept: K) => T): T {",
    "    let value: T = from;",
    "    for (let i: u8 = 0; i < rounds; i++) value = step(value, this.kept);",
    "    return value;",
    "  }",
    "  static first<T>(left: T, right: T): T {",
    `    return ${random.pick(["left", "right"])};`,
    "  }",
    "}",
    `const keeper = new Keeper<${kept}>(${programme.literal(kept)});`,
    "const holder = new Keeper(keeper);",
    "",
  );
  const call = (text: string, parameters: readonly (typeof type)[], result: typeof type): void =>
    void programme.callables.push({ text, parameters, result, cost: 5 });
  call(`keeper.pick<${type}>`, ["boolean", type, type], type);
  call(`holder.kept.handed<${type}>`, [kept, type], type);
  call(`Keeper.first<${type}>`, [type, type], type);
  add(programme, "keeps", ["u8", type], type, (scope) => {
    const first = `keeper.pick<${type}>(${truth(scope, 1)}, p1, ${stored(scope, type, 1)})`;
    scope.places.push({ text: "held", type, writable: true });
    const value = { text: "value", type } as const;
    const rounds = random.below(ROUNDS);
    return [
      `let held: ${type} = ${first};`,
      `number(holder.handed<u32>(keeper, ${stored(scope, "u32", 1)}));`,
      `held = keeper.each(${rounds}, held, ${given(scope, [value, { text: "kept", type: kept }], type)});`,
      `yes(holder.pick(${truth(scope, 1)}, keeper, holder.kept) === keeper);`,
      programme.show("keeper.pick(p0 > 3, held, p1)", type),
      ...some(scope, 1),
      "number(keeper.uses);",
      programme.show("keeper.kept", kept),
      "return keeper.handed(keeper.kept, held);",
    ];
  });
}

/** A class for every type, one of its own type, and functions that take their interface or their class. */
export function genericInterfaces(programme: Programme): void {
  const { random } = programme;
  const type = scalarType(programme.inner());
  programme.lines.push(
    "interface Source<T> {",
    "  get(at: u8): T;",
    "}",
    "interface Bank<T> extends Source<T> {",
    "  put(at: u8, value: T): void;",
    "}",
    "class Cells<T> implements Bank<T> {",
    "  puts: u8 = 0;",
    "  constructor(private first: T, private second: T) {}",
    "  get(at: u8): T {",
    "    return (at & 1) === 0 ? this.first : this.second;",
    "  }",
    "  put(at: u8, value: T): void {",
    "    if ((at & 1) === 0) this.first = value;",
    "    else this.second = value;",
    `    this.puts = (this.puts + ${random.pick(["1", "at"])}) & 0xff;`,
    "  }",
    "}",
    "class Mixed implements Bank<u32> {",
    `  sum: u32 = ${random.below(99)};`,
    "  get(at: u8): u32 {",
    `    return (this.sum ${random.pick(["+", "-", "^"])} at) >>> 0;`,
    "  }",
    "  put(at: u8, value: u32): void {",
    "    this.sum = (Math.imul(this.sum, 5) + value - at) >>> 0;",
    "  }",
    "}",
    `const cells = new Cells<${type}>(${programme.literal(type)}, ${programme.literal(type)});`,
    "const words = new Cells<u32>(3, 70000);",
    "const mixed = new Mixed();",
    "class Shelf {",
    "  store: Bank<u32> | null = null;",
    "}",
    "const shelf = new Shelf();",
    "",
  );
  interfaceUsers(programme);
  add(programme, "stores", ["boolean", "u8", type], type, (scope) => {
    scope.cost += 40;
    const other = random.pick(["words", "mixed", "store"]);
    return [
      "const store: Bank<u32> = p0 ? words : mixed;",
      "let source: Source<u32> = store;",
      `if (${truth(scope, 1)}) source = ${other};`,
      `number(exchanged(store, p1, ${stored(scope, "u32", 1)}));`,
      `number(summed(source, ${random.below(6)}));`,
      "yes(source === store);",
      `shelf.store = ${random.pick(["store", "p0 ? store : null", "p1 > 9 ? null : words"])};`,
      "const held: Source<u32> | null = shelf.store;",
      `number(held?.get(p1) ?? ${stored(scope, "u32", 1)});`,
      `number(direct<u32, ${random.pick(["Cells<u32>>(words", "Mixed>(mixed"])}, ${stored(scope, "u32", 1)}));`,
      programme.show(`direct<${type}, Cells<${type}>>(cells, ${stored(scope, type, 1)})`, type),
      programme.show("direct(cells, p2)", type),
      ...some(scope, 1),
      "number(cells.puts);",
      programme.show("exchanged(cells, p1, p2)", type),
      `return exchanged<${type}>(cells, ${stored(scope, "u8", 1)}, p2);`,
    ];
  });
}

/** Through a table, through that of an interface that is extended, and of the class itself. */
function interfaceUsers({ lines, random }: Programme): void {
  lines.push(
    "function exchanged<T>(store: Bank<T>, at: u8, value: T): T {",
    "  const old = store.get(at);",
    "  store.put(at, value);",
    "  return old;",
    "}",
    "function summed(source: Source<u32>, rounds: u8): u32 {",
    "  let sum: u32 = 0;",
    "  for (let i: u8 = 0; i < rounds; i++) sum = (sum + source.get(i)) >>> 0;",
    "  return sum;",
    "}",
    "function direct<T, S extends Bank<T>>(store: S, value: T): T {",
    "  store.put(1, value);",
    `  return store.get(${random.below(2)});`,
    "}",
    "",
  );
}
