// Owners: whose storage a reference or view may point into, within one function, and what that function keeps.
//
// A pointer points into storage of a local, into what a parameter points to (near), into something reachable from there
// (deep), or elsewhere, which outlives everything. What is stored in a place may come out of it again wherever something
// is loaded from it, in whatever order the function does these things.

import type { Expression, FunctionInstance, Local, Statement, StructDeclaration, Type } from "../tree.ts";
import { parts } from "../types.ts";
import { isCall, POINTING, type Targets } from "./targets.ts";
import { childrenOf, ownExpressions } from "./walk.ts";

/** What a parameter points to, or something further along. */
export interface Reach {
  readonly index: number;
  readonly deep: boolean;
}

/** What a function does with its parameters, as texts of `Reach`, so that sets know them again. */
export interface Summary {
  /** What is kept → by what: a reach, or "world". */
  readonly kept: Map<string, Set<string>>;
  readonly returned: Set<string>;
}

/** `file`: whose line it is, where that is not the function's own. */
export type Report = (line: number, local: Local, keeper: string, file: string | null) => void;

/** What a pass needs to know of the rest of the program. */
export interface Surroundings {
  readonly targets: Targets;
  summaryOf(callee: FunctionInstance | StructDeclaration): Summary | null;
  /** Called where a local has storage, which may not be kept longer than that. */
  ownsStorage(): void;
}

/** Elsewhere, the storage of a local, or the text of a reach. */
type Owner = Local | string;
type Owners = ReadonlySet<Owner>;

const WORLD = "world";
const NOBODY: Owners = new Set();

export function newSummary(): Summary {
  return { kept: new Map(), returned: new Set() };
}

function reachText(index: number, deep: boolean): string {
  return `${index}${deep ? "*" : ""}`;
}

function reachOf(text: string): Reach {
  return { index: parseInt(text, 10), deep: text.endsWith("*") };
}

/** Where a local's storage ends: a block, and those around it. */
interface Scope {
  readonly outer: Scope | null;
}

export class Pass {
  private readonly pointsTo = new Map<Local, Set<Owner>>();
  private readonly contents = new Map<Owner, Set<Owner>>();
  private readonly scopes = new Map<Local, Scope>();
  private readonly indexes = new Map<Local, number>();
  private readonly ownScope: Scope = { outer: null };
  /** Whose lines the statements at hand are of. */
  private file: string | null = null;
  private changed = false;
  private summaryGrew = false;

  constructor(
    private readonly surroundings: Surroundings,
    private readonly parameters: readonly Local[],
    private readonly summary: Summary,
    private readonly report: Report | null,
  ) {
    parameters.forEach((local, index) => this.indexes.set(local, index));
  }

  /** A function's body. Gives whether the summary grew. */
  runBody(body: readonly Statement[]): boolean {
    this.place(body, this.ownScope);
    return this.settle(() => this.statements(body));
  }

  /** A constructor: field by field, then its statements. `this` is the first parameter. */
  runConstructor(struct: StructDeclaration): boolean {
    const self = new Set<Owner>([reachText(0, false)]);
    return this.settle(() => {
      for (const field of struct.fields) {
        if (field.parameter !== null) this.keep(field.line, this.ownersOfLocal(field.parameter), self);
        else if (field.initial !== null) this.initialize(field.line, field.initial, self);
      }
      this.statements(struct.constructorBody);
    });
  }

  /** Repeats until nothing new is found: there are only so many owners. */
  private settle(round: () => void): boolean {
    do {
      this.changed = false;
      round();
    } while (this.changed);
    return this.summaryGrew;
  }

  private place(statements: readonly Statement[], scope: Scope): void {
    for (const statement of statements) {
      if (statement.kind === "declare") this.scopes.set(statement.local, scope);
      if (statement.kind === "if") {
        this.place(statement.whenTrue, { outer: scope });
        this.place(statement.whenFalse, { outer: scope });
      } else if (statement.kind === "switch") {
        for (const one of statement.cases) this.place(one.body, { outer: scope });
      } else this.place(childrenOf(statement), { outer: scope });
    }
  }

  private statements(statements: readonly Statement[]): void {
    for (const statement of statements) {
      const { file } = this;
      if (statement.kind === "block" && statement.file !== undefined) this.file = statement.file;
      this.statement(statement);
      this.statements(childrenOf(statement));
      this.file = file;
    }
  }

