import { createSimulatedDisk, SimulatedClock } from '@exprsn/core/testing'
import { describe, expect, it, vi } from 'vitest'
import { createLogStore } from '../create-log-store.ts'
import type { LogLine } from '../query/collect-lines.ts'
import type { EncodedBlock } from '../segment/block-builder.ts'
import { BlockMemory } from '../segment/block-memory.ts'
import { rowsPerSegment } from '../segment/segment-builder.ts'

const lines = Array.from({ length: 20_000 }, (_, index) =>
  JSON.stringify({ level: 30, id: (index * 40_503).toString(16).padStart(16, '0'), msg: `line ${index} of a log` }),
)

async function storeOfLines() {
  const store = createLogStore({
    path: '/store',
    clock: new SimulatedClock(),
    disk: createSimulatedDisk(),
    ...{ sealAfter: 0, maintenanceInterval: 0, adoptInterval: 0 },
  })
  await store.append(lines)
  return store
}

/** Bytes that a block takes. */
function memoryOf({ parts, tokens }: EncodedBlock): number {
  const { names, counts, postings, offsets, singles } = tokens
  const all = [...parts.map(({ bytes }) => bytes), names, counts, postings, offsets, singles]
  return all.reduce((sum, { byteLength }) => sum + byteLength, 0)
}

describe('memory of lines on their way to a segment', () => {
  it('is given back when they are in one', async () => {
    const keep = vi.spyOn(BlockMemory.prototype, 'keep')
    const store = await storeOfLines()
    const { results } = keep.mock
    const memory = () => results.map(({ value }) => memoryOf(value as EncodedBlock))
    expect(memory().map((bytes) => bytes > 50_000)).toEqual([true, true])
    await store.flush()
    keep.mockRestore()
    expect(memory()).toEqual([0, 0])
    expect(await store.query('19999 | stats count()')).toMatchObject({ rows: [{ count: 1 }] })
    await store.close()
  })

  it('is that of the next ones where they have filled it', async () => {
    const keep = vi.spyOn(BlockMemory.prototype, 'keep')
    const store = await storeOfLines()
    const { results } = keep.mock
    for (let count = 20_000; count < rowsPerSegment; count += 20_000) await store.append(lines)
    const before = results.length
    await store.append(lines)
    expect(store.status()).toMatchObject({ segments: [{ rows: 280_000 }], waiting: 20_000 })
    const [first, next] = [0, before].map((index) => (results[index]!.value as EncodedBlock).tokens.singles.buffer)
    // Not compared with `toBe`, which would print a megabyte.
    expect(next === first).toBe(true)
    keep.mockRestore()
    expect(await store.query('19999 | stats count()')).toMatchObject({ rows: [{ count: 15 }] })
    await store.close()
  })

  it('stays where a query looks at it', async () => {
    const store = await storeOfLines()
    const exported = store.export()[Symbol.asyncIterator]()
    const first = await exported.next()
    await store.flush()
    const found = [(first.value as LogLine).text]
    for (let next = await exported.next(); next.done !== true; next = await exported.next()) found.push(next.value.text)
    expect(found).toEqual(lines)
    await store.close()
  })
})
