/**
 * BootConfig: what the configuration object of the release that is about to start says to the boot manager.
 *
 * The defaults hold where there is no configuration, or none that can be read: a bad one never keeps a machine from
 * booting; what is wrong is said. Loaded anew with every decision, since each release and snapshot brings its own.
 */
import { CONFIGURATION_LIMIT_BYTES } from "../format/configuration.ts";
import { findObject, objectAt, ObjectKind } from "../format/manifest.ts";
import { Settings } from "../policy/settings.ts";
import { BootSession } from "./boot-session.ts";
import { FirmwareConsole } from "./firmware-console.ts";

export class BootConfig {
  /** Of these the boot manager goes by `menuSeconds`: how long the menu stands; 0 hides it. */
  readonly settings = new Settings();
  private readonly bytes = new Uint8Array(CONFIGURATION_LIMIT_BYTES);

  /** Reads the configuration beside the kernel that the session decided for. */
  load(session: BootSession, console: FirmwareConsole): void {
    this.settings.reset();
    const index = findObject(session.manifest(), ObjectKind.configuration);
    if (index < 0) return;
    const object = objectAt(session.manifest(), u32(index));
    const read = session.storeOf(session.candidate()).readObject(object, bytesOf(this.bytes));
    if (read.ok) this.settings.read(read.value);
    else
      console.write(
        utf8(
          "The configuration of this release cannot be read, or is not what was written: the defaults hold.\n",
        ),
      );
  }
}
