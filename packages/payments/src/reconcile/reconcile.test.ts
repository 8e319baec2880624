import { ExprsnError, shuffled } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { generateBooks, type GeneratedBooks } from '../../test/reconcile/generate-books.ts'
import type { SettlementLine } from '../gateway/index.ts'
import { money } from '../money/index.ts'
import { readStatements, type BankStatement } from '../statement/index.ts'
import { writeStatement, type WrittenMovement } from '../testing/index.ts'
import { checkProof, reconcile, type OurRecord, type ReconcileReport, type ReconcileRules } from './index.ts'

const rules: ReconcileRules = {
  tolerance: { EUR: 10n },
  gatewayNames: { stripe: ['stripe'], paypal: ['paypal'], authorizenet: ['authorizenet'] },
}
const at = (day: number): Date => new Date(Date.UTC(2026, 10, day, 12))
const eur = (value: string) => money(value, 'EUR')
const charge = (id: string, value: string, more: Partial<OurRecord> = {}): OurRecord => ({
  ...{ id, kind: 'charge', amount: eur(value), occurredAt: at(1), keys: [`ch_${id}`] },
  ...more,
})
const line = (id: string, value: string, more: Partial<SettlementLine> = {}): SettlementLine => ({
  ...{ reference: `txn_${id}`, kind: 'charge', gross: eur(value), fee: eur('0'), net: eur(value), occurredAt: at(1) },
  source: `ch_${id}`,
  ...more,
})
const payout = (id: string, value: string, more: Partial<SettlementLine> = {}): SettlementLine => {
  const amount = { amount: -eur(value).amount, currency: 'EUR' }
  return line(id, '0', { kind: 'payout', gross: amount, net: amount, source: `po_${id}`, payout: `po_${id}`, ...more })
}
async function bank(...movements: readonly Partial<WrittenMovement>[]): Promise<readonly BankStatement[]> {
  const written = movements.map((each, index) => ({
    ...{ bookedOn: '2026-11-03', amount: eur('0'), bankReference: `B${index}`, text: 'STRIPE', ...each },
  }))
  const text = writeStatement('camt', { id: 'S', account: 'DE89', opening: eur('0'), movements: written })
  return readStatements(new TextEncoder().encode(text))
}
const found = ({ matches, exceptions }: ReconcileReport) => ({
  matches: matches.map(({ rule, left, right }) => `${rule}: ${left.length} = ${right.length}`),
  exceptions: exceptions.map(({ reason }) => reason),
})
const run = (input: {
  readonly ours?: readonly OurRecord[]
  readonly stripe?: readonly SettlementLine[]
  readonly statements?: readonly BankStatement[]
  readonly rules?: ReconcileRules
}): ReconcileReport => {
  const { ours = [], stripe = [], statements = [] } = input
  const report = reconcile({ ours, settlements: { stripe }, statements, rules: input.rules ?? {} })
  expect(checkProof(report.proof)).toEqual([])
  return report
}

