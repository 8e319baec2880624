import { describe, expect, it } from 'vitest'
import type { PaypalApi } from './paypal-api.ts'
import { listEvents, listSettlements } from './paypal-history.ts'

const day = 86_400_000
const [since, until] = [new Date(Date.UTC(2026, 9, 1)), new Date(Date.UTC(2026, 10, 10))]

async function collected<Each>(items: AsyncIterable<Each>): Promise<Each[]> {
  const found: Each[] = []
  for await (const item of items) found.push(item)
  return found
}

/** Answers with what stands for the page that is asked for, and keeps what was asked. */
function answering(page: (query: Readonly<Record<string, string>>) => object) {
  const asked: Readonly<Record<string, string>>[] = []
  const request = async (_method: string, _path: string, { query }: { query: Readonly<Record<string, string>> }) => {
    asked.push(query)
    return page(query)
  }
  return { api: { request } as unknown as PaypalApi, asked }
}

const transaction = (code: string, value: string, more: object = {}) => ({
  transaction_info: {
    ...{ transaction_id: `T-${code}${value}`, transaction_event_code: code },
    ...{ transaction_amount: { currency_code: 'EUR', value }, transaction_initiation_date: '2026-10-02T10:00:00Z' },
    ...more,
  },
})

async function kindsOf(...transactions: readonly object[]) {
  const { api } = answering(() => ({ transaction_details: transactions }))
  return (await collected(listSettlements(api, since, new Date(since.getTime() + day)))).map(({ kind }) => kind)
}

describe('settlement lines of PayPal', () => {
  it.each([
    ['T0006', '10.00', 'charge'],
    ['T0001', '-10.00', 'payout'],
    ['T0001', '10.00', 'payout_failure'],
    ['T0400', '-10.00', 'payout'],
    ['T0403', '10.00', 'payout_failure'],
    ['T0106', '-1.00', 'fee'],
    ['T1106', '-10.00', 'dispute'],
    ['T1201', '-10.00', 'dispute'],
    ['T1110', '-10.00', 'dispute'],
    ['T1110', '10.00', 'dispute_reversal'],
    ['T1202', '10.00', 'dispute_reversal'],
    ['T1107', '-10.00', 'refund'],
    ['T1115', '10.00', 'refund_failure'],
    ['T1200', '-10.00', 'adjustment'],
    ['T9999', '10.00', 'adjustment'],
  ])('%s of %s is a %s', async (code, value, kind) => {
    expect(await kindsOf(transaction(code, value))).toEqual([kind])
  })

  it('carry gross, fee and net, the key, and the payout only where they are one', async () => {
    const fee = { fee_amount: { currency_code: 'EUR', value: '-0.35' }, custom_field: 'A-1/1' }
    const { api } = answering(() => ({
      transaction_details: [transaction('T0006', '10.00', fee), transaction('T0400', '-5.00')],
    }))
    const [charge, payout] = await collected(listSettlements(api, since, new Date(since.getTime() + day)))
    expect(charge).toMatchObject({
      gross: { amount: 1000n },
      fee: { amount: 35n },
      net: { amount: 965n },
      key: 'A-1/1',
    })
    expect(charge!.payout).toBeUndefined()
    expect(payout).toMatchObject({ fee: { amount: 0n }, payout: 'T-T0400-5.00' })
  })

  it('are asked for in spans of 31 days, page by page', async () => {
    const { api, asked } = answering(({ page }) => ({
      total_pages: 2,
      transaction_details: [transaction('T0006', `${page}.00`)],
    }))
    expect(await collected(listSettlements(api, since, until))).toHaveLength(4)
    expect(asked.map(({ start_date: start, page }) => `${start!.slice(0, 10)} ${page}`)).toEqual([
      '2026-10-01 1',
      '2026-10-01 2',
      '2026-11-01 1',
      '2026-11-01 2',
    ])
  })

  it('fault: an answer without transactions gives none', async () => {
    expect(await collected(listSettlements(answering(() => ({})).api, since, until))).toEqual([])
  })
})

describe('events of PayPal', () => {
  it('are followed over pages; those that tell nothing of money, and empty pages, are passed over', async () => {
    const order = { id: 'O', status: 'CREATED', purchase_units: [] }
    const event = (id: string, type: string) => ({
      id,
      event_type: type,
      create_time: since.toISOString(),
      resource: order,
    })
    const pages: Readonly<Record<string, object>> = {
      '': {
        events: [event('1', 'CHECKOUT.ORDER.APPROVED'), event('2', 'CATALOG.PRODUCT.CREATED')],
        links: [{ rel: 'next', href: 'https://api.example/v1/x?page_token=two' }],
      },
      two: { links: [{ rel: 'self', href: 'https://api.example/v1/x' }] },
    }
    const { api, asked } = answering(({ page_token: token = '' }) => pages[token]!)
    expect((await collected(listEvents(api, since, until))).map(({ id }) => id)).toEqual(['1'])
    expect(asked).toEqual([
      { start_time: since.toISOString(), end_time: until.toISOString(), page_size: '100' },
      { page_token: 'two' },
    ])
    expect(await collected(listEvents(answering(() => ({})).api, since, until))).toEqual([])
  })
})
