/** The log group as its user meets it: in memory, on a partition, on one that holds something else. */
import { LogLevel } from "../../../src/format/log-entry.ts";
import { equal, isTrue, test } from "../harness.ts";
import { SimulatedDisk } from "../simulated-disk.ts";
import { console, install, log, start, type, typeShownWord } from "./shell-machine.ts";

const GIB: u64 = 1073741824n;
const PARTITION_BYTES = 2097152;

class Scratch {
  readonly partition = new SimulatedDisk();
}

const scratch = new Scratch();

export function main(): void {
  inMemory();
  onPartition();
  clearing();
  moving();
}

function note(event: string): void {
  log.append(LogLevel.info, utf8("test"), utf8(event), utf8("n=1"));
}

function inMemory(): void {
  test("log show shows what is in memory, the newest last, and says that it is only there");
  start(512, 4n * GIB);
  note("first");
  note("second");
  console.clear();
  type("log show\r");
  isTrue(
    console.shows(
      "2026-01-06T14:30:00Z INFO test first n=1 seq=1 boot=00000000\n2026-01-06T14:30:00Z INFO test second",
    ),
  );
  isTrue(console.shows("in memory only"));
  console.clear();
  type("log show 1\r");
  isTrue(!console.shows("first") && console.shows("second"));
  console.clear();
  type("log show many\r");
  isTrue(console.shows("wants a number of entries from 1 to 1000"));

  test("log level sets what is kept, in capitals or not");
  console.clear();
  type("log level warn\rlog level\r");
  isTrue(console.shows("The log keeps entries from WARN on.\n"));
  note("third");
  type("log level DEBUG\r");
  console.clear();
  type("log show\rlog level LOUD\r");
  isTrue(!console.shows("third"));
  isTrue(console.shows("wants a level"));
  console.clear();
  type("log validate\r");
  isTrue(console.shows("log validate: there is no log partition in use"));
}

function onPartition(): void {
  test("log export writes every entry, log validate checks it");
  start(512, 4n * GIB);
  scratch.partition.make(512, PARTITION_BYTES);
  note("early");
  isTrue(log.attach(scratch.partition).ok);
  for (let i: u32 = 0; i < 100; i++) note("counted");
  console.clear();
  type("log export\r");
  isTrue(console.shows("INFO test early n=1 seq=1 ") && console.shows("INFO test counted n=1 seq=101 "));
  isTrue(!console.shows("in memory only"));
  console.clear();
  type("log validate\r");
  isTrue(console.shows("log: 101 entries on the disk in 1 files, every checksum agrees\n"));

  test("log bench writes every entry: one write and one flush for each, then for each group of 32");
  scratch.partition.restart();
  console.clear();
  type("log bench 70\r");
  isTrue(console.shows("one by one: 70 entries in "));
  equal(scratch.partition.writes, 70);
  equal(scratch.partition.flushes, 70);
  type("log bench --groups 70\r");
  isTrue(console.shows("in groups of 32: 70 entries in "));
  equal(scratch.partition.writes, 73);
  equal(scratch.partition.flushes, 73);
  console.clear();
  type("log bench none\r");
  isTrue(console.shows("wants a number of entries from 1 to 100000"));
  console.clear();
  type("log validate\r");
  isTrue(console.shows("log: 241 entries on the disk in 1 files, every checksum agrees\n"));

  test("damage is told, and the rest shown");
  const image = scratch.partition.image();
  image.setU8(600, (image.u8(600) ^ 1) & 0xff);
  scratch.partition.restart();
  console.clear();
  type("log export\r");
  isTrue(console.shows("seq=241 ") && console.shows("log: 240 entries on the disk"));
  isTrue(console.shows("damaged places: 1"));
}

function clearing(): void {
  test("log clear asks twice; any wrong answer forgets nothing");
  console.clear();
  type("log clear\ryes\r");
  isTrue(console.shows("Nothing was forgotten"));
  type("log clear\rlog\rzzzzzz1\r");
  type("log clear\rlog\r\x03");
  console.clear();
  type("log show\r");
  isTrue(console.shows("seq=241 "));
  console.clear();
  type("log clear\rlog\r");
  typeShownWord();
  isTrue(console.shows("The log is empty.\n"));
  console.clear();
  type("log show\r");
  isTrue(!console.shows("seq="));

  test("a partition that holds something else is named before it becomes a log");
  start(512, 4n * GIB);
  scratch.partition.make(512, PARTITION_BYTES);
  scratch.partition.image().slice(0, 9000).fill(0x21);
  scratch.partition.restart();
  isTrue(log.attach(scratch.partition).ok && !log.isDurable());
  console.clear();
  type("log clear\r");
  isTrue(console.shows("it holds something that is no log of RayOS"));
  type("log\r");
  typeShownWord();
  isTrue(log.isDurable());
}

function moving(): void {
  test(
    "log device takes the log to a disk with a log partition, which is no target for an installation then",
  );
  start(512, 4n * GIB);
  note("early");
  console.clear();
  type("log device\rlog device file0\rlog device nonsense\r");
  isTrue(console.shows("The log is in memory only.\n"));
  isTrue(
    console.shows("log device: the disk has no log partition") &&
      console.shows("log device: there is no such disk"),
  );
  install("install --to file0\r", "");
  console.clear();
  type("log device file0\r");
  isTrue(console.shows("The log is on file0, "));
  type("log device file1\r");
  isTrue(console.shows("log device: the disk has no log partition") && log.isDurable());
  console.clear();
  type("install --to file0\r");
  isTrue(console.shows("the log of the running system is on this disk"));
  type("install --restore-table file0\r");
  isTrue(console.shows("file0: the log of the running system is on this disk. Nothing was written."));
}
