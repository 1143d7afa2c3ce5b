/* All directories of a FAT32 volume, walked over a disk in memory: a window into the FAT, pieces of 4 KiB of directory. */
#include "bench.h"
#include "utf8.h"

enum { SECTOR = 512, WINDOW = 16384, PIECE = 4096, SLOT = 32, SLOTS_LIMIT = 65536, WAITING = 1024 };
enum { PARTS_LIMIT = 20, PART_UNITS = 13, SHORT_NAME = 11, NAME_TEXT = 765, LEAST_CLUSTERS = 65525 };
enum { READ_ONLY_BITS = 0x3f, LABEL = 0x08, DIRECTORY = 0x10, LONG_PART = 0x0f, LAST_PART = 0x40 };

/* A disk, whatever carries it. */
typedef struct Device Device;
struct Device {
  bool (*read)(Device *self, uint64_t lba, uint8_t *target, size_t length);
  const uint8_t *image;
  uint64_t sectors;
};

typedef struct {
  Device *device;
  uint32_t sector_bytes, per_cluster, cluster_bytes, fat_sector, fat_sectors, data_sector, cluster_count, root;
  uint32_t window_start, window_sectors;
  uint8_t window[WINDOW];
} Volume;

typedef struct {
  uint32_t name_length, first_cluster, size, slot;
  uint8_t attributes;
  bool is_directory;
  uint8_t name[NAME_TEXT];
  uint8_t short_name[SHORT_NAME];
} Entry;

typedef struct {
  Volume *volume;
  uint32_t next_cluster, next_offset, length, position, slots;
  uint64_t sector;
  uint8_t parts_left, checksum;
  bool is_ready;
  uint32_t units_length;
  uint8_t piece[PIECE];
  uint8_t units[PARTS_LIMIT * PART_UNITS * 2];
} Reader;

static bool read_memory(Device *self, uint64_t lba, uint8_t *target, size_t length) {
  if (lba >= self->sectors) return false;
  memcpy(target, self->image + lba * SECTOR, length);
  return true;
}

static bool is_cluster(const Volume *volume, uint32_t cluster) {
  return cluster >= 2 && cluster - 2 < volume->cluster_count;
}

static bool is_power_of_two(uint32_t value) { return value > 0 && (value & (value - 1)) == 0; }

static bool mount(Volume *volume, Device *device) {
  uint8_t sector[SECTOR];
  volume->device = device;
  volume->window_sectors = 0;
  if (!device->read(device, 0, sector, SECTOR) || load16(sector + 510) != 0xaa55) return false;
  uint32_t fats = sector[16];
  volume->sector_bytes = load16(sector + 11);
  volume->per_cluster = sector[13];
  if (!is_power_of_two(volume->sector_bytes) || sector[21] < 0xf0) return false;
  if (!is_power_of_two(volume->per_cluster) || fats == 0 || fats > 4) return false;
  if (load16(sector + 14) == 0 || load16(sector + 22) != 0 || load16(sector + 17) != 0) return false;
  if (volume->sector_bytes != SECTOR) return false;
  uint32_t total = load32(sector + 32);
  volume->fat_sectors = load32(sector + 36);
  volume->root = load32(sector + 44);
  volume->fat_sector = load16(sector + 14);
  uint64_t data = volume->fat_sector + (uint64_t)fats * volume->fat_sectors;
  if (volume->fat_sectors == 0 || data >= total || total > device->sectors) return false;
  volume->data_sector = (uint32_t)data;
  uint32_t clusters = (total - volume->data_sector) / volume->per_cluster;
  uint32_t entries = volume->fat_sectors * (volume->sector_bytes / 4);
  volume->cluster_count = clusters < entries - 2 ? clusters : entries - 2;
  volume->cluster_bytes = volume->sector_bytes * volume->per_cluster;
  return volume->cluster_count >= LEAST_CLUSTERS && is_cluster(volume, volume->root);
}

static bool fat_entry(Volume *volume, uint32_t cluster, uint32_t *entry) {
  if (!is_cluster(volume, cluster)) return false;
  uint32_t sector = cluster * 4 / volume->sector_bytes;
  if (sector - volume->window_start >= volume->window_sectors) {
    uint32_t whole = WINDOW / volume->sector_bytes;
    uint32_t start = sector - sector % whole;
    uint32_t count = volume->fat_sectors - start < whole ? volume->fat_sectors - start : whole;
    Device *device = volume->device;
    if (!device->read(device, volume->fat_sector + start, volume->window, count * volume->sector_bytes)) return false;
    volume->window_start = start;
    volume->window_sectors = count;
  }
  *entry = load32(volume->window + (cluster * 4 - volume->window_start * volume->sector_bytes)) & 0x0fffffff;
  return true;
}

/* How many clusters from `cluster` on stand in a row, at most `limit`, and which one follows. */
static bool run_of(Volume *volume, uint32_t cluster, uint32_t limit, uint32_t *count, uint32_t *next) {
  *count = 1;
  *next = 0;
  for (uint32_t entry;; cluster = entry, ++*count) {
    if (!fat_entry(volume, cluster, &entry)) return false;
    if (entry >= 0x0ffffff8) return true;
    if (!is_cluster(volume, entry)) return false;
    if (entry != cluster + 1 || *count == limit) {
      *next = entry;
      return true;
    }
  }
}

static void open_directory(Reader *reader, Volume *volume, uint32_t cluster) {
  reader->volume = volume;
  reader->next_cluster = cluster == 0 ? volume->root : cluster;
  reader->next_offset = reader->length = reader->position = reader->slots = 0;
  reader->parts_left = 0;
  reader->is_ready = false;
}

