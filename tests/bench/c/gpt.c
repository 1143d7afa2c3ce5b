/* A GUID partition table, parsed and checked: header and array, as from LBA 1 on. */
#include "bench.h"
#include "utf8.h"

enum { SECTOR = 512, HEADER = 92, GUID = 16, ENTRY = 128, ENTRY_LIMIT = 4096, ARRAY_LIMIT = 65536, NAME = 72 };

static const uint64_t DISK_SECTORS = 0x100000;

typedef struct {
  uint64_t my_lba, alternate_lba, first_usable, last_usable, array_lba;
  uint32_t entry_count, entry_bytes, array_crc;
  uint8_t disk_guid[GUID];
} Header;

typedef struct {
  uint64_t first_lba, last_lba, attributes;
  uint8_t type[GUID], unique[GUID], name[NAME];
} Entry;

static bool is_sane(const Header *h) {
  if (h->first_usable < 2 || h->first_usable > h->last_usable || h->last_usable >= DISK_SECTORS) return false;
  if (h->my_lba >= h->first_usable && h->my_lba <= h->last_usable) return false;
  if (h->array_lba < 2 || h->array_lba >= DISK_SECTORS) return false;
  uint64_t end = h->array_lba + (h->entry_count * h->entry_bytes + SECTOR - 1) / SECTOR;
  return end <= DISK_SECTORS && (end <= h->first_usable || h->array_lba > h->last_usable);
}

static bool parse_header(const uint8_t *sector, uint64_t lba, Header *into) {
  if (load64(sector) != 0x5452415020494645u || load32(sector + 8) != 0x10000) return false;
  uint32_t bytes = load32(sector + 12);
  if (bytes < HEADER || bytes > SECTOR) return false;
  static const uint8_t zeros[4];
  uint32_t crc = crc32_extend(crc32_extend(crc32_extend(0, sector, 16), zeros, 4), sector + 20, bytes - 20);
  if (crc != load32(sector + 16) || load64(sector + 24) != lba) return false;
  uint32_t count = load32(sector + 80);
  uint32_t size = load32(sector + 84);
  if (size < ENTRY || size > ENTRY_LIMIT || (size & (size - 1)) != 0) return false;
  if (count == 0 || count > ARRAY_LIMIT / size) return false;
  into->my_lba = lba;
  into->alternate_lba = load64(sector + 32);
  into->first_usable = load64(sector + 40);
  into->last_usable = load64(sector + 48);
  into->array_lba = load64(sector + 72);
  into->entry_count = count;
  into->entry_bytes = size;
  into->array_crc = load32(sector + 88);
  memcpy(into->disk_guid, sector + 56, GUID);
  return is_sane(into);
}

static void read_entry(const uint8_t *slot, Entry *into) {
  into->first_lba = load64(slot + 32);
  into->last_lba = load64(slot + 40);
  into->attributes = load64(slot + 48);
  memcpy(into->type, slot, GUID);
  memcpy(into->unique, slot + 16, GUID);
  memcpy(into->name, slot + 56, NAME);
}

uint32_t run(const uint8_t *input, size_t input_length, uint8_t *work) {
  (void)input_length;
  static Header header;
  static Entry entry;
  if (!parse_header(input, 1, &header)) return 0;
  const uint8_t *array = input + SECTOR;
  size_t length = (size_t)header.entry_count * header.entry_bytes;
  if (crc32_extend(0, array, length) != header.array_crc) return 0;
  uint32_t used = 0;
  for (size_t at = 0; at < length; at += header.entry_bytes) {
    const uint8_t *slot = array + at;
    if (load64(slot) == 0 && load64(slot + 8) == 0) continue;
    read_entry(slot, &entry);
    used++;
    store64(work, entry.first_lba);
    store64(work + 8, entry.last_lba - entry.first_lba + 1);
    work += 16 + utf8_from_utf16(entry.name, NAME, work + 16, 108);
  }
  return used;
}
