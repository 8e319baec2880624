import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemDisk } from '@exprsn/core/disk'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { money } from '../../money/money.ts'
import { viewOf } from './byte-view.ts'
import { Currencies, currencyCode } from './currencies.ts'
import { joinFiles, type FilesJoined } from './join-files.ts'
import { noneJoined, PartJoiner } from './join-part.ts'
import { joinShare } from './join-share.ts'
import { createJoinThreads, type JoinThreads } from './join-threads.ts'
import { tasks } from './join.worker.ts'
import { openMovements } from './open-movements.ts'
import { noTotals } from './row-totals.ts'
import { RowTuples } from './row-tuples.ts'

let folder = ''
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'exprsn-join-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Row {
  readonly name: string
  readonly amount: string
  readonly currency: string
}

const columns = { id: 'key', key: 'key', amount: 'amount', date: 'date', currency: 'currency' } as const

function lineOf({ name, amount, currency }: Row): string {
  const key = /[,"\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name
  return `${key},${amount},2026-10-07,${currency}\n`
}

/** Writes both sides; gives where each row begins. */
function write(sides: Readonly<Record<'left' | 'right', readonly Row[]>>) {
  const placesOf = (side: 'left' | 'right'): number[] => {
    const lines = sides[side].map(lineOf)
    const head = 'key,amount,date,currency\n'
    writeFileSync(join(folder, `${side}.csv`), head + lines.join(''))
    let place = head.length
    return lines.map((line) => {
      place += Buffer.byteLength(line)
      return place - Buffer.byteLength(line)
    })
  }
  return { left: placesOf('left'), right: placesOf('right') }
}

/** What it must come to, by a `Map` of strings. */
function plainJoin(sides: Readonly<Record<'left' | 'right', readonly Row[]>>, places: ReturnType<typeof write>) {
  const byName = new Map<string, { left: number[]; right: number[] }>()
  for (const side of ['left', 'right'] as const)
    sides[side].forEach(({ name, amount }, at) => {
      const key = `${amount.startsWith('-')} ${name}`
      const known = byName.get(key) ?? { left: [], right: [] }
      byName.set(key, known)
      known[side].push(at)
    })
  const pairs = new Map<string, { count: number; sum: bigint }>()
  const rest = { left: [] as number[], right: [] as number[] }
  for (const [key, { left, right }] of byName) {
    const [one, other] = [sides.left[left[0] ?? -1], sides.right[right[0] ?? -1]]
    const isPair =
      left.length === 1 && right.length === 1 && one!.amount === other!.amount && one!.currency === other!.currency
    const { length } = Buffer.from(key.replace(/^(true|false) /, ''))
    if (isPair && length > 0 && length <= 255) {
      const { count, sum } = pairs.get(one!.currency) ?? { count: 0, sum: 0n }
      pairs.set(one!.currency, { count: count + 1, sum: sum + money(one!.amount, one!.currency).amount })
      continue
    }
    rest.left.push(...left.map((at) => places.left[at]!))
    rest.right.push(...right.map((at) => places.right[at]!))
  }
  const ascending = (numbers: number[]): number[] => numbers.toSorted((a, b) => a - b)
  return { pairs, left: ascending(rest.left), right: ascending(rest.right) }
}

async function joined(threads: JoinThreads | undefined, rangeBytes: number) {
  const sources = { left: join(folder, 'left.csv'), right: join(folder, 'right.csv') }
  const left = await openMovements(systemDisk, { path: sources.left, columns })
  const right = await openMovements(systemDisk, { path: sources.right, columns })
  try {
    const totals = noTotals()
    const done: number[] = []
    const onBytes = (count: number): void => void done.push(count)
    const options = { currencies: new Currencies(), totals, threads, rangeBytes, signal: undefined, onBytes }
    const found = await joinFiles(left, right, options)
    return { ...shown(found), totals, bytes: done.reduce((sum, count) => sum + count, 0) }
  } finally {
    await left.file.close()
    await right.file.close()
  }
}

function shown({ pairs, left, right }: FilesJoined) {
  return { pairs: new Map([...pairs].map(([at, all]) => [currencyCode(at), all])), left: [...left], right: [...right] }
}

/** The tasks of the worker over the same border of copies, in this thread. */
const besides: JoinThreads = {
  count: 2,
  gather: (task, signal = new AbortController().signal) =>
    [1, 2].map(() =>
      tasks.gather(structuredClone(task), { signal }).then(
        ({ value }) => structuredClone(value),
        () => undefined,
      ),
    ),
  join: async (task, signal = new AbortController().signal) =>
    structuredClone(await tasks.join(structuredClone(task), { signal })),
  rest: async () => undefined,
  number: async () => undefined,
  match: async () => undefined,
  digestReport: async () => undefined,
  namePairs: async () => undefined,
  close: async () => {},
}

const rowsOf = (most: number) =>
  fc.array(
    fc.record({
      name: fc.oneof(
        { weight: 6, arbitrary: fc.nat({ max: 30 }).map((at) => `name-${at}`) },
        fc.constantFrom('', 'é', 'a\nb', 'a,b', '"', 'x'.repeat(255), 'x'.repeat(256), `${'x'.repeat(254)}é`),
      ),
      amount: fc.constantFrom('1.00', '2.00', '-1.00', '21474836.47', '21474836.48', '-90071992547409.91'),
      currency: fc.constantFrom('EUR', 'EUR', 'USD'),
    }),
    { maxLength: most },
  )

describe('names of two files', () => {
  it('are joined as by a Map of strings, by one and by three in any ranges', { timeout: 60_000 }, async () => {
    const property = fc.asyncProperty(
      rowsOf(40),
      rowsOf(40),
      fc.integer({ min: 8, max: 700 }),
      async (left, right, range) => {
        const places = write({ left, right })
        const expected = plainJoin({ left, right }, places)
        const alone = await joined(undefined, range)
        expect(alone).toMatchObject(expected)
        expect([alone.totals.ours, alone.totals.gateway]).toEqual([left.length, right.length])
        const together = await joined(besides, range)
        expect({ ...together, bytes: alone.bytes }).toEqual(alone)
      },
    )
    await fc.assert(property, { numRuns: 200 })
  })

  it('are joined in threads of their own', async () => {
    const row = (at: number): Row => ({ name: `order ${at}`, amount: `${at}.00`, currency: 'EUR' })
    const left = Array.from({ length: 3_000 }, (_, at) => row(at))
    const right = left.toReversed().map((each, at) => (at % 100 === 0 ? { ...each, amount: '0.01' } : each))
    const expected = plainJoin({ left, right }, write({ left, right }))
    const threads = createJoinThreads(2)
    try {
      const found = await joined(threads, 10_000)
      expect(found).toMatchObject(expected)
      expect(found.pairs.get('EUR')!.count).toBe(2_970)
    } finally {
      await threads.close()
    }
  })

  it('fault: threads that fail, die with their share or open another file leave the work to one', async () => {
    const left = Array.from({ length: 200 }, (_, at) => ({ name: `n${at % 150}`, amount: '1.00', currency: 'EUR' }))
    const right = left.slice(20, 170)
    const expected = plainJoin({ left, right }, write({ left, right }))
    const takesAll = (turns: Int32Array): undefined => void (turns[0] = 1_000_000)
    const dying: JoinThreads = { ...besides, gather: ({ turns }) => [Promise.resolve(takesAll(turns))] }
    const dyingLater: JoinThreads = { ...besides, join: async () => undefined }
    const absent: JoinThreads = { ...besides, gather: () => [Promise.resolve(undefined)] }
    const another: JoinThreads = {
      ...besides,
      gather(task, signal) {
        utimesSync(join(folder, 'left.csv'), 1, 1)
        return besides.gather(task, signal)
      },
    }
    for (const threads of [dying, dyingLater, absent, another])
      expect(await joined(threads, 100)).toMatchObject(expected)
  })

  it('fault: a wrong row is refused with its place, whoever meets it', async () => {
    const rows = Array.from({ length: 300 }, (_, at) => ({ name: `n${at}`, amount: '1.00', currency: 'EUR' }))
    const wrong = rows.with(250, { name: 'n', amount: '1.001', currency: 'EUR' })
    const place = write({ left: rows, right: wrong }).right[250]!
    for (const threads of [undefined, besides])
      await expect(joined(threads, 64)).rejects.toThrow(`right.csv cannot be reconciled at byte ${place}: "1.001"`)
  })

  it('of places and amounts beyond 32 bits are kept whole', () => {
    const name = viewOf(new TextEncoder().encode('abcdefghij'))
    const lists = { left: new RowTuples(2), right: new RowTuples(2) }
    const [far, large] = [2 ** 45 + 4_294_967_295, -(2 ** 53) + 1]
    lists.left.add(0x1ff, name, 0, 9, large, 0x7fff, far)
    lists.right.add(0x1ff, name, 0, 9, large, 0x7fff, 7)
    lists.left.add(0x1ff, name, 1, 10, large, 3, far + 1)
    lists.right.add(0x1ff, name, 1, 10, large + 1, 3, far + 2)
    lists.left.add(0, name, 0, 9, 2 ** 31, 3, 2 ** 32)
    for (const tuples of [lists.left, lists.right]) tuples.finish()
    const found = noneJoined()
    const joiner = new PartJoiner([lists.left], [lists.right])
    for (const part of [0, 1]) joiner.join(part, found)
    expect(found.pairs).toEqual(new Map([[0x7fff, { count: 1, sum: BigInt(large) }]]))
    expect([found.left.toSorted((a, b) => a - b), found.right]).toEqual([[2 ** 32, far + 1], [far + 2]])
  })

  it('give their memory back as soon as they are joined', async () => {
    const name = viewOf(new TextEncoder().encode('name'))
    const [left, right] = [new RowTuples(2), new RowTuples(2)]
    for (const tuples of [left, right]) {
      tuples.add(1, name, 0, 4, 100, 1, 7)
      tuples.finish()
    }
    const { pairs } = await joinShare([left], [right], undefined)
    expect(pairs).toEqual(new Map([[1, { count: 1, sum: 100n }]]))
    expect([...left.slabs, ...right.slabs].map(({ length }) => length)).toEqual([0, 0])
  })

  it('fill chunks and slabs, and sums go beyond 2⁵³', () => {
    const lists = { left: new RowTuples(1), right: new RowTuples(1) }
    const amount = 2 ** 52
    for (let at = 0; at < 60_000; at++) {
      const name = viewOf(new TextEncoder().encode(`a name of some length, with a number ${at}`))
      lists.left.add(Math.imul(at, 0x9e3779b1), name, 0, name.byteLength, amount, 1, at)
      lists.right.add(Math.imul(at, 0x9e3779b1), name, 0, name.byteLength, at % 3 === 0 ? amount : 1, 1, at)
    }
    for (const tuples of [lists.left, lists.right]) tuples.finish()
    expect(lists.left.slabs.length).toBeGreaterThan(1)
    const found = noneJoined()
    new PartJoiner([lists.left], [lists.right]).join(0, found)
    expect(found.pairs).toEqual(new Map([[1, { count: 20_000, sum: 20_000n * BigInt(amount) }]]))
    expect([found.left.length, found.right.length]).toEqual([40_000, 40_000])
  })
})

describe('currencies', () => {
  it('are numbers that say which they are, from text and from bytes', () => {
    const currencies = new Currencies()
    for (const code of ['EUR', 'JPY', 'ZWL', 'AED']) {
      const bytes = new TextEncoder().encode(`x${code}x`)
      const number = currencies.read(bytes, 1, 4)
      expect([currencyCode(number), currencies.numberOf(code), currencies.read(bytes, 1, 4)]).toEqual([
        code,
        number,
        number,
      ])
    }
    expect(currencies.exponentOf(currencies.numberOf('KWD'))).toBe(3)
    for (const code of ['eur', 'EU', '', 'EURO', 'E]R', '\u0005\u0015\u0012', 'ÅR'])
      expect(() => currencies.read(new TextEncoder().encode(code), 0, Buffer.byteLength(code))).toThrow(/currency/i)
  })
})