  private statement(statement: Statement): void {
    const { line } = statement;
    if (statement.kind === "declare" && statement.value !== null) {
      const { local, value } = statement;
      if (local.storage.kind === "value") this.point(line, local, this.ownersOf(value));
      else {
        this.surroundings.ownsStorage();
        this.initialize(line, value, new Set([local]));
      }
    }
    if (statement.kind === "assign") {
      const { target } = statement;
      const owners = this.ownersOf(statement.value);
      if (target.kind === "local") this.point(line, target.local, owners);
      else this.keep(line, owners, this.holdersOf(target));
    }
    if (statement.kind === "return" && statement.value !== null)
      this.returns(line, this.ownersOf(statement.value));
    for (const value of ownExpressions(statement)) this.calls(line, value);
  }

  /** The objects that an assignment's place is in. */
  private holdersOf(target: Expression): Owners {
    return target.kind === "field" || target.kind === "index"
      ? this.ownersOf(target.object)
      : new Set<Owner>([WORLD]);
  }

  /** Storage that `holders` own gets its initial value. */
  private initialize(line: number, value: Expression, holders: Owners): void {
    if (value.kind === "construct") this.construct(line, value, holders);
    else if (value.kind === "elements") {
      if (value.make !== null) this.initialize(line, value.make, holders);
    } else this.keep(line, this.ownersOf(value), holders);
  }

  private construct(line: number, value: Expression & { kind: "construct" }, holders: Owners): void {
    const summary = this.surroundings.summaryOf(value.struct);
    if (summary === null) return;
    const given = [holders, ...value.parameters.map((part) => this.ownersOf(part))];
    this.applyKept(line, summary, given);
  }

  private refuse(line: number, owner: Local, keeper: string): void {
    this.report?.(line, owner, keeper, this.file);
  }

  /** A variable points there now. It must not live longer than the storage. */
  private point(line: number, local: Local, owners: Owners): void {
    for (const owner of owners) {
      if (typeof owner !== "string" && !this.endsWithin(local, owner))
        this.refuse(line, owner, `'${local.name}'`);
      this.add(this.pointsTo, local, owner);
    }
  }

  private endsWithin(inner: Local, outer: Local): boolean {
    const wanted = this.scopes.get(outer) ?? this.ownScope;
    for (
      let scope: Scope | null = this.scopes.get(inner) ?? this.ownScope;
      scope !== null;
      scope = scope.outer
    )
      if (scope === wanted) return true;
    return false;
  }

  private add<K>(map: Map<K, Set<Owner>>, key: K, owner: Owner): void {
    const known = map.get(key) ?? new Set<Owner>();
    if (known.has(owner)) return;
    map.set(key, known.add(owner));
    this.changed = true;
  }

  /** What `kept` owns can be reached from `holders` now. */
  private keep(line: number, kept: Owners, holders: Owners): void {
    for (const owner of kept) for (const holder of holders) this.keepIn(line, owner, holder);
  }

  private keepIn(line: number, owner: Owner, holder: Owner): void {
    if (owner === holder) return;
    if (typeof holder !== "string") {
      if (typeof owner !== "string" && !this.endsWithin(holder, owner))
        this.refuse(line, owner, `'${holder.name}'`);
      this.add(this.contents, holder, owner);
    } else if (typeof owner !== "string") this.refuse(line, owner, this.nameOf(holder));
    else if (owner !== WORLD) {
      if (holder !== WORLD) this.add(this.contents, holder, owner);
      const keepers = this.summary.kept.get(owner) ?? new Set();
      if (keepers.has(holder)) return;
      this.summary.kept.set(owner, keepers.add(holder));
      this.summaryGrew = true;
    }
  }

  private nameOf(holder: string): string {
    if (holder === WORLD) return "what outlives it";
    return `'${this.parameters[reachOf(holder).index]?.name ?? "the caller"}'`;
  }

  private returns(line: number, owners: Owners): void {
    for (const owner of owners) {
      if (typeof owner !== "string") this.refuse(line, owner, "the caller");
      else if (owner !== WORLD && !this.summary.returned.has(owner)) {
        this.summary.returned.add(owner);
        this.summaryGrew = true;
      }
    }
  }

