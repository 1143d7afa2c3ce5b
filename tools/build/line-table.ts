// The line table of a linked ELF: `.debug_line` of DWARF 4 (sections 6.2.4 and 6.2.5), as rows of address, file and line.

/** From this address to the next row's, the code comes from this line. `file` is null behind the end of a sequence. */
export interface LineRow {
  readonly address: bigint;
  readonly file: string | null;
  readonly line: number;
}

const EXTENDED = 0;
const COPY = 1;
const ADVANCE_PC = 2;
const ADVANCE_LINE = 3;
const SET_FILE = 4;
const CONST_ADD_PC = 8;
const FIXED_ADVANCE_PC = 9;
const END_SEQUENCE = 1;
const SET_ADDRESS = 2;

/** Reads numbers and strings of DWARF one after the other. */
class Reader {
  constructor(
    private readonly bytes: Buffer,
    public at: number,
  ) {}

  u8(): number {
    return this.bytes.readUInt8(this.at++);
  }
  i8(): number {
    return this.bytes.readInt8(this.at++);
  }
  u16(): number {
    this.at += 2;
    return this.bytes.readUInt16LE(this.at - 2);
  }
  u32(): number {
    this.at += 4;
    return this.bytes.readUInt32LE(this.at - 4);
  }
  u64(): bigint {
    this.at += 8;
    return this.bytes.readBigUInt64LE(this.at - 8);
  }
  uleb(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }
  sleb(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return (byte & 0x40) === 0 ? value : value - scale * 128;
    }
  }
  text(): string {
    const end = this.bytes.indexOf(0, this.at);
    const text = this.bytes.toString("utf8", this.at, end);
    this.at = end + 1;
    return text;
  }
}

interface Header {
  readonly minimumLength: number;
  readonly lineBase: number;
  readonly lineRange: number;
  readonly opcodeBase: number;
  readonly operandCounts: readonly number[];
  readonly files: readonly string[];
}

/** All rows of all units, in the order of the section. */
export function readLineTable(section: Buffer): LineRow[] {
  const rows: LineRow[] = [];
  for (let at = 0; at + 4 <= section.length;) {
    const reader = new Reader(section, at);
    const end = at + 4 + reader.u32();
    const version = reader.u16();
    if (version !== 4)
      throw new Error(`the kernel's line table is of DWARF ${version}; build it with -gdwarf-4`);
    const programAt = reader.u32() + reader.at;
    const header = readHeader(reader);
    reader.at = programAt;
    runProgram(reader, end, header, rows);
    at = end;
  }
  return rows;
}

function readHeader(reader: Reader): Header {
  const minimumLength = reader.u8();
  reader.u8(); // operations per instruction: one, but on VLIW machines
  reader.u8(); // whether rows begin as statements
  const lineBase = reader.i8();
  const lineRange = reader.u8();
  const opcodeBase = reader.u8();
  const operandCounts = Array.from({ length: opcodeBase - 1 }, () => reader.u8());
  const folders = [""];
  for (let name = reader.text(); name !== ""; name = reader.text()) folders.push(name);
  const files = [""];
  for (let name = reader.text(); name !== ""; name = reader.text()) {
    const folder = folders[reader.uleb()] ?? "";
    reader.uleb();
    reader.uleb();
    files.push(folder === "" || folder === "." || name.startsWith("/") ? name : `${folder}/${name}`);
  }
  return { minimumLength, lineBase, lineRange, opcodeBase, operandCounts, files };
}

/** Runs one unit's program: a machine whose registers are an address, a file and a line. */
function runProgram(reader: Reader, end: number, header: Header, rows: LineRow[]): void {
  let [address, file, line] = [0n, 1, 1];
  const advance = (operations: number): void => {
    address += BigInt(operations * header.minimumLength);
  };
  const emit = (): void => {
    rows.push({ address, file: header.files[file] ?? "?", line });
  };
  while (reader.at < end) {
    const opcode = reader.u8();
    if (opcode >= header.opcodeBase) {
      const special = opcode - header.opcodeBase;
      advance(Math.floor(special / header.lineRange));
      line += header.lineBase + (special % header.lineRange);
      emit();
    } else if (opcode === EXTENDED) {
      const next = reader.uleb() + reader.at;
      const kind = reader.u8();
      if (kind === SET_ADDRESS) address = reader.u64();
      if (kind === END_SEQUENCE) {
        rows.push({ address, file: null, line: 0 });
        [address, file, line] = [0n, 1, 1];
      }
      reader.at = next;
    } else if (opcode === COPY) emit();
    else if (opcode === ADVANCE_PC) advance(reader.uleb());
    else if (opcode === ADVANCE_LINE) line += reader.sleb();
    else if (opcode === SET_FILE) file = reader.uleb();
    else if (opcode === CONST_ADD_PC) advance(Math.floor((255 - header.opcodeBase) / header.lineRange));
    else if (opcode === FIXED_ADVANCE_PC) address += BigInt(reader.u16());
    else for (let i = 0; i < (header.operandCounts[opcode - 1] ?? 0); i++) reader.uleb();
  }
}
