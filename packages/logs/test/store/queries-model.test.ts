import { createSimulatedDisk, SimulatedClock } from '@exprsn/core/testing'
import { createLogStore, type Filter, type LogStore, type QueryResult } from '@exprsn/logs/store'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainMatches, type PlainLine } from './plain-store.ts'
import { anyFilter, anyLine, firstTime } from './random-lines.ts'

const runs = { numRuns: 200 }

async function filled(lines: readonly string[], copies: number): Promise<{ store: LogStore; plain: PlainLine[] }> {
  const clock = new SimulatedClock({ now: firstTime })
  const store = createLogStore({
    path: '/store',
    disk: createSimulatedDisk({ clock }),
    clock,
    maintenanceInterval: 0,
    sealAfter: 0,
  })
  const repeated = Array.from({ length: copies }, () => lines).flat()
  await store.append(repeated)
  const all: PlainLine[] = []
  for await (const { text, time, sequence } of store.export()) all.push({ text, time, sequence })
  expect(all.map(({ text }) => text)).toEqual(repeated)
  return { store, plain: all }
}

async function sequencesOf(store: LogStore, filter: Filter): Promise<number[]> {
  const result = await store.query({ filter, pipes: [] }, { limit: 100_000 })
  return linesIn(result).map(({ sequence }) => sequence)
}

function linesIn(result: QueryResult) {
  if (result.kind !== 'lines') throw new Error('expected lines')
  return result.lines
}

function expected(filter: Filter, plain: readonly PlainLine[]): number[] {
  return plain
    .filter((line) => plainMatches(filter, line))
    .sort((a, b) => b.time - a.time || b.sequence - a.sequence)
    .map(({ sequence }) => sequence)
}

describe('a query finds what looking at every line finds', () => {
  it('in memory and in a segment', { timeout: 60_000 }, async () => {
    const property = fc.asyncProperty(
      fc.array(anyLine, { maxLength: 30 }),
      fc.array(anyFilter, { minLength: 1, maxLength: 6 }),
      fc.constantFrom(1, 1, 3),
      async (lines, filters, copies) => {
        const { store, plain } = await filled(lines, copies)
        for (const filter of filters) expect(await sequencesOf(store, filter)).toEqual(expected(filter, plain))
        await store.flush()
        for (const filter of filters) {
          expect(await sequencesOf(store, filter)).toEqual(expected(filter, plain))
          const stats = { type: 'stats', functions: [{ name: 'count', as: 'count' }], by: [] } as const
          const counted = await store.query({ filter, pipes: [stats] })
          expect(counted.kind === 'rows' && counted.rows[0]!.count).toBe(expected(filter, plain).length)
        }
        await store.close()
      },
    )
    await fc.assert(property, runs)
  })
})
