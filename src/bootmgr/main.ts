/**
 * The boot manager, `rayboot.efi`: finds RayOS, decides, asks, verifies, notes the attempt, and starts the kernel.
 *
 * The only file of the program that knows everybody. Every way through it ends in a kernel, in another loader, in a reset
 * that somebody asked for, or in the menu with a sentence that says why: never in silence.
 */
import { bootloaderStart, bootmgrDiscovered, MARKER_BYTES } from "../base/markers.ts";
import { TextWriter } from "../base/text-writer.ts";
import { BootMode } from "../format/boot-reason.ts";
import {
  DEFAULT_MENU_SECONDS,
  KEY_MENU_SECONDS,
  MAXIMUM_MENU_SECONDS,
  settingNumber,
} from "../format/configuration.ts";
import { findObject, OBJECT, objectAt, ObjectKind } from "../format/manifest.ts";
import { BootAction } from "../policy/boot-choice.ts";
import { registerBootOption } from "./boot-option.ts";
import { BootSession } from "./boot-session.ts";
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
import { Handover } from "./handover.ts";
import { LoadedKernel, loadKernel } from "./loader.ts";
import { BootMenu, MenuAction, MenuEntry } from "./menu.ts";
import { OtherLoaders } from "./other-loaders.ts";

const CONFIGURATION_BYTES = 65536;
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
const kernel = new LoadedKernel();
const handover = new Handover();
const configuration = new Uint8Array(CONFIGURATION_BYTES);

export function main(): void {
  startFirmware();
  console.open();
  announce();
  refuseUnfitMachine();
  discover();
  openDefault();
  chooseByDefault();
  while (true) {
    if (session.decision.action === BootAction.boot && prepareKernel()) startKernel();
    askWithoutTimeOut();
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

function discover(): void {
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
function chooseByDefault(): void {
  if (session.decision.action === BootAction.menu) return;
  const configured = menuSeconds();
  const isAsked = console.readKey() !== NO_KEY;
  if (isAsked) askWithoutTimeOut();
  else if (configured > 0 || session.facts.consecutiveFailures > 0) {
    ask(configured > 0 ? configured : DEFAULT_MENU_SECONDS);
  }
}

/** The configuration's word; the default where there is no configuration, or none that can be read. */
function menuSeconds(): u32 {
  const index = findObject(session.manifest(), ObjectKind.configuration);
  if (index < 0) return DEFAULT_MENU_SECONDS;
  const object = objectAt(session.manifest(), u32(index));
  if (OBJECT.sizeBytes.get(object) > BigInt(CONFIGURATION_BYTES)) return DEFAULT_MENU_SECONDS;
  const read = session.storeOf(session.candidate()).readObject(object, bytesOf(configuration));
  if (!read.ok) return DEFAULT_MENU_SECONDS;
  return settingNumber(read.value, KEY_MENU_SECONDS, DEFAULT_MENU_SECONDS, MAXIMUM_MENU_SECONDS);
}

function askWithoutTimeOut(): void {
  ask(NO_TIME_OUT);
}

/** Shows the menu and does what was chosen, as far as that is no kernel: then the session has decided for it. */
function ask(seconds: u32): void {
  loaders.find();
  menu.build(session, installations, loaders);
  const explanation = session.decision.explanation;
  const wasDecided = session.decision.action === BootAction.boot;
  const index = session.decision.index;
  const entry = menu.run(console, seconds, explanation);
  // The default that was confirmed, or not contradicted, keeps its reason and its try.
  if (wasDecided && entry.action === MenuAction.boot && entry.index === index) return;
  session.decision.action = BootAction.menu;
  act(entry);
}

function act(entry: MenuEntry): void {
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
function prepareKernel(): boolean {
  while (session.decision.action === BootAction.boot) {
    const fault = loadKernel(session.storeOf(session.candidate()), session.manifest(), kernel);
    if (fault === "") return true;
    session.dismissAndDecide(fault, console);
  }
  return false;
}

/** Returns only with an explanation for the menu. */
function startKernel(): void {
  if (session.chosenInstallation().isBootMedium && !session.chosenInstallation().isUsb) {
    registerBootOption(console);
  }
  session.identifyBoot();
  const fault = handover.prepare(session, kernel, console);
  if (fault !== "") {
    refuseBoot(fault);
    return;
  }
  session.recordAttempt(console);
  refuseBoot(handover.jump(kernel, console));
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
