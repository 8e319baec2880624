import { zstdDecompressSync } from 'node:zlib'
import { memoryStore, type ObjectStore } from '@exprsn/core/storage'
import { describe, expect, it } from 'vitest'
import { walFileStore } from './wal-file-store.ts'

const size = 2 ** 20

/** The first page of a segment as PostgreSQL writes it, and noise behind it. */
function segment(name: string, { cluster = 7n, timeline = 1, bytes = size, noise = 0 } = {}): Buffer {
  const content = Buffer.alloc(bytes, noise)
  content.writeUInt16LE(0xd118, 0)
  content.writeUInt16LE(2, 2)
  content.writeUInt32LE(timeline, 4)
  const start = (BigInt(`0x${name.slice(8, 16)}`) << 32n) + BigInt(`0x${name.slice(16, 24)}`) * BigInt(size)
  content.writeBigUInt64LE(start, 8)
  content.writeUInt32LE(0, 16)
  content.writeBigUInt64LE(cluster, 24)
  content.writeUInt32LE(size, 32)
  return content
}

const name = '000000010000000000000003'
const next = '000000010000000000000004'

describe.each(['zstd', 'none'] as const)('files of a log, stored with %s', (compress) => {
  it('come back, and may be archived again with the same content only', async () => {
    const store = memoryStore()
    const files = walFileStore({ store, prefix: 'main', compress })
    const bytes = segment(name)
    await files.put(name, bytes)
    await files.put(name, bytes)
    await files.put('00000002.history', Buffer.from('1\t0/3000000\tno reason\n'))
    expect(Buffer.compare(await files.get(name), bytes)).toBe(0)
    expect(Buffer.from(await files.get('00000002.history')).toString()).toContain('no reason')
    await expect(files.put(name, segment(name, { noise: 1 }))).rejects.toMatchObject({ code: 'BACKUP_ARCHIVE_DIFFERS' })
    await expect(files.get(next)).rejects.toMatchObject({ code: 'BACKUP_ARCHIVE_NOT_FOUND' })
    expect(Buffer.compare(await files.get(name), bytes)).toBe(0)
    const keys: string[] = []
    for await (const { key } of store.list()) keys.push(key)
    const end = compress === 'zstd' ? '.zst' : ''
    expect(keys).toEqual([`main/00000001/${name}${end}`, `main/00000002/00000002.history${end}`, 'main/cluster'])
  })

  it('are refused when they are something else', async () => {
    const files = walFileStore({ store: memoryStore(), compress })
    const refuses = (as: string, bytes: Uint8Array, code: string): Promise<void> =>
      expect(files.put(as, bytes)).rejects.toMatchObject({ code })
    await refuses('RECOVERYXLOG', segment(name), 'BACKUP_ARCHIVE_NAME_INVALID')
    await refuses(name, Buffer.alloc(0), 'BACKUP_ARCHIVE_SEGMENT_INVALID')
    await refuses(name, Buffer.alloc(size), 'BACKUP_ARCHIVE_SEGMENT_INVALID')
    await refuses(name, segment(name).subarray(0, size / 2), 'BACKUP_ARCHIVE_SEGMENT_INVALID')
    await refuses(name, segment(name, { bytes: 2 * size }), 'BACKUP_ARCHIVE_SEGMENT_INVALID')
    await refuses(name, segment(next), 'BACKUP_ARCHIVE_SEGMENT_INVALID')
    await refuses(name, segment(name, { timeline: 2 }), 'BACKUP_ARCHIVE_SEGMENT_INVALID')
    await files.put(name, segment(name))
    await refuses(next, segment(next, { cluster: 8n }), 'BACKUP_ARCHIVE_OTHER_CLUSTER')
  })
})

describe('a stored file', () => {
  it('shows every damage, and zstd alone reads it', async () => {
    const store = memoryStore()
    const files = walFileStore({ store })
    const bytes = segment(name)
    await files.put(name, bytes)
    const key = `00000001/${name}.zst`
    const stored = Buffer.from(await (await store.get(key)).bytes())
    expect(zstdDecompressSync(stored.subarray(47)).equals(bytes)).toBe(true)
    for (let at = 0; at < stored.length; at++) {
      const damaged = Buffer.from(stored)
      damaged[at]! ^= 0x40
      await store.put(key, damaged)
      // A bit that decoders pass over may change nothing; never may another content come out.
      const outcome = await files.get(name).then(
        (content) => (bytes.equals(content) ? 'the same' : 'another'),
        (error: { readonly code?: string }) => error.code,
      )
      expect(outcome === 'the same' || outcome === 'BACKUP_ARCHIVE_DAMAGED', `byte ${at}: ${outcome}`).toBe(true)
      if (at < 47) expect(outcome, `byte ${at}`).toBe('BACKUP_ARCHIVE_DAMAGED')
    }
    await store.put(key, stored.subarray(0, -1))
    await expect(files.get(name)).rejects.toMatchObject({ code: 'BACKUP_ARCHIVE_DAMAGED' })
  })

  it('is known to belong to another cluster by a later process, too', async () => {
    const store = memoryStore()
    await walFileStore({ store }).put(name, segment(name))
    const later = walFileStore({ store })
    await expect(later.put(next, segment(next, { cluster: 8n }))).rejects.toMatchObject({
      code: 'BACKUP_ARCHIVE_OTHER_CLUSTER',
      details: { known: '7', found: '8' },
    })
  })

  it('is not acknowledged when the store fails', async () => {
    const inner = memoryStore()
    const store: ObjectStore = { ...inner, put: () => Promise.reject(new Error('no store')) }
    await expect(walFileStore({ store }).put(name, segment(name))).rejects.toThrow('no store')
  })
})