describe('orders and settlement lines', () => {
  it('are matched by a key, a group, and each only once', () => {
    const ours = [charge('1', '10.00'), charge('2', '20.00', { keys: [], order: 'A-2' }), charge('3', '30.00')]
    const report = run({ ours, stripe: [line('1', '10.00'), line('2', '20.00', { payment: 'A-2' })] })
    expect(found(report)).toEqual({ matches: ['key: 1 = 1', 'key: 1 = 1'], exceptions: ['missing'] })
    expect(report.explain('ours:3').exception).toMatchObject({ reason: 'missing', amount: eur('30.00'), age: 0 })
    expect(report.explain('stripe:txn_1').match?.evidence).toBe('both have ch_1')
    expect(() => report.explain('stripe:none')).toThrow(/knows nothing of stripe:none/)
  })

  it('are matched as sums when an order was captured in parts', () => {
    const ours = [charge('1', '100.00', { keys: [], order: 'A-1' })]
    const parts = [line('1', '60.00', { payment: 'A-1' }), line('2', '40.00', { payment: 'A-1' })]
    expect(found(run({ ours, stripe: parts }))).toEqual({ matches: ['key-sum: 1 = 2'], exceptions: [] })
  })

  it('whose amounts differ are exceptions, unless within the tolerance or an exchange rate', () => {
    const ours = [charge('1', '10.00')]
    const stripe = [line('1', '9.98')]
    expect(found(run({ ours, stripe }))).toEqual({ matches: [], exceptions: ['amount_differs', 'amount_differs'] })
    const near = run({ ours, stripe, rules: { tolerance: { EUR: 2n } } })
    expect(near.matches).toMatchObject([{ rule: 'key-tolerance', differences: [eur('0.02')] }])
    const dollars = [{ ...charge('1', '0'), amount: money('11.00', 'USD') }]
    expect(found(run({ ours: dollars, stripe, rules: { rates: { 'USD/EUR': '0.91' } } })).matches).toEqual([
      'key-rate: 1 = 1',
    ])
    expect(found(run({ ours: dollars, stripe, rules: { rates: { 'EUR/USD': '1.1' } } })).matches).toEqual([
      'key-rate: 1 = 1',
    ])
    expect(found(run({ ours: dollars, stripe, rules: { rates: { 'USD/EUR': '0.80' } } })).matches).toEqual([])
  })

  it('charged twice are told, and the nearer one is matched', () => {
    const stripe = [line('1', '10.00'), line('x', '10.00', { source: 'ch_1', occurredAt: at(3) })]
    const report = run({ ours: [charge('1', '10.00')], stripe })
    expect(report.explain('stripe:txn_x').exception).toMatchObject({ reason: 'duplicate' })
  })

  it('that were refunded and came back cancel out', () => {
    const back = [
      line('r', '-5.00', { kind: 'refund', source: 're_1' }),
      line('f', '5.00', { kind: 'refund_failure', source: 're_1' }),
    ]
    expect(found(run({ stripe: back }))).toEqual({ matches: ['reversal: 0 = 2'], exceptions: [] })
  })

  it('without keys are matched by references and names within their amount, never by the amount alone', () => {
    const ours = [
      charge('1', '10.00', { keys: [], order: 'ORDER-12345' }),
      charge('2', '10.00', { keys: [], order: 'ORDER-67890' }),
      charge('3', '7.00', { keys: [] }),
    ]
    const stripe = [
      line('a', '10.00', { source: 'x1', key: 'order-67890 x' }),
      line('b', '10.00', { source: 'x2', key: 'order-12345 x' }),
      line('c', '7.00', { source: 'x3' }),
    ]
    const report = run({ ours, stripe })
    expect(report.explain('ours:1').match).toMatchObject({ rule: 'reference', right: ['stripe:txn_b'] })
    expect(report.explain('ours:2').match).toMatchObject({ rule: 'reference', right: ['stripe:txn_a'] })
    expect(report.explain('ours:3').exception).toMatchObject({ reason: 'missing' })
  })
})

