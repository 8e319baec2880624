import { describe, expect, it } from 'vitest'
import { cidOf, encodeCbor, type Cid } from '../codec/index.ts'
import { mstLayerOfText } from './mst-layer.ts'
import { loadNode, type KeyRange } from './mst-node.ts'

const record = cidOf('dag-cbor', encodeCbor({ text: 'x' }))
const keys = Array.from({ length: 400 }, (_, index) => `app.bsky.feed.post/3jui7kd5${String(index).padStart(4, '0')}z`)
const low = keys.filter((key) => mstLayerOfText(key) === 0)
const high = keys.find((key) => mstLayerOfText(key) > 0)!

const everywhere: KeyRange = { after: undefined, before: undefined }

interface Entry {
  readonly key: string
  readonly prefix?: number
  readonly tree?: Cid | null
}

/** A node whose prefixes are as short as they may never be, unless said otherwise: its first entry has none. */
function load(entries: readonly Entry[], layer?: number, range: Partial<KeyRange> = {}, left: Cid | null = null) {
  const e = entries.map(({ key, prefix, tree = null }, index) => {
    const shared = prefix ?? (index === 0 ? 0 : sharedLength(entries[index - 1]!.key, key))
    return { k: Buffer.from(key.slice(shared)), p: shared, t: tree, v: record }
  })
  const bytes = encodeCbor({ e, l: left } as never)
  const cid = cidOf('dag-cbor', bytes)
  return loadNode({ get: () => bytes }, cid, layer, { ...everywhere, ...range })
}

function sharedLength(before: string, key: string): number {
  let length = 0
  while (length < before.length && before[length] === key[length]) length++
  return length
}

describe('a node of a search tree', () => {
  it('is read with its keys', () => {
    const [first, second] = low as [string, string]
    expect(load([{ key: first }, { key: second }])).toMatchObject({
      layer: 0,
      keys: [first, second],
      trees: [null, null, null],
    })
    expect(load([])).toMatchObject({ layer: 0, keys: [] })
    expect(load([], 3, {}, record)).toMatchObject({ layer: 3, trees: [record] })
  })

  it.each<[string, () => unknown, string]>([
    [
      'a prefix longer than the key before',
      () => load([{ key: low[0]! }, { key: low[1]!, prefix: 99 }]),
      'a prefix is longer',
    ],
    ['a key twice', () => load([{ key: low[0]! }, { key: low[0]! }]), 'a key is there twice'],
    [
      'a prefix that is too short',
      () => load([{ key: low[0]! }, { key: low[1]!, prefix: 3 }]),
      'not in order, or a prefix',
    ],
    ['keys the wrong way round', () => load([{ key: low[1]! }, { key: low[0]! }]), 'not in order, or a prefix'],
    ['nothing below a root', () => load([], 0), 'it is empty'],
    ['a root that only leads on', () => load([], undefined, {}, record), 'it is empty'],
    ['a layer left out', () => load([{ key: low[0]! }], 1), 'its layer is not one below its parent'],
    [
      'keys of several layers',
      () => load([{ key: low[0]! }, { key: high }].toSorted(byKey)),
      'its keys are of several layers',
    ],
    ['a node below the lowest', () => load([{ key: low[0]!, tree: record }]), 'there is a node below the lowest layer'],
    ['a key before its range', () => load([{ key: low[0]! }], 0, { after: low[1]! }), 'its keys are not in order'],
    ['a key behind its range', () => load([{ key: low[1]! }], 0, { before: low[0]! }), 'its keys are not in order'],
  ])('is refused: %s', (_, read, reason) => {
    expect(read).toThrow(
      expect.objectContaining({ code: 'ATPROTO_MST_INVALID', message: expect.stringContaining(reason) }),
    )
  })

  it('is missing when its block is', () => {
    expect(() => loadNode({ get: () => undefined }, record, undefined, everywhere)).toThrow(
      expect.objectContaining({ code: 'ATPROTO_MST_BLOCK_MISSING' }),
    )
  })
})

function byKey(a: Entry, b: Entry): number {
  return a.key < b.key ? -1 : 1
}
