import { randomBelow, randomFraction, ExprsnError } from '@exprsn/core'
import type { SeededRandom } from '@exprsn/core/testing'
import type { LookupQuery, OperationOutcome, PaymentOutcome } from '@exprsn/payments/gateway'
import type { World } from './world.ts'

/** What the host believes of one order in the end. Minor units. */
export interface Belief {
  readonly key: string
  readonly payment: string | undefined
  readonly captured: bigint
  refunded: bigint
}

const minutes = 60_000
const patience = 60

type Outcome = PaymentOutcome | OperationOutcome<object>
type Known = Exclude<Outcome, { readonly status: 'unknown' }>

/**
 * A host that does what the port asks for: it repeats a command only by its key, or when the gateway is sure that it was not
 * done; it looks up what is unknown; and it forgets answers, as if it had crashed before writing them down.
 */
export class CarefulHost {
  readonly crashes = { before: 0, after: 0 }
  readonly #world: World
  readonly #random: SeededRandom

  constructor(world: World, random: SeededRandom) {
    this.#world = world
    this.#random = random
  }

  /** Charges an order, in one step or two, and gives parts back. */
  async serve(number: number): Promise<Belief> {
    const { currency, pays, declines, gateway } = this.#world
    const key = `order-${number}`
    const amount = BigInt(100 + randomBelow(this.#random, 9_900))
    const makeToken = randomBelow(this.#random, 6) === 0 ? declines : pays
    const capture = randomBelow(this.#random, 3) === 0 ? 'later' : 'now'
    const money = { amount, currency }
    let token = makeToken()
    const charged = await this.#resolve(
      { operation: 'charge', key, amount: money },
      () => gateway.charge({ key, amount: money, method: { kind: 'token', token }, capture, order: key }),
      () => (token = makeToken()),
    )
    if (charged.status !== 'succeeded' && charged.status !== 'authorised')
      return { key, payment: undefined, captured: 0n, refunded: 0n }
    if (charged.status === 'succeeded' && capture === 'later')
      throw new Error(`${key} was captured, and was to be authorised`)
    const { payment: snapshot } = charged as { readonly payment: { readonly reference: string } }
    const payment = snapshot.reference
    const captured = charged.status === 'succeeded' ? amount : await this.#capture(key, payment, amount)
    const belief: Belief = { key, payment, captured, refunded: 0n }
    if (gateway.capabilities.refundNeedsSettlement) await this.#world.clock.advanceBy('36h')
    await this.#refund(belief, payment)
    return belief
  }

  async #capture(order: string, payment: string, authorised: bigint): Promise<bigint> {
    const { currency, gateway } = this.#world
    const amount = { amount: authorised - BigInt(randomBelow(this.#random, 90)), currency }
    const key = `${order}/capture`
    const query = { operation: 'capture', key, amount, payment } as const
    const outcome = await this.#resolve(query, () => gateway.capture({ key, payment, amount }))
    return outcome.status === 'succeeded' ? amount.amount : 0n
  }

  async #refund(belief: Belief, payment: string): Promise<void> {
    const { currency, gateway } = this.#world
    for (let index = 0, count = randomBelow(this.#random, 4); index < count; index++) {
      const amount = { amount: 1n + BigInt(randomBelow(this.#random, Number(belief.captured))), currency }
      const key = `${belief.key}/refund-${index}`
      const query = { operation: 'refund', key, amount, payment } as const
      const outcome = await this.#resolve(query, () => gateway.refund({ key, payment, amount }))
      if (outcome.status === 'succeeded' || outcome.status === 'pending') belief.refunded += amount.amount
    }
  }

  async #resolve(
    query: Omit<LookupQuery, 'sentAt'>,
    send: () => Promise<Outcome>,
    renew: () => void = () => {},
  ): Promise<Known> {
    const { clock, gateway } = this.#world
    const sentAt = new Date(clock.now())
    const known = await this.#attempt(send)
    if (known !== undefined) return known
    for (let round = 0; round < patience; round++) {
      const found = await this.#look({ ...query, sentAt })
      if (found === 'unsure') {
        await clock.advanceBy('1m')
        continue
      }
      if (typeof found === 'object') return found
      const byKey = gateway.capabilities.idempotency.kind === 'key'
      if (!byKey && found === 'absent') {
        await clock.advanceBy(11 * minutes)
        continue
      }
      if (!byKey) renew()
      const again = await this.#attempt(send)
      if (again !== undefined) return again
    }
    throw new Error(`${query.key} is still unknown after ${patience} rounds`)
  }

  /** Undefined when it is not known what happened. */
  async #attempt(send: () => Promise<Outcome>): Promise<Known | undefined> {
    const fate = randomFraction(this.#random)
    if (fate < 0.03) {
      this.crashes.before += 1
      return undefined
    }
    const outcome = await this.#untilTaken(send)
    if (fate < 0.1) {
      this.crashes.after += 1
      return undefined
    }
    return outcome.status === 'unknown' ? undefined : outcome
  }

  /** What throws was not done, so that it may be sent again. */
  async #untilTaken(send: () => Promise<Outcome>): Promise<Outcome> {
    for (let round = 0; round < patience; round++) {
      try {
        return await send()
      } catch (error) {
        if (!ExprsnError.is(error) || !error.retryable) throw error
        await this.#world.clock.advanceBy('1m')
      }
    }
    throw new Error('The gateway takes no requests.')
  }

  async #look(query: LookupQuery): Promise<Known | 'absent' | 'certainly absent' | 'unsure'> {
    try {
      const result = await this.#world.gateway.lookup(query)
      if (!result.found) return result.conclusive ? 'certainly absent' : 'absent'
      return result.outcome.status === 'unknown' ? 'unsure' : result.outcome
    } catch (error) {
      if (ExprsnError.is(error) && (error.retryable || error.code === 'PAYMENTS_GATEWAY_ANSWER_INVALID'))
        return 'unsure'
      throw error
    }
  }
}
