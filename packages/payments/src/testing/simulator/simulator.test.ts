import { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { simulateStripe } from '../stripe/simulate-stripe.ts'
import { GatewayFaults, gatewayFaultKinds } from './gateway-faults.ts'
import { WebhookOutbox } from './webhook-outbox.ts'

function outboxOf(count: number): WebhookOutbox {
  const outbox = new WebhookOutbox(new SeededRandom(3), undefined)
  for (let index = 0; index < count; index++)
    outbox.add({
      id: `evt_${index}`,
      type: index % 2 === 0 ? 'even' : 'odd',
      body: `{"n":${index}}`,
      sign: () => ({ 'x-signed': '1' }),
    })
  return outbox
}

async function bodyOf(request: Request): Promise<number> {
  expect(request.headers.get('x-signed')).toBe('1')
  return ((await request.json()) as { readonly n: number }).n
}

describe('WebhookOutbox', () => {
  it('keeps everything until somebody delivers, in order', async () => {
    const outbox = outboxOf(5)
    const seen: number[] = []
    expect(await outbox.deliver()).toEqual({ delivered: 0, refused: 0, lost: 0 })
    outbox.sendTo(async (request) => (seen.push(await bodyOf(request)), new Response()))
    expect(await outbox.deliver()).toEqual({ delivered: 5, refused: 0, lost: 0 })
    expect(seen).toEqual([0, 1, 2, 3, 4])
    expect(outbox.pending).toEqual([])
  })

  it('repeats what was refused, or threw', async () => {
    const outbox = outboxOf(2)
    outbox.sendTo(async () => new Response(null, { status: 500 }))
    expect(await outbox.deliver()).toMatchObject({ delivered: 0, refused: 2 })
    outbox.sendTo(async () => Promise.reject(new Error('down')))
    expect(await outbox.deliver()).toMatchObject({ refused: 2 })
    expect(outbox.pending.map(({ attempts }) => attempts)).toEqual([2, 2])
    outbox.sendTo(async () => new Response())
    expect(await outbox.deliver()).toMatchObject({ delivered: 2 })
  })

  it('loses, doubles and shuffles', async () => {
    const outbox = outboxOf(100)
    const seen: number[] = []
    outbox.sendTo(async (request) => (seen.push(await bodyOf(request)), new Response()))
    const { delivered, lost } = await outbox.deliver({ lose: 0.3, duplicate: 0.3, shuffle: true })
    expect(delivered + lost).toBe(100)
    expect(lost).toBeGreaterThan(10)
    expect(new Set(seen).size).toBe(delivered)
    expect(seen.length).toBeGreaterThan(delivered)
    expect(seen).not.toEqual(seen.toSorted((left, right) => left - right))
  })

  it('delivers a choice, gives requests away, and forgets', async () => {
    const outbox = outboxOf(4)
    outbox.sendTo(async () => new Response())
    expect(await outbox.deliver({ only: ({ type }) => type === 'odd' })).toMatchObject({ delivered: 2 })
    expect(outbox.pending.map(({ id }) => id)).toEqual(['evt_0', 'evt_2'])
    expect(await Promise.all(outbox.take().map(bodyOf))).toEqual([0, 2])
    outbox.clear()
    expect(outbox.pending).toEqual([])
  })

  it('sends to an address as well', async () => {
    await using simulator = await simulateStripe()
    const outbox = outboxOf(1)
    outbox.sendTo(`${simulator.url}/v1/refunds`)
    expect(await outbox.deliver()).toMatchObject({ refused: 1 })
    expect(simulator.requests).toMatchObject([{ request: 'POST /v1/refunds', status: 401 }])
  })
})

describe('GatewayFaults', () => {
  it('hits the planned request, as often as planned, and then those by chance', () => {
    const faults = new GatewayFaults(new SeededRandom(1), {})
    faults.plan({ kind: 'error_before', when: 'POST', times: 2 })
    expect(['GET /a', 'POST /a', 'POST /b', 'POST /c'].map((request) => faults.next(request))).toEqual([
      undefined,
      'error_before',
      'error_before',
      undefined,
    ])
    expect(faults.hits.error_before).toBe(2)
  })

  it('follows its rates, and the same seed gives the same faults', () => {
    const drawn = (): unknown[] => {
      const faults = new GatewayFaults(new SeededRandom(5), { lost_response: 0.2, rate_limited: 0.1 })
      return Array.from({ length: 2000 }, () => faults.next('POST /'))
    }
    const first = drawn()
    expect(first).toEqual(drawn())
    const share = (kind: string): number => first.filter((each) => each === kind).length / first.length
    expect(share('lost_response')).toBeCloseTo(0.2, 1)
    expect(share('rate_limited')).toBeCloseTo(0.1, 1)
  })

  it('ends when it is healed', () => {
    const faults = new GatewayFaults(new SeededRandom(1), { lost_request: 1 })
    faults.plan({ kind: 'no_answer' })
    faults.heal()
    expect(faults.next('POST /')).toBeUndefined()
  })

  it.each([
    { lost_request: 2 },
    { lost_request: -1 },
    { lost_request: 0.6, lost_response: 0.6 },
    { no_answer: Number.NaN },
  ])('refuses the rates %j', (rates) => {
    const code = 'PAYMENTS_TESTING_OPTION_INVALID'
    expect(() => new GatewayFaults(new SeededRandom(1), rates)).toThrow(expect.objectContaining({ code }))
  })

  it('shows every kind over real HTTP', async () => {
    await using simulator = await simulateStripe({ clock: new SimulatedClock() })
    const send = async (): Promise<number | string> => {
      const headers = { authorization: `Bearer ${simulator.apiKey}` }
      const body = new URLSearchParams({ amount: '500', currency: 'eur' })
      const signal = AbortSignal.timeout(200)
      const init = { method: 'POST', headers, body, signal }
      return fetch(`${simulator.url}/v1/payment_intents`, init).then(
        async (response) =>
          (await response.text().then(
            (text) => JSON.parse(text) as object,
            () => undefined,
          )) === undefined
            ? 'cut'
            : response.status,
        () => 'gone',
      )
    }
    const seen: Record<string, unknown> = {}
    for (const kind of gatewayFaultKinds) {
      const before = simulator.payments().length
      simulator.faults.plan({ kind })
      seen[kind] = [await send(), simulator.payments().length - before]
    }
    expect(seen).toEqual({
      lost_request: ['gone', 0],
      lost_response: ['gone', 1],
      truncated_response: ['cut', 1],
      error_before: [500, 0],
      error_after: [502, 1],
      rate_limited: [429, 0],
      no_answer: ['gone', 1],
    })
  })
})
