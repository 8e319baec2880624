import fc from 'fast-check'
import { zstdDecompressSync } from 'node:zlib'
import { memoryStore } from '@exprsn/core/storage'
import { describe, expect, it } from 'vitest'
import type { ExportCompression, ExportedPart } from './export-files.ts'
import { blockPool } from './block-pool.ts'
import { partWriter } from './part-writer.ts'
import { readPart } from './read-part.ts'

const store = memoryStore()

/** Writes rows as an export does, waiting where it is asked to. */
async function write(rows: readonly Uint8Array[], compress: ExportCompression): Promise<ExportedPart> {
  const writer = partWriter(compress, 1)
  const stored = store.put('part', writer.content)
  for (const row of rows) await writer.push(row)
  writer.end()
  await stored
  const { sha256, ...facts } = writer.facts
  return { ...facts, key: 'part', sha256: sha256(), snapshot: '1:1:' }
}

async function read(part: ExportedPart, compress: ExportCompression): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of readPart(store, part, compress, undefined)) pieces.push(Uint8Array.from(piece))
  return Buffer.concat(pieces)
}

const rows = Array.from({ length: 30_000 }, (_, number) => Buffer.from(`${number}\t${'x'.repeat(number % 300)}\n`))

describe.each(['zstd', 'none'] as const)('a part stored with %s', (compress) => {
  it('comes back, with rows longer than a block among them', async () => {
    const all = [...rows, Buffer.alloc(3_000_000, 'y'), Buffer.from('end\n')]
    const part = await write(all, compress)
    expect(part.rows).toBe(all.length)
    expect(Buffer.concat(all).equals(await read(part, compress))).toBe(true)
    expect((await store.head('part'))!.size).toBe(part.stored)
    if (compress === 'zstd') expect(part.frames.length).toBeGreaterThan(3)
  })

  it('may be empty', async () => {
    const part = await write([], compress)
    expect(part).toMatchObject({ rows: 0, bytes: 0, stored: 0 })
    expect(await read(part, compress)).toHaveLength(0)
  })

  it('shows every damage, and nothing that is not right is taken for whole', async () => {
    const part = await write(rows.slice(0, 500), compress)
    const bytes = Buffer.from(await (await store.get('part')).bytes())
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const damaged = Buffer.from(bytes)
        damaged[at]! ^= flip
        await store.put('part', damaged)
        await expect(read(part, compress)).rejects.toMatchObject({ code: 'BACKUP_EXPORT_DAMAGED' })
      }),
      { numRuns: 200 },
    )
    for (const wrong of [bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.from('z')]), Buffer.alloc(0)]) {
      await store.put('part', wrong)
      await expect(read(part, compress)).rejects.toMatchObject({ code: 'BACKUP_EXPORT_DAMAGED' })
    }
  })
})

describe('partWriter', () => {
  it('writes what zstd reads as one file', async () => {
    const part = await write(rows, 'zstd')
    const bytes = Buffer.from(await (await store.get('part')).bytes())
    let at = 0
    const texts = part.frames.map(([, stored]) => zstdDecompressSync(bytes.subarray(at, (at += stored))))
    expect(Buffer.concat(texts).equals(Buffer.concat(rows))).toBe(true)
    expect(at).toBe(bytes.length)
  })

  it('takes rows together as it does one by one, and cuts no row in two', async () => {
    const some = fc.array(fc.tuple(fc.nat({ max: 70_000 }), fc.nat({ max: 400 })), { minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(some, async (shapes) => {
        const writer = partWriter('zstd', 1, blockPool(65_536))
        const stored = store.put('joined', writer.content)
        const all: Buffer[] = []
        let count = 0
        for (const [long, short] of shapes) {
          // A long row between short ones, all in one piece.
          const text = `${'s\n'.repeat(short)}${'l'.repeat(long)}\n${'e\n'.repeat(short)}`
          count += short * 2 + 1
          all.push(Buffer.from(text))
          await writer.push(all.at(-1)!, short * 2 + 1)
        }
        writer.end()
        await stored
        expect(writer.facts.rows).toBe(count)
        const bytes = Buffer.from(await (await store.get('joined')).bytes())
        let at = 0
        const texts = writer.facts.frames.map(([, size]) => zstdDecompressSync(bytes.subarray(at, (at += size))))
        expect(Buffer.concat(texts).equals(Buffer.concat(all))).toBe(true)
        for (const text of texts) expect(text.at(-1)).toBe(0x0a)
      }),
      { numRuns: 100 },
    )
  })

  it('takes the same memory again, for the next part too', async () => {
    const pool = blockPool(1024)
    const seen = new Set<Buffer>()
    const counted = {
      ...pool,
      take: () => {
        const block = pool.take()
        seen.add(block)
        return block
      },
    }
    for (let part = 0; part < 3; part++) {
      const writer = partWriter('none', 1, counted)
      const stored = store.put('again', writer.content)
      for (let row = 0; row < 500; row++) await writer.push(Buffer.from(`${row} ${'x'.repeat(200)}\n`))
      writer.end()
      await stored
    }
    expect(seen.size).toBeLessThan(20)
  })

  it('asks the sender to wait, and lets it go when the store fails', async () => {
    const writer = partWriter('none', 1)
    const block = Buffer.alloc(2 ** 20)
    const waits = Array.from({ length: 12 }, () => writer.push(block)).filter((wait) => wait !== undefined)
    expect(waits.length).toBeGreaterThan(1)
    writer.fail(new Error('no store'))
    await Promise.all(waits)
    await expect(store.put('other', writer.content)).rejects.toThrow('no store')
    expect(await store.head('other')).toBeUndefined()
  })
})
