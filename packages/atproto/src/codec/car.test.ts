import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { sharedData } from '@exprsn/real-servers/shared-data'
import { cidOf, encodeCbor, indexCar, parseCid, readCar, writeCar, type CarBlock } from './index.ts'

const blocks = Array.from({ length: 20 }, (_, number): CarBlock => {
  const bytes = encodeCbor({ number, text: 'x'.repeat(number * 10) })
  return { cid: cidOf('dag-cbor', bytes), bytes }
})
const root = blocks[0]!.cid
const car = writeCar([root], blocks)

async function streamed(bytes: Uint8Array, chunk: number, options = {}): Promise<CarBlock[]> {
  async function* source() {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk)
  }
  const read: CarBlock[] = []
  for await (const block of readCar(source(), options)) read.push(block)
  return read
}

function edited(change: (copy: Uint8Array) => void): Uint8Array {
  const copy = car.slice()
  change(copy)
  return copy
}

describe('CAR', () => {
  it('finds every block by its CID, and none that is not there', () => {
    const index = indexCar(car)
    expect(index.size).toBe(20)
    expect(index.roots.map(String)).toEqual([String(root)])
    for (const [number, { cid, bytes }] of blocks.entries()) {
      expect(index.get(cid)).toEqual(bytes)
      expect(index.cidOf(number).equals(cid)).toBe(true)
    }
    expect(index.get(cidOf('raw', new Uint8Array()))).toBeUndefined()
  })

  it('reads in chunks of any size what it reads at once', async () => {
    for (const chunk of [1, 7, 100, car.length]) {
      const read = await streamed(car, chunk)
      expect(read.map(({ cid, bytes }) => [String(cid), bytes])).toEqual(
        blocks.map(({ cid, bytes }) => [String(cid), bytes]),
      )
    }
  })

  it('detects every flipped bit, in memory and streamed', async () => {
    for (let position = 0; position < car.length; position++) {
      const flipped = edited((copy) => (copy[position]! ^= 1 << (position % 8)))
      const outcome = () => indexCar(flipped)
      // A flipped bit in the root leaves the container valid: then the root names a block that is not here.
      let index
      try {
        index = outcome()
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^ATPROTO_CAR_/) })
        await expect(streamed(flipped, 64)).rejects.toMatchObject({ code: expect.stringMatching(/^ATPROTO_CAR_/) })
        continue
      }
      expect(index.get(index.roots[0]!)).toBeUndefined()
    }
  })

  it('S2: refuses what is not a CAR of the protocol', async () => {
    const twice = writeCar([root], [blocks[0]!, blocks[0]!])
    const bad: [string, Uint8Array][] = [
      ['empty', new Uint8Array()],
      ['cut in a block', car.subarray(0, -1)],
      ['cut in a length', Buffer.concat([car, Uint8Array.of(0x80)])],
      ['a length of 2^40', Buffer.concat([car, Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x80, 0x20)])],
      ['a length beyond the end', Buffer.concat([car, Uint8Array.of(0x7f)])],
      ['a length that is not the shortest', Buffer.concat([car, Uint8Array.of(0x80, 0x00)])],
      ['a length of zero', Buffer.concat([car, Uint8Array.of(0)])],
      ['a block shorter than a CID', Buffer.concat([car, Uint8Array.of(2, 1, 0x71)])],
      ['an identity CID', edited((copy) => (copy[car.indexOf(0x12, 70)] = 0))],
      ['version 2', edited((copy) => (copy[Buffer.from(car).indexOf('version') + 7] = 2))],
    ]
    for (const [name, bytes] of bad) {
      expect(() => indexCar(bytes), name).toThrow(expect.objectContaining({ code: 'ATPROTO_CAR_INVALID' }))
      await expect(streamed(bytes, 50), name).rejects.toMatchObject({ code: 'ATPROTO_CAR_INVALID' })
    }
    expect(() => indexCar(twice)).toThrow(/twice/)
  })

  it('keeps its limits, also while a stream goes on for ever', async () => {
    const over = (limit: string) =>
      expect.objectContaining({ code: 'ATPROTO_CAR_LIMIT', details: expect.objectContaining({ limit }) })
    const cases: [string, object][] = [
      ['maxBytes', { maxBytes: 500 }],
      ['maxBlockBytes', { maxBlockBytes: 100 }],
      ['maxBlocks', { maxBlocks: 3 }],
    ]
    for (const [limit, options] of cases) {
      expect(() => indexCar(car, options)).toThrow(over(limit))
      await expect(streamed(car, 30, options)).rejects.toEqual(over(limit))
    }
    let given = 0
    async function* endless() {
      yield car
      for (let number = 0; ; number++) {
        const bytes = encodeCbor({ number })
        yield writeCar([], [{ cid: cidOf('dag-cbor', bytes), bytes }]).subarray(writeCar([], []).length)
        given++
      }
    }
    const forEver = async () => {
      for await (const _ of readCar(endless(), { maxBytes: 100_000 })) continue
    }
    await expect(forEver()).rejects.toEqual(over('maxBytes'))
    expect(given).toBeLessThan(5000)
  })

  it('stops at its signal', async () => {
    await expect(streamed(car, 10, { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop')
  })

  it('tells the roots before the first block', async () => {
    const roots: string[] = []
    await streamed(car, 9, { onRoots: (found: readonly unknown[]) => roots.push(...found.map(String)) })
    expect(roots).toEqual([String(root)])
  })

  it('S2: refuses in less than 50 ms', () => {
    const bomb = Buffer.concat([car, Buffer.alloc(8 << 20, Uint8Array.of(1, 0))])
    const durations = [1, 2, 3, 4, 5, 6, 7, 8].map(() => {
      const began = performance.now()
      expect(() => indexCar(bomb)).toThrow()
      return performance.now() - began
    })
    expect(Math.min(...durations)).toBeLessThan(50)
  })
})

const shared = sharedData('atproto')
it.skipIf(shared === undefined)('reads real archives (skipped where the shared data is absent)', () => {
  for (const name of ['indigo/greenground.repo.car', 'indigo/repo_slice.car', 'generated/synthetic-3000.car']) {
    expect(indexCar(readFileSync(`${shared}/${name}`)).size).toBeGreaterThan(1)
  }
})

it('compares CIDs by value', () => {
  const text = String(root)
  expect(parseCid(text).equals(root)).toBe(true)
  expect(parseCid(text).equals(blocks[1]!.cid)).toBe(false)
  expect(parseCid(text).equals(undefined)).toBe(false)
  expect(JSON.stringify({ root })).toBe(`{"root":{"$link":"${text}"}}`)
})
