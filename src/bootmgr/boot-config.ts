/**
 * BootConfig: what the configuration object of the release that is about to start says to the boot manager.
 *
 * The defaults hold where there is no configuration, or none that can be read: a bad one never keeps a machine from
 * booting. Loaded anew with every decision, since each release and snapshot brings its own.
 */
import {
  DEFAULT_MENU_SECONDS,
  KEY_MENU_SECONDS,
  MAXIMUM_MENU_SECONDS,
  settingNumber,
} from "../format/configuration.ts";
import { findObject, OBJECT, objectAt, ObjectKind } from "../format/manifest.ts";
import { BootSession } from "./boot-session.ts";

const CONFIGURATION_BYTES = 65536;

export class BootConfig {
  /** How long the menu stands; 0 hides it. */
  menuSeconds: u32 = 0;
  private readonly bytes = new Uint8Array(CONFIGURATION_BYTES);

  /** Reads the configuration beside the kernel that the session decided for. */
  load(session: BootSession): void {
    this.menuSeconds = DEFAULT_MENU_SECONDS;
    const index = findObject(session.manifest(), ObjectKind.configuration);
    if (index < 0) return;
    const object = objectAt(session.manifest(), u32(index));
    if (OBJECT.sizeBytes.get(object) > BigInt(CONFIGURATION_BYTES)) return;
    const read = session.storeOf(session.candidate()).readObject(object, bytesOf(this.bytes));
    if (!read.ok) return;
    this.menuSeconds = settingNumber(
      read.value,
      KEY_MENU_SECONDS,
      DEFAULT_MENU_SECONDS,
      MAXIMUM_MENU_SECONDS,
    );
  }
}
