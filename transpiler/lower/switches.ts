// Switches: a case for each value; over choices, and over what tells the classes of a union apart, none is left out.

import { ts } from "../frontend/program.ts";
import { contains } from "../interval.ts";
import type { EnumDeclaration, Expression, SwitchCase } from "../tree.ts";
import { isStable, rangeOf, typeName } from "../types.ts";
import type { FunctionLowering } from "./body.ts";
import { coversAll, isExit, leavesSwitch } from "./exits.ts";
import { literalAs } from "./comparisons.ts";
import { folded } from "./folding.ts";
import { forgetAssigned } from "./loops.ts";
import { isBareInteger } from "./type-nodes.ts";

/** The cases that share statements. `bodies`: the clause that holds these. */
interface Group {
  readonly clause: ts.CaseOrDefaultClause;
  readonly values: readonly Expression[];
  readonly hasDefault: boolean;
}

export function lowerSwitch(lowering: FunctionLowering, node: ts.SwitchStatement): void {
  const { line, flow } = lowering;
  const subject = lowering.expression(node.expression, null);
  const value = isStable(subject) ? subject : lowering.settle(subject);
  flow.settle();
  const groups = groupsOf(lowering, node, value);
  const left = valuesLeft(lowering, subject, groups);
  const hasDefault = groups.some((group) => group.hasDefault);
  if (left !== null && left.length > 0 && !hasDefault) reportMissing(lowering, node, subject, left);
  const before = flow.snapshot();
  const position = flow.position();
  /** What it may be behind the switch, where a case or no case comes out there. */
  const open = new Set(hasDefault ? [] : left);
  const cases = groups.map(({ clause, values, hasDefault: isDefault }, index): SwitchCase => {
    flow.restore(before);
    const own = [...values.flatMap((one) => integerOf(one) ?? []), ...(isDefault ? (left ?? []) : [])];
    flow.members.limit(subject, own);
    const body = lowering.capture(() => lowering.block(clause.statements));
    if (index < groups.length - 1 && !isExit(body)) lowering.report(clause, "fallThrough");
    const one = { line: lowering.context.lineOf(clause), values: isDefault ? [] : values, body };
    if (!leavesSwitch(one)) for (const each of own) open.add(each);
    return one;
  });
  flow.restore(before);
  flow.members.limit(subject, [...open]);
  forgetAssigned(lowering, node);
  flow.forgetSince(position);
  // What it is known not to be is still a value of the enumeration.
  if (left !== null && !coversAll(value, cases))
    cases.push({ line, values: [], body: [{ kind: "trap", line, trap: "unreachable", message: "" }] });
  lowering.emit({ kind: "switch", line, value, cases });
}

function groupsOf(lowering: FunctionLowering, node: ts.SwitchStatement, subject: Expression): Group[] {
  const { clauses } = node.caseBlock;
  const groups: Group[] = [];
  const seen = new Set<unknown>();
  let values: Expression[] = [];
  let hasDefault = false;
  clauses.forEach((clause, index) => {
    if (ts.isCaseClause(clause)) {
      const value = caseValue(lowering, clause.expression, subject);
      if (value.kind === "constant" && value.type.kind !== "broken") {
        if (seen.has(value.value))
          lowering.report(clause.expression, "caseRepeated", clause.expression.getText());
        seen.add(value.value);
      }
      values.push(value);
    } else hasDefault = true;
    if (clause.statements.length === 0 && index < clauses.length - 1) return;
    groups.push({ clause, values, hasDefault });
    values = [];
    hasDefault = false;
  });
  return groups;
}

function caseValue(lowering: FunctionLowering, node: ts.Expression, subject: Expression): Expression {
  const value = literalAs(folded(lowering.expression(node, subject.type)), subject.type);
  if (value.kind !== "constant") {
    lowering.report(node, "lengthConstant");
    return value;
  }
  const range = isBareInteger(subject.type) ? subject.interval : rangeOf(subject.type);
  if (range !== null && value.interval !== null && !contains(range, value.interval))
    lowering.report(
      node,
      "outOfRange",
      node.getText(),
      typeName(subject.type),
      `${range.low}`,
      `${range.high}`,
    );
  return value;
}

function integerOf(value: Expression): bigint | null {
  return value.kind === "constant" && typeof value.value === "bigint" ? value.value : null;
}

/** The values that a choice may have here and that no case names; `null` where it is of other things. */
function valuesLeft(
  lowering: FunctionLowering,
  subject: Expression,
  groups: readonly Group[],
): bigint[] | null {
  if (subject.type.kind !== "enum") return null;
  const named = new Set(groups.flatMap(({ values }) => values.map(integerOf)));
  return possibleValues(lowering, subject).filter((value) => !named.has(value));
}

function possibleValues(lowering: FunctionLowering, subject: Expression): bigint[] {
  const { type, interval } = subject;
  if (subject.kind === "tag" && subject.operand.type.kind === "union") {
    const { operand, discriminant } = subject;
    const known = lowering.flow.members.of(operand);
    const members = known.length > 0 ? known : subject.operand.type.members;
    return [...new Set(members.map((one) => discriminant.values.get(one)!))];
  }
  if (type.kind !== "enum") return [];
  const all = new Set(type.declaration.members.map(({ value }) => value));
  return [...all].filter((value) => interval === null || (value >= interval.low && value <= interval.high));
}
function reportMissing(
  lowering: FunctionLowering,
  node: ts.SwitchStatement,
  { type }: Expression,
  left: readonly bigint[],
): void {
  if (type.kind !== "enum") return;
  const cases = left.map((value) => `case ${nameOf(type.declaration, value)}:`);
  lowering.report(node.expression, "switchMissing", cases.join(" "));
}

/** As the source names it. */
function nameOf({ symbol, members, literals }: EnumDeclaration, value: bigint): string {
  const index = members.findIndex((member) => member.value === value);
  if (literals === null) return `${symbol}.${members[index]!.name}`;
  const literal = literals[index]!;
  return typeof literal === "string" ? JSON.stringify(literal) : `${literal}`;
}