describe('payouts and bank entries', () => {
  it('are matched by end-to-end identifiers, references, cut references and the gateway’s name', async () => {
    const stripe = [
      payout('AAAA1111BBBB', '10.00'),
      payout('CCCC2222DDDD', '20.00'),
      payout('EEEE3333FFFF', '30.00'),
      payout('GGGG4444HHHH', '40.00'),
    ]
    const statements = await bank(
      { amount: eur('10.00'), reference: 'po_AAAA1111BBBB' },
      { amount: eur('20.00'), text: 'STRIPE PO-CCCC2222DDDD' },
      { amount: eur('30.00'), text: 'STRIPE PO EEEE3333', reference: 'POEEEE3333' },
      { amount: eur('40.00'), text: 'STRIPE' },
      { amount: eur('-99.00'), text: 'RENT' },
    )
    const report = run({ stripe, statements })
    expect(found(report).matches.toSorted()).toEqual([
      'amount-and-gateway: 1 = 1',
      'key: 1 = 1',
      'reference-part: 1 = 1',
      'reference: 1 = 1',
    ])
    expect(found(report).exceptions).toEqual(['unrelated'])
  })

  it('that could as well belong to each other are left to people, with the candidates', async () => {
    const stripe = [payout('1', '10.00'), payout('2', '10.00')]
    const statements = await bank({ amount: eur('10.00') }, { amount: eur('10.00') })
    const report = run({ stripe, statements })
    expect(found(report)).toEqual({ matches: [], exceptions: ['ambiguous', 'ambiguous', 'ambiguous', 'ambiguous'] })
    expect(report.explain('stripe:txn_1').exception?.candidates).toHaveLength(2)
  })

  it('split or joined are matched by their sum only when there is one way', async () => {
    const split = await bank({ amount: eur('60.00') }, { amount: eur('40.00') }, { amount: eur('11.00') })
    expect(found(run({ stripe: [payout('1', '100.00')], statements: split }))).toEqual({
      ...{ matches: ['sum: 1 = 2'], exceptions: ['missing'] },
    })
    const twoWays = await bank(...['60.00', '40.00', '70.00', '30.00'].map((each) => ({ amount: eur(each) })))
    expect(found(run({ stripe: [payout('1', '100.00')], statements: twoWays })).matches).toEqual([])
    const joined = await bank({ amount: eur('30.00') })
    expect(found(run({ stripe: [payout('1', '10.00'), payout('2', '20.00')], statements: joined })).matches).toEqual([
      'sum: 2 = 1',
    ])
  })

  it('that the bank sent back are matched with what took them back', async () => {
    const statements = await bank(
      { amount: eur('10.00'), text: 'STRIPE po_AAAA1111' },
      { amount: eur('-10.00'), text: 'STRIPE po_AAAA1111', reversal: true, bookedOn: '2026-11-05' },
    )
    const back = { kind: 'payout_failure', source: 'po_AAAA1111', gross: eur('10.00'), net: eur('10.00') } as const
    const report = run({ stripe: [payout('AAAA1111', '10.00'), payout('f', '10.00', back)], statements })
    expect(report.exceptions).toEqual([])
  })

  it('fault: a payout that pays nothing, and one whose lines do not add up, are exceptions', async () => {
    const stripe = [payout('0', '0'), payout('p', '10.00'), line('1', '9.00', { payout: 'po_p' })]
    const report = run({ ours: [charge('1', '9.00')], stripe, statements: await bank({ amount: eur('10.00') }) })
    expect(found(report).exceptions).toEqual(['payout_empty', 'payout_lines_differ'])
    expect(report.explain('stripe:txn_1').payout).toBe('stripe:txn_p')
    expect(report.payouts).toMatchObject([{ difference: eur('-1.00') }])
  })

  it('in another currency are matched by what the bank says was sent', async () => {
    const amount = money('-11.00', 'USD')
    const dollars = { ...payout('AAAA1111', '0'), gross: amount, net: amount, fee: money('0', 'USD') }
    const [statement] = await bank({ amount: eur('10.00'), text: 'STRIPE po_AAAA1111' })
    const entries = statement!.entries.map((entry) => ({ ...entry, original: money('11.00', 'USD') }))
    const report = run({ stripe: [dollars], statements: [{ ...statement!, entries }] })
    expect(report.matches).toMatchObject([
      { rule: 'original-amount', differences: [eur('-10.00'), money('11.00', 'USD')] },
    ])
  })
})

describe('statements', () => {
  const movements = [
    { amount: eur('10.00'), bankReference: 'B1' },
    { amount: eur('20.00'), bankReference: 'B2' },
  ]

  it('fault: passed twice or overlapping, count once', async () => {
    const both = await bank(...movements)
    const first = await bank(movements[0]!)
    const report = run({ statements: [...both, ...both, ...first] })
    expect(report.proof.totals).toMatchObject([{ bank: '3000' }])
    expect(report.repeated).toHaveLength(2)
  })

  it('that follow each other share nothing: alike entries happened twice', async () => {
    const same = { bookedOn: '2026-11-03', amount: eur('10.00'), bankReference: 'SAME', text: 'STRIPE' }
    const write = async (id: string, opening: string) =>
      readStatements(
        new TextEncoder().encode(
          writeStatement('camt', { id, account: 'DE89', opening: eur(opening), movements: [same] }),
        ),
      )
    const statements = [...(await write('1', '0')), ...(await write('2', '10.00'))]
    expect(run({ statements }).proof.totals).toMatchObject([{ bank: '2000' }])
    expect(run({ statements: statements.toReversed() }).hash).toBe(run({ statements }).hash)
  })

  it('fault: a corrected statement contradicts the first one: neither is matched', async () => {
    const first = await bank(movements[0]!)
    const corrected = await bank({ ...movements[0]!, amount: eur('11.00') })
    const report = run({ stripe: [payout('1', '10.00')], statements: [...first, ...corrected] })
    expect(found(report)).toEqual({ matches: [], exceptions: ['conflict', 'conflict', 'missing'] })
  })
})

