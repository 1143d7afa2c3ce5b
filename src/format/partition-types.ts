/**
 * What partitions are for, by GPT type GUID. Discovery goes by type, never by name or position.
 *
 * The four RayOS types are our own (random, version 4) and never change: a disk found by them is a RayOS disk.
 */
import { isGuid } from "../base/guid.ts";

/** UEFI 2.10, table 5.7. */
export const TYPE_EFI_SYSTEM: string = "C12A7328-F81F-11D2-BA4B-00A0C93EC93B";
export const TYPE_RAYOS_SYSTEM: string = "8689130C-BB2C-4FEA-A367-FD21866337B3";
export const TYPE_RAYOS_RECOVERY: string = "BE4121E9-ADAA-49C5-9ACF-2DB9DD8D2AAF";
export const TYPE_RAYOS_STATE: string = "29893EC9-772E-4620-B0D4-9212834B95B7";
export const TYPE_RAYOS_LOG: string = "C0ECE3DA-B389-47E3-80BF-2901DD2366F1";
/** "Linux filesystem data": what a stock Linux expects around an ext4. */
export const TYPE_LINUX_DATA: string = "0FC63DAF-8483-4772-8E79-3D69D8477DE4";
const TYPE_MICROSOFT_DATA: string = "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7";
const TYPE_MICROSOFT_RESERVED: string = "E3C9E316-0B5C-4DB8-817D-F92DF00215AE";
const TYPE_LINUX_SWAP: string = "0657FD6D-A4AB-43C4-84E5-0933C84B4F4F";

/** The roles of the partitions of a RayOS disk, in their order on it. */
export const enum PartitionRole {
  none = 0,
  efiSystem = 1,
  system = 2,
  recovery = 3,
  state = 4,
  log = 5,
  data = 6,
}

/** The type GUID of a role, as text; none for `none`. */
export function typeOfRole(role: PartitionRole): string {
  switch (role) {
    case PartitionRole.none:
      return "";
    case PartitionRole.efiSystem:
      return TYPE_EFI_SYSTEM;
    case PartitionRole.system:
      return TYPE_RAYOS_SYSTEM;
    case PartitionRole.recovery:
      return TYPE_RAYOS_RECOVERY;
    case PartitionRole.state:
      return TYPE_RAYOS_STATE;
    case PartitionRole.log:
      return TYPE_RAYOS_LOG;
    case PartitionRole.data:
      return TYPE_LINUX_DATA;
  }
}

/** The GPT name that RayOS gives to a partition of this role. */
export function nameOfRole(role: PartitionRole): string {
  switch (role) {
    case PartitionRole.none:
      return "";
    case PartitionRole.efiSystem:
      return "EFI system";
    case PartitionRole.system:
      return "RayOS system";
    case PartitionRole.recovery:
      return "RayOS recovery";
    case PartitionRole.state:
      return "RayOS state";
    case PartitionRole.log:
      return "RayOS log";
    case PartitionRole.data:
      return "RayOS data";
  }
}

/** Whether only RayOS makes partitions of this type. */
export function isRayosType(type: Bytes): boolean {
  return (
    isGuid(type, TYPE_RAYOS_SYSTEM) ||
    isGuid(type, TYPE_RAYOS_RECOVERY) ||
    isGuid(type, TYPE_RAYOS_STATE) ||
    isGuid(type, TYPE_RAYOS_LOG)
  );
}

/** What to call a partition of this type in a listing. */
export function typeName(type: Bytes): string {
  if (isGuid(type, TYPE_EFI_SYSTEM)) return "EFI system";
  if (isGuid(type, TYPE_RAYOS_SYSTEM)) return "RayOS system";
  if (isGuid(type, TYPE_RAYOS_RECOVERY)) return "RayOS recovery";
  if (isGuid(type, TYPE_RAYOS_STATE)) return "RayOS state";
  if (isGuid(type, TYPE_RAYOS_LOG)) return "RayOS log";
  if (isGuid(type, TYPE_LINUX_DATA)) return "Linux data";
  if (isGuid(type, TYPE_LINUX_SWAP)) return "Linux swap";
  if (isGuid(type, TYPE_MICROSOFT_DATA)) return "Microsoft data";
  if (isGuid(type, TYPE_MICROSOFT_RESERVED)) return "Microsoft reserved";
  return "unknown";
}