static bool load_piece(Reader *reader) {
  Volume *volume = reader->volume;
  if (!is_cluster(volume, reader->next_cluster)) return false;
  reader->sector = volume->data_sector + (uint64_t)(reader->next_cluster - 2) * volume->per_cluster;
  reader->sector += reader->next_offset / volume->sector_bytes;
  if (reader->next_offset + PIECE < volume->cluster_bytes) {
    reader->length = PIECE;
    reader->next_offset += PIECE;
  } else {
    uint32_t small = volume->cluster_bytes < PIECE ? volume->cluster_bytes : PIECE;
    uint32_t count, next;
    if (!run_of(volume, reader->next_cluster, PIECE / small, &count, &next)) return false;
    reader->length = count * small;
    reader->next_cluster = next;
    reader->next_offset = 0;
  }
  reader->position = 0;
  return volume->device->read(volume->device, reader->sector, reader->piece, reader->length);
}

/* 1: a slot is at hand; 0: the end; -1: damage. */
static int next_slot(Reader *reader) {
  if (reader->slots > 0) reader->position += SLOT;
  if (reader->position >= reader->length) {
    if (reader->next_cluster == 0 || reader->slots >= SLOTS_LIMIT) return 0;
    if (!load_piece(reader)) return -1;
  }
  reader->slots++;
  return 1;
}

static void forget(Reader *reader) {
  reader->parts_left = 0;
  reader->is_ready = false;
}

static void take_long_part(Reader *reader, const uint8_t *slot) {
  uint8_t number = slot[0] & 0x3f;
  if (number > PARTS_LIMIT) number = 0;
  if (slot[0] & LAST_PART) {
    reader->parts_left = number;
    reader->checksum = slot[13];
    reader->units_length = number * PART_UNITS * 2;
    reader->is_ready = false;
  }
  if (number == 0 || number != reader->parts_left || slot[13] != reader->checksum) {
    forget(reader);
    return;
  }
  uint8_t *units = reader->units + (number - 1) * PART_UNITS * 2;
  memcpy(units, slot + 1, 10);
  memcpy(units + 10, slot + 14, 12);
  memcpy(units + 22, slot + 28, 4);
  reader->is_ready = --reader->parts_left == 0;
}

static uint8_t checksum_of(const uint8_t *name) {
  uint8_t sum = 0;
  for (int i = 0; i < SHORT_NAME; i++) sum = (uint8_t)((sum >> 1) + (sum << 7) + name[i]);
  return sum;
}

static uint8_t *put_trimmed(const uint8_t *field, size_t length, uint8_t *to) {
  while (length > 0 && field[length - 1] == ' ') length--;
  for (size_t i = 0; i < length; i++) *to++ = field[i] > ' ' && field[i] < 0x7f ? field[i] : '_';
  return to;
}

static uint32_t short_text(const uint8_t *name, uint8_t *text) {
  uint8_t *to = put_trimmed(name, 8, text);
  uint8_t *end = put_trimmed(name + 8, 3, to + 1);
  if (end == to + 1) return (uint32_t)(to - text);
  *to = '.';
  return (uint32_t)(end - text);
}

static void describe(Reader *reader, const uint8_t *slot, bool is_directory, Entry *into) {
  memcpy(into->short_name, slot, SHORT_NAME);
  if (into->short_name[0] == 0x05) into->short_name[0] = 0xe5;
  uint32_t length = 0;
  if (reader->is_ready && checksum_of(slot) == reader->checksum)
    length = (uint32_t)utf8_from_utf16(reader->units, reader->units_length, into->name, NAME_TEXT);
  if (length == 0) length = short_text(into->short_name, into->name);
  into->name_length = length;
  into->attributes = slot[11] & READ_ONLY_BITS;
  into->is_directory = is_directory;
  into->first_cluster = (load16(slot + 20) & 0x0fffu) << 16 | load16(slot + 26);
  into->size = is_directory ? 0 : load32(slot + 28);
  into->slot = reader->slots - 1;
  forget(reader);
}

static bool is_dot(const uint8_t *slot) {
  return slot[0] == '.' && (slot[1] == ' ' || (slot[1] == '.' && slot[2] == ' '));
}

static int next_entry(Reader *reader, Entry *into) {
  for (;;) {
    int advanced = next_slot(reader);
    if (advanced <= 0) return advanced;
    const uint8_t *slot = reader->piece + reader->position;
    uint8_t attributes = slot[11] & READ_ONLY_BITS;
    if (slot[0] == 0) return 0;
    if (slot[0] != 0xe5 && attributes == LONG_PART) take_long_part(reader, slot);
    else if (slot[0] == 0xe5 || (attributes & LABEL) || is_dot(slot)) forget(reader);
    else {
      describe(reader, slot, (attributes & DIRECTORY) != 0, into);
      return 1;
    }
  }
}

uint32_t run(const uint8_t *input, size_t input_length, uint8_t *work) {
  static Volume volume;
  static Reader reader;
  static Entry entry;
  static uint32_t waiting[WAITING];
  static Device device;
  device = (Device){ read_memory, input, input_length / SECTOR };
  if (!mount(&volume, &device)) return 0;
  uint32_t count = 0;
  uint32_t sum = 0;
  uint32_t left = 1;
  waiting[0] = 0;
  while (left > 0) {
    open_directory(&reader, &volume, waiting[--left]);
    for (int more; (more = next_entry(&reader, &entry)) != 0;) {
      if (more < 0) return 0;
      count++;
      sum = crc32_extend(sum, entry.name, entry.name_length) + entry.size;
      if (entry.is_directory) waiting[left++] = entry.first_cluster;
    }
  }
  store32(work, count);
  return sum;
}
