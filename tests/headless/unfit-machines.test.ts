/**
 * Machines and people that RayOS cannot please: too little memory, firmware that wants a signature, noise on the serial line.
 * Each gets a plain message, or goes on as if nothing had been.
 */
import { randomBytes } from "node:crypto";
import { copyFileSync, existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { t } from "tap";
import { ANSWER_DEADLINE_MS, BOOT_DEADLINE_MS, PROMPT, Stage } from "./support/stage.ts";
import { countOf } from "./support/steps.ts";

/** The firmware takes its part of these; what is left is less than RayOS needs. With 80 it runs. */
const TOO_LITTLE_MIB = 64;
const STAYS_MS = 12_000;
const NOISE_BYTES = 4000;
const LINE_LENGTH = 10_000;
const SECURE_CODE = "/usr/share/OVMF/OVMF_CODE_4M.secboot.fd";
const SECURE_VARIABLES = "/usr/share/OVMF/OVMF_VARS_4M.snakeoil.fd";

void t.test("a machine without enough memory", async (test) => {
  const stage = new Stage("unfit-memory");
  test.teardown(() => stage.strike());
  const machine = stage.start("memory", { stick: stage.image, memoryMiB: TOO_LITTLE_MIB });
  await machine.waitFor(
    "This machine has too little memory: RayOS needs 64 MiB of free memory.",
    BOOT_DEADLINE_MS,
  );
  test.pass("the boot manager says what is missing");
  await sleep(STAYS_MS);
  test.equal(countOf(machine, "RAYOS_BOOTLOADER_START"), 1, "it stays in its menu: no reset, no loop");
  test.notMatch(machine.transcript, "RAYOS_KERNEL_START", "and starts nothing");
});

void t.test("noise on the serial line", async (test) => {
  const stage = new Stage("unfit-noise");
  test.teardown(() => stage.strike());
  const machine = stage.start("noise", { stick: stage.image });
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  const long = await machine.ask("y".repeat(LINE_LENGTH), PROMPT, ANSWER_DEADLINE_MS);
  test.ok(long.length > 0, "a line of 10,000 characters comes to an end");
  // Enter at the end of it may be swallowed by half a key sequence; Ctrl-C and Enter are not.
  machine.type(randomBytes(NOISE_BYTES).toString("latin1"));
  machine.type("\x03\r\x03\r");
  await sleep(2000);
  machine.type("\x03\r");
  machine.type("version\r");
  await machine.waitFor(/RayOS \d+\.\d+\.\d+\r?\n/, ANSWER_DEADLINE_MS);
  test.pass("after 4,000 random bytes the shell still answers");
  test.notMatch(machine.transcript, /INSTALL_BEGIN|crash/i, "and nothing began or broke");
});

void t.test(
  "firmware that starts only what is signed",
  { skip: existsSync(SECURE_CODE) ? false : "there is no such firmware" },
  async (test) => {
    const stage = new Stage("unfit-secure-boot");
    test.teardown(() => stage.strike());
    const variables = stage.disk("variables.fd");
    copyFileSync(SECURE_VARIABLES, variables);
    Object.assign(stage.tools, { firmware: { code: SECURE_CODE, variables: SECURE_VARIABLES } });
    const extra = ["-machine", "smm=on", "-global", "driver=cfi.pflash01,property=secure,value=on"];
    const machine = stage.start("secure-boot", { stick: stage.image, variables, extra });
    await machine.waitFor(/Access Denied|Security Violation/, BOOT_DEADLINE_MS);
    test.pass("the firmware refuses the boot manager, which bears no signature, and says so");
    test.notMatch(machine.transcript, "RAYOS_BOOTLOADER_START", "nothing of RayOS ran");
  },
);