  /** What the calls within an expression keep of their arguments. */
  private calls(line: number, value: Expression): void {
    parts(value).forEach((part) => this.calls(line, part));
    if (value.kind === "library" && value.name === "copy") {
      const [target, source] = value.parameters.map((part) => this.ownersOf(part));
      this.keep(line, this.load(source!), target!);
    }
    if (!isCall(value)) return;
    for (const { callee, parameters } of this.surroundings.targets.of(value)) {
      const summary = this.surroundings.summaryOf(callee);
      if (summary !== null && summary.kept.size > 0)
        this.applyKept(
          line,
          summary,
          parameters.map((part) => this.ownersOf(part)),
        );
    }
  }

  private applyKept(line: number, summary: Summary, given: readonly Owners[]): void {
    for (const [from, keepers] of summary.kept) {
      const kept = this.resolve(from, given);
      for (const keeper of keepers)
        this.keep(line, kept, keeper === WORLD ? new Set<Owner>([WORLD]) : this.resolve(keeper, given));
    }
  }

  /** What a callee's reach is here. */
  private resolve(text: string, given: readonly Owners[]): Owners {
    const { index, deep } = reachOf(text);
    const near = given[index] ?? NOBODY;
    return deep ? this.reachable(near) : near;
  }

  private reachable(near: Owners): Owners {
    const found = new Set<Owner>();
    for (let next = this.load(near); next.size > 0;) {
      const fresh = new Set([...next].filter((owner) => !found.has(owner)));
      for (const owner of fresh) found.add(owner);
      next = this.load(fresh);
    }
    return found;
  }

  /** What pointers that are stored in such places may point to. */
  private load(owners: Owners): Owners {
    const found = new Set<Owner>();
    for (const owner of owners) {
      for (const held of this.contents.get(owner) ?? NOBODY) found.add(held);
      if (owner === WORLD) found.add(WORLD);
      else if (typeof owner === "string") found.add(reachText(reachOf(owner).index, true));
    }
    return found;
  }

  private ownersOfLocal(local: Local): Owners {
    if (local.storage.kind !== "value") {
      this.surroundings.ownsStorage();
      return new Set([local]);
    }
    const pointed = this.pointsTo.get(local) ?? NOBODY;
    const index = local.name === "this" ? 0 : this.indexes.get(local);
    return index === undefined ? pointed : new Set([...pointed, reachText(index, false)]);
  }

  private ownersOf(value: Expression): Owners {
    if (!isPointer(value.type)) return NOBODY;
    switch (value.kind) {
      case "local":
        return this.ownersOfLocal(value.local);
      case "global":
        return new Set([WORLD]);
      case "field": {
        const object = this.ownersOf(value.object);
        return value.field.storage.kind === "value" ? this.load(object) : object;
      }
      case "index": {
        const object = this.ownersOf(value.object);
        return value.object.type.kind === "array" && value.object.type.embedded ? object : this.load(object);
      }
      case "toInterface":
      case "toUnion":
      case "asMember":
      case "nonNull":
      case "resultPart":
        return this.ownersOf(value.operand);
      case "choose":
        return new Set([...this.ownersOf(value.whenTrue), ...this.ownersOf(value.whenFalse)]);
      case "success":
        return value.value === null ? NOBODY : this.ownersOf(value.value);
      case "failure":
        return this.ownersOf(value.error);
      case "library":
        return POINTING.has(value.name) ? this.ownersOf(value.parameters[0]!) : NOBODY;
      case "call":
      case "dispatch":
      case "callValue":
        return this.ownersOfResult(value);
      default:
        return NOBODY;
    }
  }

  private ownersOfResult(value: Expression & { kind: "call" | "dispatch" | "callValue" }): Owners {
    const owners = new Set<Owner>();
    for (const { callee, parameters } of this.surroundings.targets.of(value)) {
      const summary = this.surroundings.summaryOf(callee);
      if (summary === null || summary.returned.size === 0) continue;
      const given = parameters.map((part) => this.ownersOf(part));
      for (const text of summary.returned) for (const owner of this.resolve(text, given)) owners.add(owner);
    }
    return owners;
  }
}

/** Whether values of this type point to storage. A string's bytes are never on a stack, and a function has none. */
function isPointer(type: Type): boolean {
  if (type.kind === "result") return isPointer(type.value) || isPointer(type.error);
  return POINTERS.has(type.kind);
}

const POINTERS: ReadonlySet<string> = new Set([
  ...["bytes", "view", "array", "reference", "interface", "union"],
]);
