/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The archive is read from its central directory, as its format asks: local headers may lack sizes.
 */
#include <abnorm/zip.h>

#include <stdint.h>
#include <string.h>
#include <zlib.h>

#define END_SIZE     22
#define ENTRY_SIZE   46
#define LOCAL_SIZE   30
#define LONGEST_NOTE 65535

typedef struct member {
    unsigned method, flags;
    uint32_t crc, packed, size;
    const unsigned char *data;
} member;

static uint32_t u16(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static uint32_t u32(const unsigned char *p)
{
    return u16(p) | u16(p + 2) << 16;
}

/* The end-of-directory record: the last one that fits, as a comment may follow it. */
static const unsigned char *find_end(const unsigned char *p, size_t len)
{
    if (len < END_SIZE) return NULL;
    size_t low = len > END_SIZE + LONGEST_NOTE ? len - END_SIZE - LONGEST_NOTE : 0;
    for (size_t i = len - END_SIZE + 1; i-- > low;)
        if (memcmp(p + i, "PK\5\6", 4) == 0 && u16(p + i + 20) <= len - END_SIZE - i) return p + i;
    return NULL;
}

static bool ends_in(const unsigned char *name, size_t len, const char *suffix)
{
    size_t n = strlen(suffix);
    return n <= len && abn_slice_ieq((abn_slice){(const char *)name + len - n, n}, suffix);
}

/* Read the directory entry at `e` when its member's bytes lie inside the archive. */
static bool read_entry(const unsigned char *p, size_t len, const unsigned char *e, member *m)
{
    *m = (member){.flags = u16(e + 8),
                  .method = u16(e + 10),
                  .crc = u32(e + 16),
                  .packed = u32(e + 20),
                  .size = u32(e + 24)};
    size_t at = u32(e + 42);
    if (at > len || len - at < LOCAL_SIZE || memcmp(p + at, "PK\3\4", 4) != 0) return false;
    size_t start = at + LOCAL_SIZE + u16(p + at + 26) + u16(p + at + 28);
    if (start > len || m->packed > len - start) return false;
    m->data = p + start;
    return true;
}

static abn_status find_member(abn_slice archive, const char *name, const char *suffix, member *m,
                              abn_error *err)
{
    const unsigned char *p = (const unsigned char *)archive.ptr;
    const unsigned char *end = find_end(p, archive.len);
    if (!end) return abn_fail_at(err, ABN_DATA, name, 0, 0, "not a zip archive, or cut short");
    size_t at = u32(end + 16), limit = (size_t)(end - p);
    for (uint32_t left = u16(end + 10); left > 0; left--) {
        if (at > limit || limit - at < ENTRY_SIZE || memcmp(p + at, "PK\1\2", 4) != 0)
            return abn_fail_at(err, ABN_DATA, name, 0, 0, "damaged zip directory");
        const unsigned char *e = p + at;
        size_t name_len = u16(e + 28), rest = name_len + u16(e + 30) + u16(e + 32);
        if (rest > limit - at - ENTRY_SIZE)
            return abn_fail_at(err, ABN_DATA, name, 0, 0, "damaged zip directory");
        if (ends_in(e + ENTRY_SIZE, name_len, suffix)) {
            if (!read_entry(p, archive.len, e, m))
                return abn_fail_at(err, ABN_DATA, name, 0, 0, "damaged zip member");
            return ABN_OK;
        }
        at += ENTRY_SIZE + rest;
    }
    return abn_fail_at(err, ABN_DATA, name, 0, 0, "no member named *%s in the archive", suffix);
}

/* The directory's size bounds the output, so a bomb costs no more than it declares. */
static bool inflate_member(const member *m, char *out)
{
    z_stream z = {.next_in = (unsigned char *)(uintptr_t)m->data,
                  .avail_in = m->packed,
                  .next_out = (unsigned char *)out,
                  .avail_out = m->size};
    if (inflateInit2(&z, -MAX_WBITS) != Z_OK) return false;
    int result = inflate(&z, Z_FINISH);
    bool whole = result == Z_STREAM_END && z.avail_out == 0;
    inflateEnd(&z);
    return whole;
}

abn_status abn_unzip(abn_slice archive, const char *name, const char *suffix, size_t limit,
                     abn_buf *out, abn_error *err)
{
    member m = {0};
    abn_status status = find_member(archive, name, suffix, &m, err);
    if (status) return status;
    if (m.flags & 1 || (m.method != 0 && m.method != 8))
        return abn_fail_at(err, ABN_DATA, name, 0, 0, "encrypted, or packed in an unknown way");
    if (m.size > limit)
        return abn_fail_at(err, ABN_DATA, name, 0, 0, "the member is larger than %zu bytes", limit);
    abn_buf unpacked = {0};
    if (!abn_buf_reserve(&unpacked, (size_t)m.size + 1)) return abn_fail_memory(err);
    bool ok = m.method == 8 ? inflate_member(&m, unpacked.data) : m.packed == m.size;
    if (ok && m.method == 0) memcpy(unpacked.data, m.data, m.size);
    if (ok && crc32(0, (const unsigned char *)unpacked.data, m.size) == m.crc)
        abn_buf_add(out, unpacked.data, m.size);
    else
        status = abn_fail_at(err, ABN_DATA, name, 0, 0, "damaged zip member");
    abn_buf_free(&unpacked);
    return status ? status : abn_buf_status(out, err);
}
