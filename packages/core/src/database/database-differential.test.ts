import { freshPostgresDatabase } from '@exprsn/real-servers/postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { postgresDatabase } from '../drivers/postgres.ts'
import type { Database, Transaction } from './database.ts'
import { sqliteDatabase } from './sqlite-database.ts'

type Step =
  | { readonly kind: 'insert' | 'add'; readonly key: number; readonly value: number }
  | { readonly kind: 'remove'; readonly key: number }
  | { readonly kind: 'nested'; readonly steps: readonly Step[]; readonly fails: boolean }

interface Work {
  readonly steps: readonly Step[]
  readonly fails: boolean
}

const key = fc.integer({ min: 0, max: 4 })
const value = fc.integer({ min: -9, max: 9 })
const { work } = fc.letrec<{ work: Work; step: Step }>((tie) => ({
  work: fc.record({ steps: fc.array(tie('step'), { maxLength: 6 }), fails: fc.boolean() }),
  step: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ kind: fc.constant('insert' as const), key, value }),
    fc.record({ kind: fc.constant('add' as const), key, value }),
    fc.record({ kind: fc.constant('remove' as const), key }),
    tie('work').map((inner) => ({ kind: 'nested' as const, ...inner })),
  ),
}))

class Refusal extends Error {
  readonly code = 'REFUSED'
}

const codeOf = (error: unknown): string => (error as { code: string }).code

/** The observations a caller makes: counts of statements, how each transaction and savepoint ended, the rows after. */
async function observe(database: Database, works: readonly Work[]): Promise<unknown[]> {
  const seen: unknown[] = []
  for (const each of works)
    await database.transaction((tx) => perform(tx, each, seen)).catch((error: unknown) => seen.push(codeOf(error)))
  const { rows } = await database.query('select key, value from pairs order by key')
  return [...seen, rows.map((row) => ({ ...row }))]
}

async function perform(tx: Transaction, { steps, fails }: Work, seen: unknown[]): Promise<void> {
  for (const step of steps) {
    if (step.kind === 'nested') {
      const nested = tx.transaction((inner) => perform(inner, step, seen))
      await nested.catch((error: unknown) => seen.push(codeOf(error)))
      continue
    }
    const { count } =
      step.kind === 'insert'
        ? await tx.query('insert into pairs (key, value) values ($1, $2)', [step.key, step.value])
        : step.kind === 'add'
          ? await tx.query('update pairs set value = value + $2 where key = $1', [step.key, step.value])
          : await tx.query('delete from pairs where key = $1', [step.key])
    seen.push(count)
  }
  if (fails) throw new Refusal('refused')
}

/** What the observations must be, by a plain map that is copied where a savepoint is made. */
function predict(works: readonly Work[]): unknown[] {
  const seen: unknown[] = []
  const pairs = works.reduce((before, each) => attempt(before, each, seen), new Map<number, number>())
  const rows = [...pairs].toSorted(([left], [right]) => left - right)
  return [...seen, rows.map(([rowKey, rowValue]) => ({ key: rowKey, value: rowValue }))]
}

function attempt(before: Map<number, number>, { steps, fails }: Work, seen: unknown[]): Map<number, number> {
  let pairs = new Map(before)
  for (const step of steps) {
    if (step.kind === 'nested') {
      pairs = attempt(pairs, step, seen)
      continue
    }
    const present = pairs.get(step.key)
    if (step.kind === 'insert' && present !== undefined) {
      seen.push('CORE_DATABASE_CONFLICT')
      return before
    }
    seen.push(step.kind === 'insert' || present !== undefined ? 1 : 0)
    if (step.kind === 'insert') pairs.set(step.key, step.value)
    else if (step.kind === 'remove') pairs.delete(step.key)
    else if (present !== undefined) pairs.set(step.key, present + step.value)
  }
  if (fails) seen.push('REFUSED')
  return fails ? before : pairs
}

describe('SQLite, PostgreSQL and a plain map', () => {
  let server: Awaited<ReturnType<typeof freshPostgresDatabase>>
  let engines: readonly Database[]

  beforeAll(async () => {
    server = await freshPostgresDatabase()
    engines = [sqliteDatabase({ path: ':memory:' }), postgresDatabase({ connection: { ...server.connection } })]
    for (const engine of engines) await engine.query('create table pairs (key bigint primary key, value bigint)')
  })

  afterAll(async () => {
    for (const engine of engines) await engine.close()
    await server.drop()
  })

  it('agree on every sequence of statements, savepoints and rollbacks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(work, { maxLength: 4 }), async (works) => {
        const wanted = predict(works)
        for (const engine of engines) {
          await engine.query('delete from pairs')
          expect(await observe(engine, works)).toEqual(wanted)
        }
      }),
      { numRuns: 200 },
    )
  })
})
