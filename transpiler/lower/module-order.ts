// Module order: what a module's name stands for is made where it is declared, and what its making evaluates has a value by
// then only if it is declared above. tsc sees that of names in the initialiser itself, not of those that a constructor, a
// field's initialiser or the function given to fixedArray asks for.

import { ts } from "../frontend/program.ts";
import type { Context } from "./context.ts";
import { isModuleVariable } from "./layouts.ts";

/** Reports what a declaration's making names that is declared below it. */
export function checkOrder(context: Context, declaration: ts.VariableDeclaration): void {
  const { initializer, name } = declaration;
  if (initializer === undefined) return;
  const file = declaration.getSourceFile();
  const classes = new Set<ts.Node>();
  // Itself too: it has its value when all of it is made.
  const isLater = (node: ts.Node): boolean => node.getSourceFile() === file && node.pos >= declaration.pos;
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node)) return;
    if (ts.isNewExpression(node)) construct(node);
    const isCalledLater = ts.isFunctionLike(node) && !isMaker(context, node);
    if (isCalledLater) return;
    if (ts.isIdentifier(node) && !isName(node)) {
      const declared = context.symbolOf(node)?.declarations?.find(isModuleVariable);
      if (declared !== undefined && isLater(declared))
        context.report(declaration.name, "moduleOrder", name.getText(), node.text);
    }
    ts.forEachChild(node, visit);
  };
  const construct = (node: ts.NewExpression): void => {
    const made = context.symbolOf(node.expression)?.declarations?.find(ts.isClassDeclaration);
    if (made === undefined || classes.has(made) || made.getSourceFile() !== file) return;
    classes.add(made);
    if (isLater(made)) context.report(declaration.name, "moduleOrder", name.getText(), made.name?.text ?? "");
    for (const member of made.members) {
      if (ts.isPropertyDeclaration(member) && member.initializer !== undefined) visit(member.initializer);
      if (!ts.isConstructorDeclaration(member)) continue;
      for (const parameter of member.parameters)
        if (parameter.initializer !== undefined) visit(parameter.initializer);
      member.body?.statements.forEach(visit);
    }
  };
  visit(initializer);
}

/** The function that makes the elements of a fixed array runs at once. */
function isMaker(context: Context, node: ts.Node): boolean {
  const { parent } = node;
  return ts.isCallExpression(parent) && context.libraryName(parent.expression) === "fixedArray";
}

/** Of a member, not of a variable. */
function isName(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    (ts.isPropertyAssignment(parent) && parent.name === node)
  );
}
