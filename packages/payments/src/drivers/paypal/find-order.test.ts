import { describe, expect, it } from 'vitest'
import { findOrders, findPayout } from './find-order.ts'
import type { PaypalApi } from './paypal-api.ts'

const sentAt = new Date(Date.UTC(2026, 10, 1))
type Query = Readonly<Record<string, string>>

const answering = (answers: (path: string, query: Query) => object): PaypalApi =>
  ({
    request: async (_: string, path: string, { query = {} }: { query?: Query } = {}) => answers(path, query),
  }) as unknown as PaypalApi

const findAll = async (api: PaypalApi, charges: readonly { reference: string; sentAt: Date }[]) => {
  const found: Record<string, string> = {}
  for await (const [reference, order] of findOrders(api, charges)) found[reference] = order
  return found
}
const findOrder = async (api: PaypalApi, reference: string, at: Date) =>
  (await findAll(api, [{ reference, sentAt: at }]))[reference]

const event = (event_type: string, resource: unknown) => ({ id: 'W', event_type, create_time: '', resource })
const named = (custom_id: string, more: object = {}) => ({ id: 'C', custom_id, ...more })
const found = { supplementary_data: { related_ids: { order_id: 'O' } } }
const next = { links: [{ rel: 'next', href: 'https://api.example/x?page_token=two' }] }

describe('an order of PayPal, by the key that it was given', () => {
  it.each([
    ['an order', event('CHECKOUT.ORDER.APPROVED', { id: 'O', purchase_units: [{ custom_id: 'k' }] })],
    ['its capture', event('PAYMENT.CAPTURE.COMPLETED', named('k', found))],
  ])('is found by the event of %s, also on a second page', async (_, wanted) => {
    const others = [
      event('CHECKOUT.ORDER.APPROVED', { id: 'X' }),
      event('CHECKOUT.ORDER.APPROVED', { id: 'X', purchase_units: [{ custom_id: 'other' }] }),
      event('PAYMENT.CAPTURE.COMPLETED', named('k')),
      event('PAYMENT.CAPTURE.COMPLETED', null),
      event('PAYMENT.CAPTURE.COMPLETED', 'text'),
    ]
    const api = answering((_path, { page_token: token }) =>
      token === 'two' ? { events: [wanted] } : { events: others, ...next },
    )
    expect(await findOrder(api, 'k', sentAt)).toBe('O')
  })

  it('is found by its transaction where no event tells of it, and never by what is another’s or no payment', async () => {
    const transaction = (custom_field: string, code: string, id: string) => ({
      transaction_info: { custom_field, transaction_event_code: code, transaction_id: id },
    })
    const pages: Readonly<Record<string, object>> = {
      '1': {
        total_pages: 3,
        transaction_details: [transaction('other', 'T0006', 'A'), transaction('k', 'T1107', 'B')],
      },
      '2': { total_pages: 3, transaction_details: [transaction('k', 'T0006', 'nameless')] },
      '3': { total_pages: 3, transaction_details: [transaction('k', 'T0006', 'C')] },
    }
    const api = answering((path, { page }) => {
      if (path.includes('webhooks-events')) return {}
      if (path.includes('/captures/')) return path.endsWith('/C') ? found : {}
      return pages[page!]!
    })
    expect(await findOrder(api, 'k', sentAt)).toBe('O')
    expect(
      await findOrder(
        answering(() => ({})),
        'k',
        sentAt,
      ),
    ).toBeUndefined()
  })
})

describe('orders of several charges', () => {
  const at = (hours: number): Date => new Date(sentAt.getTime() + hours * 3_600_000)
  const capture = (key: string, order: string) =>
    event('PAYMENT.CAPTURE.COMPLETED', named(key, { supplementary_data: { related_ids: { order_id: order } } }))

  it('that were sent at about the same time are found by one list; those of another day by another', async () => {
    const asked: string[] = []
    const api = answering((path, { start_time: start, end_time: end }) => {
      asked.push(`${path} ${start} ${end}`)
      const today = [capture('a', 'A'), capture('b', 'B'), capture('c', 'C')]
      return { events: start!.startsWith('2026-11-03') ? [capture('d', 'D')] : today }
    })
    const charges = [
      { reference: 'd', sentAt: at(60) },
      { reference: 'b', sentAt: at(2) },
      { reference: 'a', sentAt: at(0) },
    ]
    expect(await findAll(api, charges)).toEqual({ a: 'A', b: 'B', d: 'D' })
    expect(asked).toEqual([
      '/v1/notifications/webhooks-events 2026-10-31T23:00:00.000Z 2026-11-01T03:15:00.000Z',
      '/v1/notifications/webhooks-events 2026-11-03T11:00:00.000Z 2026-11-03T13:15:00.000Z',
    ])
  })

  it('are searched among the transactions only where no event told of them', async () => {
    const captured: string[] = []
    const transactions = ['a', 'b', 'c'].map((custom_field) => ({
      transaction_info: { custom_field, transaction_event_code: 'T0006', transaction_id: custom_field },
    }))
    const api = answering((path) => {
      if (path.includes('webhooks-events')) return { events: [capture('a', 'A')] }
      if (!path.includes('/captures/')) return { transaction_details: transactions }
      captured.push(path)
      return found
    })
    const charges = ['a', 'b', 'lost'].map((reference) => ({ reference, sentAt }))
    expect(await findAll(api, charges)).toEqual({ a: 'A', b: 'O' })
    expect(captured).toEqual(['/v2/payments/captures/b'])
  })

  it('that lie far apart are not found by a list longer than a day', async () => {
    const lists: number[] = []
    const api = answering((_path, { start_time: start, end_time: end, start_date: other }) => {
      if (other === undefined) lists.push((Date.parse(end!) - Date.parse(start!)) / 3_600_000)
      return {}
    })
    const charges = Array.from({ length: 40 }, (_, index) => ({ reference: `r${index}`, sentAt: at(index) }))
    expect(await findAll(api, charges)).toEqual({})
    expect(lists).toHaveLength(2)
    expect(Math.max(...lists)).toBeLessThanOrEqual(24)
  })
})

describe('a payout of PayPal', () => {
  it('is found by the event of its batch alone', async () => {
    const batch = (id?: string) => ({
      batch_header: { payout_batch_id: 'P', sender_batch_header: id && { sender_batch_id: id } },
    })
    const events = [event('PAYMENT.SALE.COMPLETED', {}), event('PAYMENT.PAYOUTSBATCH.SUCCESS', batch())]
    const api = (id: string) =>
      answering((path) =>
        path.includes('/payouts/')
          ? { is: path }
          : { events: [...events, event('PAYMENT.PAYOUTSBATCH.SUCCESS', batch(id))] },
      )
    expect(await findPayout(api('k'), 'k', sentAt)).toEqual({ is: '/v1/payments/payouts/P' })
    expect(await findPayout(api('other'), 'k', sentAt)).toBeUndefined()
  })
})
