import { memoryStore, type ObjectStore } from '@exprsn/core/storage'
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
    expect(saved.stored).toBeLessThan(1.02 * compress(pages, defaultCompression).length)
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

  it('stores a little that is said to be new without loading the index, each blob once, and what follows as ever', async () => {
    const store = memoryStore()
    const repository = await openRepository({ store, password: 'p', scrypt: cheapScrypt, create: 'new' })
    const before = await repository.begin()
    const known = new SeededRandom(1).bytes(1_000)
    await before.writer.save('tree', known)
    await before.writer.flush()
    await before.end()
    let listings = 0
    const list: ObjectStore['list'] = (options) => {
      if (options?.prefix === 'index/') listings++
      return store.list(options)
    }
    const watched = await openRepository({ store: { ...store, list }, password: 'p' })
    const { writer, end } = await watched.begin()
    const little = new SeededRandom(2).bytes(1_000)
    const isNew = true
    expect(await writer.save('tree', little, { isNew })).toMatchObject({ added: true })
    expect(await writer.save('tree', little, { isNew })).toMatchObject({ added: false })
    await writer.flush()
    expect(await writer.save('tree', little, { isNew })).toMatchObject({ added: false })
    expect(listings).toBe(0)
    expect(await writer.save('tree', new SeededRandom(3).bytes(300_000), { isNew })).toMatchObject({ added: true })
    expect(listings).toBe(1)
    expect(await writer.save('tree', little)).toMatchObject({ added: false })
    expect(await writer.save('tree', known, { isNew })).toMatchObject({ added: false })
    await writer.flush()
    await end()
    const id = createHash('sha256').update(little).digest('hex')
    expect(Buffer.compare(await repository.reader.read('tree', id), little)).toBe(0)
  })
})
