/**
 * The boot manager, `rayboot.efi`: finds RayOS, decides, asks, verifies, notes the attempt, and starts the kernel.
 *
 * The only file of the program that knows everybody. Every way through it ends in a kernel, in another loader, in a reset
 * that somebody asked for, or in the menu with a sentence that says why: never in silence.
 */
import { bootloaderStart, bootmgrDiscovered, MARKER_BYTES } from "../base/markers.ts";
import { TextWriter } from "../base/text-writer.ts";
import { BootMode } from "../format/boot-reason.ts";
import { DEFAULT_MENU_SECONDS } from "../format/configuration.ts";
import { BootAction } from "../policy/boot-choice.ts";
import { chipsetTimeoutMs, DEFAULT_TIMEOUT_SECONDS } from "../policy/watchdog-policy.ts";
import { BootConfig } from "./boot-config.ts";
import { registerBootOption } from "./boot-option.ts";
import { BootSession } from "./boot-session.ts";
import { CrashMemory } from "./crash-memory.ts";
import { Installations } from "./discovery.ts";
import {
  enterFirmwareSetup,
  giveUp,
  powerOff,
  processorFault,
  reboot,
  startFirmware,
  waitMs,
  wakeAllDevices,
} from "./firmware.ts";
import { FirmwareConsole, NO_KEY } from "./firmware-console.ts";
import { ChipsetTimer } from "./firmware-timer.ts";
import { Handover } from "./handover.ts";
import { BootLoader } from "./loader.ts";
import { BootMenu, MenuAction, BootEntry } from "./menu.ts";
import { OtherLoaders } from "./other-loaders.ts";

const LINE_BYTES = 256;
/** How long a last message stands before the firmware goes on. */
const MESSAGE_STAYS_MS = 15000;
/** The menu waits for a person. */
const NO_TIME_OUT = 0;

const console = new FirmwareConsole();
const installations = new Installations();
const session = new BootSession();
const loaders = new OtherLoaders();
const menu = new BootMenu();
const loader = new BootLoader();
const handover = new Handover();
const config = new BootConfig();
const crashes = new CrashMemory();
const timer = new ChipsetTimer();

export function main(): void {
  startFirmware();
  console.open();
  announce();
  refuseUnfitMachine();
  crashes.find(console);
  timer.find();
  session.learnEnd(timer.causedLastReset(), crashes);
  enumerateInstallations();
  openDefault();
  offerMenu();
  while (true) {
    if (loadTarget()) bootTarget();
    displayMenu(NO_TIME_OUT);
  }
}

function announce(): void {
  const line = new Uint8Array(MARKER_BYTES);
  const out = new TextWriter(bytesOf(line));
  bootloaderStart(out);
  console.emitWritten(out);
}

function refuseUnfitMachine(): void {
  const fault = processorFault();
  if (fault === "") return;
  console.write(utf8(fault));
  console.write(utf8("\n"));
  waitMs(MESSAGE_STAYS_MS);
  giveUp();
}

function enumerateInstallations(): void {
  installations.find(console);
  if (installations.length() === 0) {
    wakeAllDevices();
    installations.find(console);
  }
  const line = new Uint8Array(MARKER_BYTES);
  const out = new TextWriter(bytesOf(line));
  bootmgrDiscovered(out, installations.length());
  console.emitWritten(out);
}

/** Turns to the installation that comes first: that of the boot medium, if it has one. */
function openDefault(): void {
  if (installations.length() === 0) {
    session.decision.action = BootAction.menu;
    session.decision.explanation = "No installation of RayOS was found on any disk.";
    return;
  }
  session.open(installations.at(0), console);
  session.decide(console);
}

/** Shows the menu for its time. Without one it is shown only if a key waits, or if the boot before failed. */
function offerMenu(): void {
  if (session.decision.action === BootAction.menu) return;
  config.load(session, console);
  if (console.readKey() !== NO_KEY) displayMenu(NO_TIME_OUT);
  else if (config.settings.menuSeconds > 0) displayMenu(config.settings.menuSeconds);
  else if (session.facts.consecutiveFailures > 0) displayMenu(DEFAULT_MENU_SECONDS);
}

/** Shows the menu and does what was chosen, as far as that is no kernel: then the session has decided for it. */
function displayMenu(seconds: u32): void {
  loaders.find();
  menu.build(session, installations, loaders);
  const explanation = session.decision.explanation;
  const wasDecided = session.decision.action === BootAction.boot;
  const index = session.decision.index;
  const entry = menu.display(console, seconds, explanation, session.skipReason);
  // The default that was confirmed, or not contradicted, keeps its reason and its try.
  if (wasDecided && entry.action === MenuAction.boot && entry.index === index) return;
  session.decision.action = BootAction.menu;
  act(entry);
}

function act(entry: BootEntry): void {
  switch (entry.action) {
    case MenuAction.boot:
      session.facts.chosenMode = BootMode.normal;
      session.choose(entry.index, console);
      break;
    case MenuAction.rescue:
      session.facts.chosenMode = BootMode.rescue;
      session.choose(entry.index, console);
      break;
    case MenuAction.otherInstallation:
      session.open(installations.at(entry.index), console);
      session.decide(console);
      break;
    case MenuAction.otherLoader:
      explain("The other system's loader gave up: ", loaders.start(entry.index));
      break;
    case MenuAction.firmwareSetup:
      if (!enterFirmwareSetup())
        session.decision.explanation = "This firmware has no setup that can be entered.";
      break;
    case MenuAction.reboot:
      reboot();
      break;
    case MenuAction.powerOff:
      powerOff();
      break;
  }
}

/** Loads the decided kernel; what does not match its checksum is skipped for the next that may start. False if none is left. */
function loadTarget(): boolean {
  while (session.decision.action === BootAction.boot) {
    const fault = loader.load(session.storeOf(session.candidate()), session.manifest());
    if (fault === "") return true;
    session.selectRecoveryTarget(fault, console);
  }
  return false;
}

/** Returns only with an explanation for the menu. */
function bootTarget(): void {
  if (session.chosenInstallation().isBootMedium && !session.chosenInstallation().isUsb) {
    registerBootOption(console);
  }
  session.identifyBoot();
  const fault = handover.prepare(session, loader, crashes, console);
  if (fault !== "") {
    refuseBoot(fault);
    return;
  }
  // Only a boot that is counted is reset by the timer: three of them lead to the last known good; the others would go round for ever.
  if (session.recordBootAttempt(console) && timer.arm(chipsetTimeoutMs(DEFAULT_TIMEOUT_SECONDS))) {
    handover.noteWatchdog(DEFAULT_TIMEOUT_SECONDS);
  }
  const stuck = handover.jump(loader, console);
  timer.disarm();
  refuseBoot(stuck);
}

function refuseBoot(fault: string): void {
  explain("", fault);
  session.decision.action = BootAction.menu;
  session.decision.explanation = fault;
}

function explain(what: string, why: string): void {
  const line = new Uint8Array(LINE_BYTES);
  const out = new TextWriter(bytesOf(line));
  out.text(what);
  out.text(why);
  console.writeLine(out);
}
