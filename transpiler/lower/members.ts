// Members: of which classes a union may be at a point of a function, beyond its type. What conditions and assignments say of a
// variable is kept for as long as no other assignment or loop is in the way, as tsc does it.
//
// It decides what a program may do, not only which checks vanish: where nothing is known, a field of one class is refused.
//
// Of a path (`frame.shape`, from a variable by way of fields) it is kept too: of readonly fields of what is never assigned for
// as long as it is, of others until something is called, a loop begins, or one of its fields is assigned in any instance.

import type { Expression, Field, Local, StructDeclaration } from "../tree.ts";
import { hasEffects } from "../types.ts";

/** A variable, the value of a Result in a variable that keeps it, or a field of such. */
type Place = object;

/** A field of what another place refers to. */
class Path {
  constructor(
    readonly root: Place,
    readonly fields: readonly Field[],
    /** Nothing is ever assigned to any part of it. */
    readonly isFixed: boolean,
  ) {}
}
type Structs = ReadonlySet<StructDeclaration>;
type Restriction = ReadonlyMap<Place, Structs>;

export type MembersSnapshot = ReadonlyMap<Place, Structs>;

const NOTHING: Restriction = new Map();

export class Members {
  private known = new Map<Place, Structs>();
  /** Conditions that a boolean stands for. */
  private readonly meanings = new Map<Local, Expression>();
  /** The place of the value of each Result. */
  private readonly values = new Map<Local, Place>();
  /** Fields of each place that were asked for. */
  private readonly paths = new Map<Place, Map<Field, Path>>();

  /** The classes that it may be of, in the order of its type. */
  of(e: Expression): readonly StructDeclaration[] {
    if (e.type.kind !== "union") return [];
    const place = this.placeOf(e, false, false);
    const known = place === null ? undefined : this.known.get(place);
    return known === undefined ? e.type.members : e.type.members.filter((one) => known.has(one));
  }

  snapshot(): MembersSnapshot {
    return new Map(this.known);
  }

  restore(snapshot: MembersSnapshot): void {
    this.known = new Map(snapshot);
  }

  /** Keeps what holds on both ways that meet here. */
  merge(other: MembersSnapshot): void {
    for (const [place, mine] of this.known) {
      const theirs = other.get(place);
      if (theirs === undefined) this.known.delete(place);
      else this.known.set(place, new Set([...mine, ...theirs]));
    }
  }

  forget(locals: ReadonlySet<Place>): void {
    for (const place of this.known.keys())
      if (locals.has(place) || (place instanceof Path && locals.has(place.root))) this.known.delete(place);
  }

  /** Something was called: it may have assigned whatever can be assigned. */
  forgetOpen(): void {
    for (const place of this.known.keys()) if (!this.isClosed(place)) this.known.delete(place);
  }

  /** Whether only this function can assign it. */
  private isClosed(place: Place): boolean {
    return place instanceof Path ? place.isFixed : !("constant" in place) || place.constant === true;
  }

  /** A field, or a variable of a module, was given this value. */
  store(target: Expression, value: Expression): void {
    const { type } = target;
    if (type.kind !== "union" && this.known.size === 0) return;
    const place = this.placeOf(target, false, false);
    for (const one of this.known.keys()) {
      const isOf = target.kind === "field" && one instanceof Path && one.fields.includes(target.field);
      const isBelow = one instanceof Path && one.root === place;
      if (isOf || isBelow || one === place) this.known.delete(one);
    }
    // A path that goes through the same field twice may lead elsewhere by now.
    const isOnce = !(place instanceof Path) || new Set(place.fields).size === place.fields.length;
    if (place === null || type.kind !== "union" || !isOnce) return;
    const found = this.membersOf(value);
    if (found.size < type.members.length) this.known.set(place, found);
  }

  /** `local` was given this value. */
  assign(local: Local, value: Expression): void {
    if (local.type.kind === "union") {
      const found = this.membersOf(value);
      if (found.size < local.type.members.length) this.known.set(local, found);
      else this.known.delete(local);
    }
    if (local.type.kind === "boolean" && local.stable) this.mean(local, value);
  }

  /** A boolean that is true exactly where this condition is. */
  mean(local: Local, condition: Expression): void {
    this.meanings.set(local, condition);
  }

  /** From here on `condition` is known to have been `outcome`. */
  assume(condition: Expression, outcome: boolean): void {
    for (const [place, allowed] of this.restriction(condition, outcome, false, false))
      this.narrow(place, allowed);
  }

  /** From here on the discriminant that `tag` reads is known to be one of these. */
  limit(tag: Expression, values: readonly bigint[]): void {
    const place = tag.kind === "tag" ? this.placeOf(tag.operand, false, false) : null;
    if (place !== null) this.narrow(place, new Set(membersWith(tag, (value) => values.includes(value))));
  }

  private narrow(place: Place, allowed: Structs): void {
    const before = this.known.get(place);
    this.known.set(
      place,
      before === undefined ? allowed : new Set([...before].filter((one) => allowed.has(one))),
    );
  }

