import { SeededRandom } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { sampleRepository } from '../../../test/sample-repository.ts'
import type { BlobWriter, TreeNode } from '../../repository/index.ts'
import { treeBuilder } from '../tree-builder.ts'
import { repositorySink } from './repository-sink.ts'

const chunkSize = 8_192

async function save(fill: (sink: ReturnType<typeof repositorySink>) => Promise<void>) {
  const { repository } = await sampleRepository(0)
  const session = await repository.begin()
  const tree = treeBuilder(5n)
  const sink = repositorySink({ writer: session.writer, tree, chunkSize })
  await fill(sink)
  await sink.finish()
  const root = await tree.save(session.writer)
  await session.writer.flush()
  const list = async (id: string, prefix = ''): Promise<[string, TreeNode][]> => {
    const found: [string, TreeNode][] = []
    for (const node of await repository.reader.readTree(id)) {
      found.push([prefix + String(node.name), node])
      if (node.subtree !== undefined) found.push(...(await list(node.subtree, `${prefix}${String(node.name)}/`)))
    }
    return found
  }
  const nodes = new Map(await list(root))
  const read = async (path: string): Promise<Buffer> => {
    const pieces: Uint8Array[] = []
    for (const id of nodes.get(path)!.content!) pieces.push(await repository.reader.read('data', id))
    return Buffer.concat(pieces)
  }
  await session.end()
  return { nodes, read, sink, tree }
}

const bytesOf = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8)) & 255)

async function put(
  sink: ReturnType<typeof repositorySink>,
  path: string,
  bytes: Uint8Array,
  step: number,
): Promise<void> {
  sink.file({ path, size: bytes.length, mode: 0o640, modifiedAt: 60 })
  // The same memory every time, as a socket's.
  const memory = new Uint8Array(step)
  for (let from = 0; from < bytes.length; from += step) {
    const piece = bytes.subarray(from, from + step)
    memory.set(piece)
    await sink.write(memory.subarray(0, piece.length))
    memory.fill(0)
  }
  await sink.endFile()
}

