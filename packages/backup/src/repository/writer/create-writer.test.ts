import { memoryStore } from '@exprsn/core/storage'
import { SeededRandom } from '@exprsn/core/testing'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { cheapScrypt } from '../../../test/sample-repository.ts'
import { compress, defaultCompression, pageCompression, type CompressionSettings } from '../object/compression.ts'
import { openRepository } from '../open-repository.ts'

/** Bytes that sealing adds. */
const overhead = 32

/** Rows of a table: numbers that count, hashes, blanks. */
const pages = Buffer.concat(
  Array.from({ length: 2_000 }, (_, row) => {
    const digest = createHash('md5').update(String(row)).digest('hex')
    return Buffer.from(`${row}\0${row % 7}\0${digest}${' '.repeat(60)}`)
  }),
)

async function savedPages(compression: CompressionSettings | false | undefined) {
  const store = memoryStore()
  const repository = await openRepository({ store, password: 'p', scrypt: cheapScrypt, create: 'new', compression })
  const session = await repository.begin()
  const saved = await session.writer.save('data', pages, { compress: 'pages' })
  await session.writer.flush()
  const read = await repository.reader.read('data', saved.id)
  await session.end()
  return { saved, read }
}

describe('a writer of a repository', () => {
  it('packs pages of a database by a setting of their own, and gives them back', async () => {
    const { saved, read } = await savedPages(undefined)
    expect(saved.stored).toBe(compress(pages, pageCompression).length + overhead)
    expect(saved.stored).not.toBe(compress(pages, defaultCompression).length + overhead)
    expect(Buffer.compare(read, pages)).toBe(0)
  })

  it.each([
    ['another level', { level: 9, minMatch: 0 }, compress(pages, { level: 9, minMatch: 0 }).length],
    ['no compression', false, pages.length],
  ] as const)('packs pages as the repository was told to: %s', async (_, compression, length) => {
    const { saved, read } = await savedPages(compression)
    expect(saved.stored).toBe(length + overhead)
    expect(Buffer.compare(read, pages)).toBe(0)
  })

  it('stores pages that do not compress as they are', async () => {
    const store = memoryStore()
    const repository = await openRepository({ store, password: 'p', scrypt: cheapScrypt, create: 'new' })
    const session = await repository.begin()
    const noise = new SeededRandom(1).bytes(40_000)
    expect((await session.writer.save('data', noise, { compress: 'pages' })).stored).toBe(noise.length + overhead)
    await session.end()
  })
})
