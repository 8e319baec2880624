import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { SeededRandom } from '@exprsn/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sharedData } from '@exprsn/real-servers/shared-data'
import { cidOf, encodeCbor, parseCid, type Cid } from '../codec/index.ts'
import { buildMst, createMst, diffMst, openMst, type BuiltMst } from './index.ts'
import { mstLayerOfText } from './mst-layer.ts'
import { commonPrefix } from './mst-node-writer.ts'

const cids = Array.from({ length: 8 }, (_, number) => cidOf('dag-cbor', encodeCbor({ number })))
const paths = fc
  .tuple(fc.constantFrom('a', 'com.example.note', 'z.z'), fc.nat(400))
  .map(([collection, number]) => `${collection}/${number}`)
const contents = fc.uniqueArray(fc.tuple(paths, fc.nat(7)), { selector: ([path]) => path, maxLength: 60 })

function sourceOf(...trees: readonly BuiltMst[]) {
  const blocks = new Map(trees.flatMap((tree) => tree.blocks.map(({ cid, bytes }) => [String(cid), bytes] as const)))
  return { blocks, get: (cid: Cid) => blocks.get(String(cid)) }
}

const built = (content: readonly (readonly [string, number])[]) =>
  buildMst(content.map(([path, number]) => [path, cids[number]!]))

describe('the layer of a key', () => {
  it('is half the leading zero bits of its SHA-256, for keys of every length', () => {
    const random = new SeededRandom(3)
    for (let length = 0; length < 130; length++) {
      const text = Buffer.from(random.bytes(length)).toString('base64url').slice(0, length)
      const bits = [...createHash('sha256').update(text).digest()]
        .map((byte) => byte.toString(2).padStart(8, '0'))
        .join('')
      expect(mstLayerOfText(text)).toBe(bits.indexOf('1') >> 1)
    }
  })
})

describe('the tree', () => {
  it('is the same, built at once or record by record in any order', () => {
    fc.assert(
      fc.property(contents, fc.nat(), (content, seed) => {
        const tree = createMst()
        const random = new SeededRandom(seed)
        const shuffled = content.map((item) => [random.uint32(), item] as const).sort(([left], [right]) => left - right)
        for (const [, [path, number]] of shuffled) tree.set(path, cids[number]!)
        expect(String(tree.root())).toBe(String(built(content).root))
        expect([...tree.entries()].map(([path]) => path)).toEqual(content.map(([path]) => path).sort())
      }),
      { numRuns: 200 },
    )
  })

  it('forgets what is deleted: any writes lead to the tree of what is left', () => {
    fc.assert(
      fc.property(contents, contents, (kept, removed) => {
        const source = sourceOf(
          built([...kept, ...removed.filter(([path]) => !kept.some(([other]) => other === path))]),
        )
        const all = [...new Map([...removed, ...kept]).entries()]
        const whole = built(all)
        for (const { cid, bytes } of whole.blocks) source.blocks.set(String(cid), bytes)
        const tree = openMst({ source, root: whole.root })
        const keptPaths = new Set(kept.map(([path]) => path))
        for (const [path] of all) if (!keptPaths.has(path)) tree.delete(path)
        expect(String(tree.root())).toBe(String(built(kept).root))
      }),
      { numRuns: 200 },
    )
  })

  it('finds what is in it, and nothing else', () => {
    fc.assert(
      fc.property(contents, paths, (content, other) => {
        const whole = built(content)
        const tree = openMst({ source: sourceOf(whole), root: whole.root })
        for (const [path, number] of content) expect(tree.get(path)?.equals(cids[number])).toBe(true)
        expect(tree.get(other) !== undefined).toBe(content.some(([path]) => path === other))
      }),
      { numRuns: 200 },
    )
  })

  it('hands over each changed node once', () => {
    const tree = createMst()
    tree.set('a/1', cids[0]!)
    const blocks: string[] = []
    const root = tree.root(({ cid }) => blocks.push(String(cid)))
    expect(blocks).toEqual([String(root)])
    tree.root(() => expect.unreachable('nothing has changed'))
  })

  it('refuses paths that are none, and to delete what is not there', () => {
    const tree = createMst()
    for (const path of [
      '',
      'a',
      '/',
      'a/',
      '/a',
      'a/b/c',
      'a/ü',
      'a/b c',
      'a/.',
      'a/..',
      '../a',
      './a',
      `a/${'b'.repeat(1024)}`,
    ]) {
      expect(() => tree.set(path, cids[0]!), path).toThrow(expect.objectContaining({ code: 'ATPROTO_PATH_INVALID' }))
    }
    expect(() =>
      buildMst([
        ['a/b', cids[0]!],
        ['a/b', cids[1]!],
      ]),
    ).toThrow(expect.objectContaining({ code: 'ATPROTO_PATH_INVALID' }))
    expect(() => tree.delete('a/b')).toThrow(expect.objectContaining({ code: 'ATPROTO_MST_KEY_MISSING' }))
  })

  it('S4: says which block is missing', () => {
    const whole = built(Array.from({ length: 200 }, (_, number) => [`a/${number}`, 0] as const))
    const source = sourceOf(whole)
    source.blocks.delete(String(whole.blocks[0]!.cid))
    const expected = { code: 'ATPROTO_MST_BLOCK_MISSING', details: { cid: String(whole.blocks[0]!.cid) } }
    expect(() => [...openMst({ source, root: whole.root }).entries()]).toThrow(
      expect.objectContaining({ code: expected.code }),
    )
  })
})

