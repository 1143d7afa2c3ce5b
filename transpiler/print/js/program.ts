import type { Program } from "../../tree.ts";
export function printJavaScript(program: Program): Map<string, string> { void program; return new Map(); }
