import { describe, expect, it } from 'vitest'
import { blockOf, itemsOf } from '../../test/osm/osm-items.ts'
import { sample } from '../../test/osm/sample-items.ts'
import { BlockBuilder } from './block-builder.ts'
import { TextPool } from './text-pool.ts'

describe('BlockBuilder', () => {
  it('gives back what was added, block after block', async () => {
    const builder = new BlockBuilder()
    const blocks = [1, 2].map((round) => {
      for (let id = 0; id < 300; id++) builder.addNode(id * round, id, -id, [['round', `${round}`]])
      builder.addWay(round, [1, 2, 3])
      expect(builder.size).toBe(301)
      return builder.take()
    })
    expect(builder.size).toBe(0)
    const { nodes, ways } = await itemsOf(blocks)
    expect(nodes).toHaveLength(600)
    expect(nodes[599]).toEqual({ id: 598, longitude: 299, latitude: -299, tags: [['round', '2']] })
    expect(ways.map(({ id }) => id)).toEqual([1, 2])
  })

  it('keeps each text once', async () => {
    const block = blockOf(sample)
    expect(block.texts.length).toBe(
      new Set(Array.from({ length: block.texts.length }, (_, at) => block.texts.at(at))).size,
    )
    expect(await itemsOf([block])).toEqual(sample)
  })
})

describe('TextPool', () => {
  it('decodes texts wherever their bytes lie, and replaces what is not UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('xx'), Buffer.from('Süd'), Uint8Array.of(0xff)]).subarray(2)
    const pool = new TextPool(Int32Array.of(0, 4, 4, 5), bytes)
    expect([pool.length, pool.at(0), pool.at(1), pool.at(2), pool.at(0)]).toEqual([3, 'Süd', '', '\uFFFD', 'Süd'])
  })
})