describe('the difference of two trees', () => {
  it('is what a comparison of their contents finds', () => {
    fc.assert(
      fc.property(contents, contents, (before, after) => {
        const trees = [built(before), built(after)] as const
        const source = sourceOf(...trees)
        const found = [...diffMst({ source, root: trees[0].root }, { source, root: trees[1].root })]
        const old = new Map(before)
        const now = new Map(after)
        const expected = [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((path) => {
          if (old.get(path) === now.get(path)) return []
          return [[!old.has(path) ? 'create' : now.has(path) ? 'update' : 'delete', path]]
        })
        expect(found.map(({ action, path }) => [action, path])).toEqual(expected)
        for (const change of found) {
          if ('cid' in change) expect(change.cid.equals(cids[now.get(change.path)!])).toBe(true)
          if ('prev' in change) expect(change.prev.equals(cids[old.get(change.path)!])).toBe(true)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('reads only the nodes on the way to what changed', () => {
    const content = Array.from({ length: 3000 }, (_, number) => [`a/${number}`, 0] as const)
    const trees = [built(content), built([...content, ['a/new', 1]])] as const
    const all = sourceOf(...trees)
    let reads = 0
    const source = { get: (cid: Cid) => (reads++, all.get(cid)) }
    expect([...diffMst({ source, root: trees[0].root }, { source, root: trees[1].root })]).toHaveLength(1)
    expect(reads).toBeLessThan(40)
  })

  it('takes no tree for an empty one', () => {
    const tree = built([['a/1', 0]])
    const source = sourceOf(tree)
    expect([...diffMst({ source, root: undefined }, { source, root: tree.root })]).toHaveLength(1)
    expect([...diffMst({ source, root: tree.root }, { source, root: undefined })]).toMatchObject([{ action: 'delete' }])
  })
})

const shared = sharedData('atproto/interop')
describe.skipIf(shared === undefined)('the published tree vectors (skipped where the shared data is absent)', () => {
  const fixtures = (name: string) => JSON.parse(readFileSync(`${shared}/${name}`, 'utf8'))

  it('gives the published layers and prefixes', () => {
    for (const { key, height } of fixtures('mst/key_heights.json')) expect(mstLayerOfText(key), key).toBe(height)
    for (const { left, right, len } of fixtures('mst/common_prefix.json')) expect(commonPrefix(left, right)).toBe(len)
  })

  it('gives the published roots, and needs no block beyond the published proofs to take a commit back', () => {
    for (const { comment, leafValue, keys, adds, dels, rootBeforeCommit, rootAfterCommit, blocksInProof } of fixtures(
      'firehose/commit-proof-fixtures.dev.json',
    )) {
      const leaf = parseCid(leafValue)
      const before = buildMst(keys.map((key: string) => [key, leaf]))
      expect(String(before.root), comment).toBe(rootBeforeCommit)
      const tree = openMst({ source: sourceOf(before), root: before.root })
      for (const path of adds) tree.set(path, leaf)
      for (const path of dels) tree.delete(path)
      const blocks = new Map(before.blocks.map(({ cid, bytes }) => [String(cid), bytes]))
      expect(String(tree.root(({ cid, bytes }) => blocks.set(String(cid), bytes))), comment).toBe(rootAfterCommit)
      const proof = new Map(blocksInProof.map((cid: string) => [cid, blocks.get(cid)]))
      const inverted = openMst({
        source: { get: (cid) => proof.get(String(cid)) as Uint8Array | undefined },
        root: parseCid(rootAfterCommit),
      })
      for (const path of adds) inverted.delete(path)
      for (const path of dels) inverted.set(path, leaf)
      expect(String(inverted.root()), comment).toBe(rootBeforeCommit)
    }
  })
})
