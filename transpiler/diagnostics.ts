// Every diagnostic of rayc: number, sentence, and what to write instead. `{0}`, `{1}` are filled in.

export interface Template {
  readonly code: string;
  readonly text: string;
}

function define(code: string, text: string): Template {
  return { code, text };
}

export const DIAGNOSTICS = {
  // 01: files and modules
  fileMissing: define("RAY0101", "Cannot read '{0}': {1}."),
  importCycle: define(
    "RAY0102",
    "Modules import each other in a circle: {0}. Move what both need into a third one.",
  ),
  importExtension: define("RAY0103", "An import names its file: write '{0}.ts'."),
  importPackage: define(
    "RAY0112",
    "'{0}' is a package: it may need a heap, and nothing of it is checked. Import files of your own: './name.ts'.",
  ),
  importLayer: define("RAY0104", "'{0}' may not import '{1}'. It may import: {2}."),
  moduleStatement: define(
    "RAY0105",
    "A module holds declarations only. Put this into a function and call it from main.",
  ),
  moduleValue: define(
    "RAY0106",
    "'{0}' must be a constant: literals, other constants, 'new' of constants, functions.",
  ),
  entryMissing: define("RAY0107", "The entry module '{0}' must export 'function main(): void'."),
  declareRoom: define(
    "RAY0108",
    "'declare function' is for machine/ and uefi/ only. Call one of their functions.",
  ),
  unresolved: define("RAY0109", "The subset has no '{0}', and nothing of that name is declared here."),
  nestedTooDeep: define(
    "RAY0111",
    "This is nested more than {0} deep, or names stand for names for thousands of steps. Give a part a name, or write out what the last one stands for.",
  ),

  moduleOrder: define(
    "RAY0113",
    "'{0}' is made before '{1}' has its value, which is an error in JavaScript. Declare '{1}' above it.",
  ),

  directive: define("RAY0110", "'{0}' hides what the compiler must see. Mend what it reports."),

  // 02: numbers
  narrowing: define(
    "RAY0201",
    "A value of {0} does not narrow to '{1}' by itself. Write {2}, or wrap or mask it.",
  ),
  outOfRange: define("RAY0202", "{0} is never within '{1}' ({2} to {3})."),
  inexact: define(
    "RAY0203",
    "This may reach {0}, beyond what a number holds exactly (2^53). Narrow an operand, use Math.imul or bigint.",
  ),
  tooWide: define("RAY0204", "This may reach {0}, beyond 128 bits. Wrap it: BigInt.asUintN(64, …)."),
  division: define(
    "RAY0205",
    "'/' on numbers may give a fraction. Write Math.trunc(a / b), or (a / b) >>> 0.",
  ),
  widthMissing: define("RAY0206", "Say the width of '{0}': u8, u16, u32, i8, i16, i32, u64 or i64."),
  fraction: define("RAY0207", "{0} is no integer. Use whole units (milliseconds, sectors, bytes)."),
  mixed: define("RAY0208", "'{0}' and '{1}' do not mix here. Convert one."),
  wideDivision: define(
    "RAY0209",
    "Division needs operands of 64 bits; these may need more. Narrow with u64(…) first.",
  ),
  bareNumberType: define(
    "RAY0210",
    "'{0}' has no width here. Use u8 … i64; number and bigint are for parameters that take any integer.",
  ),
  shiftRange: define(
    "RAY0211",
    "What stands behind '{0}' lies within 0 to 127 here; this may be {1}. Mask it: & 63n of a bigint, & 7 of a number.",
  ),

  // 03: data
  newPlace: define(
    "RAY0301",
    "'new' stands only in a module-level const, a readonly field, fixedArray, or a local const. Take it from a pool.",
  ),
  assignStruct: define(
    "RAY0302",
    "'{0}' is embedded here and cannot be replaced. Write copy(target, source).",
  ),
  localEscape: define(
    "RAY0303",
    "'{0}' lives on this function's stack and cannot be kept by {1}. Pass in storage of the caller, or make it module-level.",
  ),
  lengthConstant: define(
    "RAY0304",
    "A length, a case and a member of an enum are constants: integers, made of literals and other constants.",
  ),
  fieldInitial: define("RAY0305", "Field '{0}' needs an initial value."),
  constructorForm: define(
    "RAY0306",
    "A constructor holds plain assignments to fields only, and never hands 'this' on. Put the rest into an init method.",
  ),
  typeUnsupported: define("RAY0307", "The type '{0}' is not of the subset. {1}"),
  layoutForm: define(
    "RAY0308",
    "A layout is layout(bytes, { name: le32(offset), … }) with constant numbers.",
  ),
  layoutGap: define(
    "RAY0309",
    "Field '{0}' stands at {1}, but the field before it ends at {2}. Name the gap: reserved: octets({2}, …).",
  ),
  layoutSize: define("RAY0310", "The fields end at {0}, but the layout has {1} bytes."),
  copyForm: define(
    "RAY0311",
    "copy copies the fields of an instance and arrays in it, but not {0}. Copy that part by part.",
  ),
  stringUse: define(
    "RAY0312",
    "A string is constant: compare it, write it, or take its bytes with utf8(text).",
  ),
  templatePlace: define(
    "RAY0313",
    "A template literal stands only as the argument of text() of a writer with integer() and bigInteger().",
  ),
  interfaceForm: define("RAY0314", "An interface of the subset has methods only, none of them optional."),
  implementsMissing: define("RAY0315", "'{0}' does not say 'implements {1}'."),
  nullUse: define(
    "RAY0316",
    "null needs a type here: a variable, parameter, field or result of type 'T | null'.",
  ),
  resultIgnored: define("RAY0317", "The result may be an error. Look at it: const r = …; if (!r.ok) …"),
  resultContext: define("RAY0318", "ok() and err() stand where a Result is returned or stored."),
  methodDiffers: define(
    "RAY0319",
    "'{0}' must have the types that '{1}' says, width by width: {2}, not {3}.",
  ),
  textWrite: define(
    "RAY0320",
    "These may be the bytes of a constant text, which nobody may write to. Copy them into an array of your own.",
  ),
  resultKept: define(
    "RAY0321",
    "A Result is looked at where it is given: keep its value or its error, not the Result.",
  ),
  selfEmbedding: define("RAY0322", "'{0}' would put a '{1}' into itself. Hold a reference: '{1} | null'."),
  unionForm: define(
    "RAY0323",
    'Nothing tells {0} apart. Give each a field of one name with a literal of its own: readonly kind = "…".',
  ),
  memberUnknown: define(
    "RAY0324",
    "Nothing says here which class of '{1}' it is, to take {0}. Ask a const: const x = …; if (x.{2} === …). Of what may be assigned anew a call or a loop in between makes that forgotten.",
  ),
  methodOfSeveral: define(
    "RAY0325",
    "Each class of '{1}' may have a '{0}' of its own. Find out first which it is, or let them implement an interface.",
  ),
  choiceOfClasses: define(
    "RAY0326",
    "This is a '{0}' or a '{1}', and nothing says what to call that. Name the type: const x: {0} | {1} = …",
  ),

  registerForm: define(
    "RAY0327",
    "'{0}' cannot be a register here: {1}. Registers are at8, le16, le32 and le64, touched in machine/, driver/, hypervisor/ and kernel/.",
  ),

  newInLoop: define(
    "RAY0328",
    "'new' and 'fixedArray' do not stand in a loop. Make '{0}' ahead of it, and set its fields anew in each round.",
  ),

  // 04: statements and expressions
  statementUnsupported: define("RAY0401", "{0} is not of the subset. {1}"),
  expressionUnsupported: define("RAY0402", "{0} is not of the subset. {1}"),
  expressionStatement: define("RAY0403", "Only a call, an assignment, ++ and -- stand alone."),
  fallThrough: define("RAY0404", "A case ends in break, return or continue."),
  updateForm: define(
    "RAY0405",
    "This update of a for loop is too much for its place. Put it at the end of the body.",
  ),
  recursion: define("RAY0406", "'{0}' calls itself: {1}. Write a loop with a bounded stack of your own."),
  looseEquality: define("RAY0407", "'{0}' converts in ways nobody remembers. Write '{0}='."),
  condition: define("RAY0408", "A condition is a boolean. Compare: '!== 0', '!== null'."),
  callUnsupported: define("RAY0409", "This cannot be called in the subset."),
  returnType: define("RAY0410", "Say what '{0}' returns."),
  parameterForm: define(
    "RAY0411",
    "A parameter has a type and a name, or a pattern where a body takes it apart, and a constant default value in pure rooms; nothing else.",
  ),
  genericInference: define("RAY0412", "Cannot tell what '{0}' stands for here. Write the type arguments."),
  genericDepth: define(
    "RAY0413",
    "'{0}' names itself for ever deeper types, each of which would be made. Name it for types that end.",
  ),
  capture: define(
    "RAY0414",
    "A function value captures nothing; this one captures '{0}'. Write it as the argument of a function that only calls it, or make '{0}' a parameter.",
  ),
  switchMissing: define("RAY0415", "This switch leaves out what may be. Add '{0}', or a 'default:'."),
  helperForm: define(
    "RAY0416",
    "'{0}' cannot be given a function that captures: {1}. Give it one that captures nothing, or write the loop here.",
  ),
  expansionLimit: define(
    "RAY0417",
    "More than {0} calls of this function are replaced by what they call. Move a part of it into a function of its own.",
  ),
  genericLimit: define(
    "RAY0418",
    "'{0}' would be made for more than {1} sets of types. Name it for fewer, or let an interface stand for them.",
  ),
  genericSlot: define(
    "RAY0419",
    "A table has one place for '{0}', not one for each type. Make the interface generic: interface Store<T>, or take the class.",
  ),
  caseRepeated: define("RAY0420", "{0} has a case above, so this one never comes to it. Leave it out."),
  messageConstant: define(
    "RAY0421",
    "The message of assert and unreachable is a constant text. Say here what cannot be, and print what varies ahead of it.",
  ),
  // Whatever the types of its parts are: that an error of tsc's stands in them does not explain it.
  expressionForm: define("RAY0422", "The subset has no expression of this form. {0}"),
} as const;

export type DiagnosticName = keyof typeof DIAGNOSTICS;

export interface Diagnostic {
  readonly code: string;
  readonly message: string;
  readonly file: string;
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
  /** The source line, for the code frame, and how many characters are marked. */
  readonly source: string;
  readonly width: number;
}

export function fill(template: Template, values: readonly string[]): string {
  return template.text.replace(/\{(\d)\}/g, (_, index: string) => values[Number(index)] ?? "");
}

/** tsc's own form, with a code frame. */
export function format(diagnostic: Diagnostic): string {
  const { file, line, column, code, message, source, width } = diagnostic;
  const number = `${line}`;
  const frame =
    source === ""
      ? ""
      : `\n\n${number} ${source}\n${" ".repeat(number.length + column)}${"~".repeat(width)}\n`;
  return `${file}:${line}:${column} - error ${code}: ${message}${frame}`;
}