  /** Null is of no class. */
  private membersOf(value: Expression): Structs {
    if (value.kind === "toUnion" && value.operand.type.kind === "reference")
      return new Set([value.operand.type.struct]);
    if (value.kind === "choose")
      return new Set([...this.membersOf(value.whenTrue), ...this.membersOf(value.whenFalse)]);
    if (value.kind === "nonNull") return this.membersOf(value.operand);
    return new Set(value.kind === "constant" ? [] : this.of(value));
  }

  /** `fixed`: only what nothing is ever assigned to. `isLate`: of paths only these. */
  private placeOf(e: Expression, fixed: boolean, isLate: boolean): Place | null {
    switch (e.kind) {
      case "nonNull":
      case "asMember":
        return this.placeOf(e.operand, fixed, isLate);
      case "local":
        return e.local.stable || !fixed ? e.local : null;
      case "global":
        return e.global.constant || !(fixed || isLate) ? e.global : null;
      case "resultPart":
        return e.part === "value" && e.operand.kind === "local" && e.operand.local.stable
          ? this.valueOf(e.operand.local)
          : null;
      case "field": {
        const base = this.placeOf(e.object, false, false);
        const path = base === null ? null : this.pathOf(base, e.field);
        return path !== null && (path.isFixed || !(fixed || isLate)) ? path : null;
      }
      default:
        return null;
    }
  }

  private valueOf(local: Local): Place {
    const place = this.values.get(local) ?? {};
    this.values.set(local, place);
    return place;
  }

  private pathOf(base: Place, field: Field): Path {
    const known = this.paths.get(base) ?? new Map<Field, Path>();
    this.paths.set(base, known);
    const path =
      known.get(field) ??
      (base instanceof Path
        ? new Path(base.root, [...base.fields, field], base.isFixed && isFixed(field))
        : new Path(base, [field], isRootFixed(base) && isFixed(field)));
    known.set(field, path);
    return path;
  }

  /** What a condition says of places. `isLate`: it was found out some time ago. */
  private restriction(condition: Expression, outcome: boolean, fixed: boolean, isLate: boolean): Restriction {
    switch (condition.kind) {
      case "not":
        return this.restriction(condition.operand, !outcome, fixed, isLate);
      case "and":
      case "or": {
        // What the right side calls comes behind what the left side says.
        const isEarly = isLate || hasEffects(condition.right);
        const left = this.restriction(condition.left, outcome, fixed, isEarly);
        const right = this.restriction(condition.right, outcome, fixed, isLate);
        return (condition.kind === "and") === outcome ? both(left, right) : either(left, right);
      }
      case "local": {
        const meaning = this.meanings.get(condition.local);
        return meaning === undefined
          ? NOTHING
          : this.restriction(meaning, outcome, condition.local.stable, true);
      }
      case "compare":
        return this.comparison(condition, outcome, fixed, isLate);
      default:
        return NOTHING;
    }
  }

  private comparison(
    e: Expression & { kind: "compare" },
    outcome: boolean,
    fixed: boolean,
    isLate: boolean,
  ): Restriction {
    if (e.operator !== "===" && e.operator !== "!==") return NOTHING;
    const isEqual = outcome === (e.operator === "===");
    const [subject, other] =
      e.left.kind === "constant" || e.left.kind === "toUnion" ? [e.right, e.left] : [e.left, e.right];
    if (subject.kind === "tag" && other.kind === "constant") {
      const place = this.placeOf(subject.operand, fixed, isLate);
      const members = membersWith(subject, (value) => (value === other.value) === isEqual);
      return place === null ? NOTHING : new Map([[place, new Set(members)]]);
    }
    if (other.kind !== "toUnion" || other.operand.type.kind !== "reference" || !isEqual) return NOTHING;
    const place = this.placeOf(subject, fixed, isLate || hasEffects(other));
    return place === null ? NOTHING : new Map([[place, new Set([other.operand.type.struct])]]);
  }
}

/** What stands in place, or is readonly: nothing is assigned to it once its instance was made. */
function isFixed(field: Field): boolean {
  return field.readonly || field.storage.kind !== "value";
}

function isRootFixed(root: Place): boolean {
  if ("stable" in root) return root.stable === true;
  return !("constant" in root) || root.constant === true;
}

/** The members of what a discriminant is read of, by their values of it. */
function membersWith(tag: Expression, fits: (value: bigint) => boolean): StructDeclaration[] {
  if (tag.kind !== "tag") return [];
  const { discriminant, operand } = tag;
  const { members } = operand.type.kind === "union" ? operand.type.declaration : { members: [] };
  return members.filter((one) => fits(discriminant.values.get(one)!));
}

function both(left: Restriction, right: Restriction): Restriction {
  const all = new Map(left);
  for (const [place, allowed] of right) {
    const before = all.get(place);
    all.set(place, before === undefined ? allowed : new Set([...before].filter((one) => allowed.has(one))));
  }
  return all;
}

function either(left: Restriction, right: Restriction): Restriction {
  const all = new Map<Place, Structs>();
  for (const [place, allowed] of left) {
    const other = right.get(place);
    if (other !== undefined) all.set(place, new Set([...allowed, ...other]));
  }
  return all;
}