describe('repositorySink', () => {
  it('stores files cut at fixed places, however their bytes arrive', async () => {
    const large = bytesOf(3 * chunkSize + 17)
    const { nodes, read, sink } = await save(async (target) => {
      await put(target, 'base/5/16384', large, 1_000)
      await put(target, 'base/5/16385', large, 50_000)
      await put(target, 'base/5/exact', large.subarray(0, chunkSize), 8_192)
      await put(target, 'PG_VERSION', Buffer.from('18\n'), 10)
      await put(target, 'global/empty', new Uint8Array(), 10)
    })
    expect(sink.files()).toBe(5)
    expect(Buffer.compare(await read('base/base/5/16384'), large)).toBe(0)
    const [one, two] = [nodes.get('base/base/5/16384')!, nodes.get('base/base/5/16385')!]
    expect(one.content).toEqual(two.content)
    expect(one.content).toHaveLength(4)
    expect(nodes.get('base/base/5/exact')!.content).toEqual(one.content!.slice(0, 1))
    expect(one).toMatchObject({ type: 'file', mode: 0o640, size: large.length, modifiedAt: 60_000_000_000n })
    expect(nodes.get('base/global/empty')).toMatchObject({ size: 0, content: [] })
    expect((await read('base/PG_VERSION')).toString()).toBe('18\n')
  })

  it('need not copy whole chunks that are held until they are stored, and copies all else', async () => {
    const large = bytesOf(3 * chunkSize + 500)
    const memory = new Uint8Array(2 * chunkSize)
    const { nodes, read } = await save(async (target) => {
      const give = async (piece: Uint8Array, isHeld: boolean): Promise<void> => {
        const view = memory.subarray(0, piece.length)
        view.set(piece)
        const work = target.write(view, isHeld)
        if (isHeld) await work
        view.fill(0)
        await work
      }
      for (const [path, lengths] of [
        ['chunks', [chunkSize, 2 * chunkSize, 500]],
        ['gone at once', [2 * chunkSize, chunkSize, 500]],
        ['pieces', [chunkSize + 100, 400, chunkSize, chunkSize]],
      ] as const) {
        target.file({ path, size: large.length, mode: 0o600, modifiedAt: 0 })
        let from = 0
        for (const length of lengths) await give(large.subarray(from, (from += length)), path !== 'gone at once')
        await target.endFile()
      }
    })
    for (const path of ['base/chunks', 'base/pieces', 'base/gone at once']) {
      expect(Buffer.compare(await read(path), large)).toBe(0)
      expect(nodes.get(path)).toMatchObject({ size: large.length, content: nodes.get('base/chunks')!.content })
    }
  })

  it('puts tablespaces beside the data folder, with links as pg_basebackup has them', async () => {
    const { nodes, tree } = await save(async (target) => {
      target.folder('pg_tblspc/16400', 0o700)
      target.folder('pg_wal', 0o750)
      target.symlink('pg_notify/link', 'elsewhere')
      await put(target, 'pg_tblspc/16400/PG_18/5/1', bytesOf(10), 10)
    })
    expect([...nodes.keys()].sort()).toEqual([
      ...['base', 'base/pg_notify', 'base/pg_notify/link', 'base/pg_tblspc', 'base/pg_tblspc/16400', 'base/pg_wal'],
      ...['tablespaces', 'tablespaces/16400', 'tablespaces/16400/PG_18', 'tablespaces/16400/PG_18/5'],
      'tablespaces/16400/PG_18/5/1',
    ])
    expect(nodes.get('base/pg_tblspc/16400')).toMatchObject({ type: 'symlink', linkTarget: '../../tablespaces/16400' })
    expect(nodes.get('base/pg_wal')).toMatchObject({ type: 'dir', mode: 0o750, modifiedAt: 5n })
    expect(tree.folders()).toBe(8)
  })

  it('holds the server back, and tells when something cannot be stored', async () => {
    const failing = { save: () => Promise.reject(new RangeError('full')) } as unknown as BlobWriter
    const sink = repositorySink({ writer: failing, tree: treeBuilder(0n), chunkSize })
    sink.file({ path: 'x', size: 0, mode: 0o600, modifiedAt: 0 })
    await expect(sink.write(bytesOf(chunkSize * 40)) ?? Promise.resolve()).rejects.toThrow('full')
    expect(() => sink.write(bytesOf(1))).toThrow('full')
    await expect(sink.finish()).rejects.toThrow('full')
    await sink.abort()
  })

  it('stores nothing more after it was given up', async () => {
    const saved: number[] = []
    const slow = { save: async (_: string, content: Uint8Array) => ({ id: String(saved.push(content.length)) }) }
    const sink = repositorySink({ writer: slow as unknown as BlobWriter, tree: treeBuilder(0n), chunkSize })
    sink.file({ path: 'x', size: 0, mode: 0o600, modifiedAt: 0 })
    void sink.write(bytesOf(chunkSize * 3))
    await sink.abort()
    const before = saved.length
    expect(() => sink.write(bytesOf(chunkSize))).toThrow()
    expect(saved).toHaveLength(before)
  })

  it('tries to compress as long as that is not in vain, and what is random is not tried again and again', async () => {
    const size = 16_384
    const tried: unknown[] = []
    const writer = {
      async save(_type, content, { compress } = {}) {
        tried.push(compress)
        const isRandom = content[0] !== 0
        return { id: String(tried.length), added: true, stored: (isRandom ? content.length : 100) + 32 }
      },
    } as Pick<BlobWriter, 'save'> as BlobWriter
    const sink = repositorySink({ writer, tree: treeBuilder(5n), chunkSize: size })
    const random = new SeededRandom(3)
    const noise = (): Uint8Array => random.bytes(size).fill(1, 0, 1)
    for (const content of [new Uint8Array(size), noise(), noise(), noise(), new Uint8Array(size), noise()])
      await put(sink, `base/5/${tried.length}`, content, size)
    await sink.finish()
    expect(tried).toEqual(['pages', 'pages', false, false, 'pages', 'pages'])
  })
})