describe('input', () => {
  it.each([
    ['a charge below zero', { ours: [charge('1', '-1.00')] }, /wrong sign for a charge/],
    ['a net that is none', { stripe: [line('1', '1.00', { net: eur('0.99') })] }, /not its gross less its fee/],
    ['currencies that disagree', { stripe: [line('1', '1.00', { fee: money('0', 'USD') })] }, /another currency/],
    ['no time', { ours: [charge('1', '1.00', { occurredAt: new Date(Number.NaN) })] }, /is no time/],
    ['the same name twice', { ours: [charge('1', '1.00'), charge('1', '2.00')] }, /ours:1 twice/],
    ['a rate that is none', { rules: { rates: { 'USD/EUR': '0' } } }, /rates has USD\/EUR 0/],
    ['a tolerance below zero', { rules: { tolerance: { EUR: -1n } } }, /tolerance of EUR/],
    ['a window of years', { rules: { payoutDays: 10_000 } }, /payoutDays is not between/],
  ])('fault: %s is refused', (_, input, message) => {
    expect(() => run(input)).toThrow(message)
    try {
      run(input)
    } catch (error) {
      expect(ExprsnError.is(error)).toBe(true)
    }
  })

  it('fault: a gateway named like a side is refused', () => {
    expect(() => reconcile({ ours: [], settlements: { bank: [] }, statements: [] })).toThrow(/no name of a gateway/)
  })
})

describe('books drawn from a seed, whose truth is known', () => {
  const judge = ({ truth }: GeneratedBooks, report: ReconcileReport) => {
    const truly = new Set(truth.groups.map((group) => group.join(' ')))
    const matched = report.matches.map(({ left, right }) => [...left, ...right].toSorted().join(' '))
    const right = matched.filter((group) => truly.has(group)).length
    return { wrong: matched.filter((group) => !truly.has(group)), recall: right / truly.size }
  }

  it('are matched without one false match, and 99 of 100 of what can be', async () => {
    let [groups, keyless, hits] = [0, 0, 0]
    for (let seed = 1; seed <= 6; seed++) {
      const books = await generateBooks(seed, 600)
      const report = reconcile({ ...books, rules })
      const { wrong, recall } = judge(books, report)
      expect([seed, wrong]).toEqual([seed, []])
      expect(checkProof(report.proof)).toEqual([])
      groups += books.truth.groups.length
      keyless += books.keyless
      hits += recall * books.truth.groups.length
      const open = new Set(report.exceptions.map(({ item }) => item))
      for (const [id, why] of books.truth.alone) expect([seed, id, why, open.has(id)]).toEqual([seed, id, why, true])
    }
    expect(keyless / groups).toBeGreaterThan(0.15)
    expect(hits / groups).toBeGreaterThanOrEqual(0.99)
  })

  it('give the same bytes in every order, 200 times', async () => {
    const books = await generateBooks(77, 50)
    const expected = reconcile({ ...books, rules })
    const text = JSON.stringify(expected)
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = new SeededRandom(seed)
        const shuffle = <Each>(items: readonly Each[]): Each[] => shuffled(random, items)
        const settlements = Object.fromEntries(
          shuffle(Object.entries(books.settlements)).map(([name, lines]) => [name, shuffle(lines)]),
        )
        const statements = shuffle(books.statements)
        const report = reconcile({ ours: shuffle(books.ours), settlements, statements, rules })
        return report.hash === expected.hash && JSON.stringify(report) === text
      }),
      { numRuns: 200 },
    )
  })

  it('have a proof that no altered amount survives', async () => {
    const { proof } = reconcile({ ...(await generateBooks(5, 40)), rules })
    expect(checkProof(proof)).toEqual([])
    const text = JSON.stringify(proof)
    const numbers = [...text.matchAll(/"-?\d+"/g)].filter(([each]) => each !== '"1"')
    expect(numbers.length).toBeGreaterThan(200)
    for (const { index, 0: number } of numbers) {
      const altered = `"${BigInt(number.slice(1, -1)) + 1n}"`
      const other = JSON.parse(text.slice(0, index) + altered + text.slice(index + number.length))
      expect([index, checkProof(other).length > 0]).toEqual([index, true])
    }
  })
})
