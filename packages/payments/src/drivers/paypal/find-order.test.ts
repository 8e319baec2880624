import { describe, expect, it } from 'vitest'
import { findOrder, findPayout } from './find-order.ts'
import type { PaypalApi } from './paypal-api.ts'

const sentAt = new Date(Date.UTC(2026, 10, 1))
type Query = Readonly<Record<string, string>>

const answering = (answers: (path: string, query: Query) => object): PaypalApi =>
  ({
    request: async (_: string, path: string, { query = {} }: { query?: Query } = {}) => answers(path, query),
  }) as unknown as PaypalApi

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
