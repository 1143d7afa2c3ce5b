/** Words for PCI class codes (PCI Code and ID Assignment Specification, section 1): those that PCs have. */

/** What a function is, by its class, subclass and programming interface. */
export function pciClassName(classCode: u8, subclass: u8, programmingInterface: u8): string {
  switch (classCode) {
    case 0x01:
      return storageName(subclass);
    case 0x02:
      return "network controller";
    case 0x03:
      return "display controller";
    case 0x04:
      return "multimedia device";
    case 0x05:
      return "memory controller";
    case 0x06:
      return bridgeName(subclass);
    case 0x07:
      return "communication controller";
    case 0x08:
      return "system peripheral";
    case 0x09:
      return "input device";
    case 0x0c:
      return serialBusName(subclass, programmingInterface);
    case 0x0d:
      return "wireless controller";
    default:
      return "device";
  }
}

function storageName(subclass: u8): string {
  switch (subclass) {
    case 0x00:
      return "SCSI controller";
    case 0x01:
      return "IDE controller";
    case 0x04:
      return "RAID controller";
    case 0x06:
      return "SATA controller";
    case 0x08:
      return "NVMe controller";
    default:
      return "storage controller";
  }
}

function bridgeName(subclass: u8): string {
  switch (subclass) {
    case 0x00:
      return "host bridge";
    case 0x01:
      return "ISA bridge";
    case 0x04:
      return "PCI bridge";
    default:
      return "bridge";
  }
}

function serialBusName(subclass: u8, programmingInterface: u8): string {
  if (subclass === 0x05) return "SMBus controller";
  if (subclass !== 0x03) return "serial bus controller";
  switch (programmingInterface) {
    case 0x00:
      return "USB controller (UHCI)";
    case 0x10:
      return "USB controller (OHCI)";
    case 0x20:
      return "USB controller (EHCI)";
    case 0x30:
      return "USB controller (xHCI)";
    default:
      return "USB controller";
  }
}
