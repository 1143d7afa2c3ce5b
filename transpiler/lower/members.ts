// Members: of which classes a union may be at a point of a function, beyond its type. What conditions and assignments say of a
// variable is kept for as long as no other assignment or loop is in the way, as tsc does it.
//
// It decides what a program may do, not only which checks vanish: where nothing is known, a field of one class is refused.

import type { Expression, Local, StructDeclaration } from "../tree.ts";

/** A variable, or the value of a Result in a variable that keeps it. */
type Place = object;
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

  /** The classes that it may be of, in the order of its type. */
  of(e: Expression): readonly StructDeclaration[] {
    if (e.type.kind !== "union") return [];
    const place = this.placeOf(e, false);
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

  forget(locals: Iterable<Local>): void {
    for (const local of locals) this.known.delete(local);
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
    for (const [place, allowed] of this.restriction(condition, outcome, false)) this.narrow(place, allowed);
  }

  /** From here on the discriminant that `tag` reads is known to be one of these. */
  limit(tag: Expression, values: readonly bigint[]): void {
    const place = tag.kind === "tag" ? this.placeOf(tag.operand, false) : null;
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

  /** `fixed`: only what nothing is ever assigned to. */
  private placeOf(e: Expression, fixed: boolean): Place | null {
    if (e.kind === "nonNull") return this.placeOf(e.operand, fixed);
    if (e.kind === "local") return e.local.stable || !fixed ? e.local : null;
    if (e.kind !== "resultPart" || e.part !== "value") return null;
    if (e.operand.kind !== "local" || !e.operand.local.stable) return null;
    const { local } = e.operand;
    const place = this.values.get(local) ?? {};
    this.values.set(local, place);
    return place;
  }

  /** What a condition says of places. */
  private restriction(condition: Expression, outcome: boolean, fixed: boolean): Restriction {
    switch (condition.kind) {
      case "not":
        return this.restriction(condition.operand, !outcome, fixed);
      case "and":
      case "or": {
        const left = this.restriction(condition.left, outcome, fixed);
        const right = this.restriction(condition.right, outcome, fixed);
        return (condition.kind === "and") === outcome ? both(left, right) : either(left, right);
      }
      case "local": {
        const meaning = this.meanings.get(condition.local);
        return meaning === undefined ? NOTHING : this.restriction(meaning, outcome, condition.local.stable);
      }
      case "compare":
        return this.comparison(condition, outcome, fixed);
      default:
        return NOTHING;
    }
  }

  private comparison(e: Expression & { kind: "compare" }, outcome: boolean, fixed: boolean): Restriction {
    if (e.operator !== "===" && e.operator !== "!==") return NOTHING;
    const isEqual = outcome === (e.operator === "===");
    const [subject, other] =
      e.left.kind === "constant" || e.left.kind === "toUnion" ? [e.right, e.left] : [e.left, e.right];
    if (subject.kind === "tag" && other.kind === "constant") {
      const place = this.placeOf(subject.operand, fixed);
      const members = membersWith(subject, (value) => (value === other.value) === isEqual);
      return place === null ? NOTHING : new Map([[place, new Set(members)]]);
    }
    if (other.kind !== "toUnion" || other.operand.type.kind !== "reference" || !isEqual) return NOTHING;
    const place = this.placeOf(subject, fixed);
    return place === null ? NOTHING : new Map([[place, new Set([other.operand.type.struct])]]);
  }
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
