import { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { stripeGateway } from '../../drivers/stripe.ts'
import type { PaymentGateway } from '../../gateway/gateway.ts'
import { simulateStripe } from '../stripe/simulate-stripe.ts'
import { gatewayConformance } from './gateway-conformance.ts'

/** A gateway with one thing wrong: what it changes of the right one. */
type Bug = (right: PaymentGateway) => Partial<PaymentGateway>

const unknownOf = (error: unknown) => ({ status: 'unknown', error: error as never }) as const

const bugs: Readonly<Record<string, Bug>> = {
  'a new key for every attempt': (right) => {
    let attempt = 0
    return { charge: (command) => right.charge({ ...command, key: `${command.key}/${attempt++}` }) }
  },
  'refunds with a new key for every attempt': (right) => {
    let attempt = 0
    return { refund: (command) => right.refund({ ...command, key: `${command.key}/${attempt++}` }) }
  },
  'an unknown outcome called a decline': (right) => ({
    charge: async (command) => {
      const outcome = await right.charge(command)
      if (outcome.status !== 'unknown') return outcome
      return { status: 'declined', decline: { reason: 'processing_error', code: 'x', message: '', advice: 'later' } }
    },
  }),
  'a lost answer taken for a fault': (right) => ({
    charge: async (command) => {
      const outcome = await right.charge(command)
      if (outcome.status === 'unknown') throw outcome.error
      return outcome
    },
  }),
  'too many requests taken for unknown': (right) => ({ charge: (command) => right.charge(command).catch(unknownOf) }),
  'a charge where an authorisation was asked for': (right) => ({
    charge: (command) => right.charge({ ...command, capture: 'now' }),
  }),
  'a capture of everything': (right) => ({
    capture: (command) => right.capture({ ...command, amount: { ...command.amount, amount: 5000n } }),
  }),
  'a capture that is always the last': (right) => ({
    capture: (command) => right.capture({ ...command, final: true }),
  }),
  'a void that does nothing': (right) => ({
    void: async ({ payment }) => {
      const result = await right.fetch({ kind: 'payment', reference: payment })
      return { status: 'succeeded', result: { ...(result as never as object), state: 'voided' } as never }
    },
  }),
  'a look-up that is always sure': (right) => ({
    lookup: async (query) => {
      const known = await right.lookup(query)
      return known.found ? known : { found: false, conclusive: true }
    },
  }),
  'a look-up that finds nothing': () => ({ lookup: async () => ({ found: false, conclusive: false }) }),
  'an amount a hundredth too large': (right) => ({
    charge: (command) =>
      right.charge({ ...command, amount: { ...command.amount, amount: command.amount.amount + 1n } }),
  }),
  'a webhook believed without its signature': (right) => ({
    receive: async (delivery) => {
      const verdict = await right.receive(delivery)
      return verdict.verified ? verdict : { verified: true, events: [] }
    },
  }),
  'a webhook without its events': (right) => ({
    receive: async (delivery) => {
      const verdict = await right.receive(delivery)
      return verdict.verified ? { verified: true, events: [] } : verdict
    },
  }),
  'settlements without refunds': (right) => ({
    settlements: async function* (query) {
      for await (const line of right.settlements(query)) if (line.kind !== 'refund') yield line
    },
  }),
  'a history that forgets the first event': (right) => ({
    events: async function* (query) {
      let first = true
      for await (const event of right.events(query)) {
        if (!first) yield event
        first = false
      }
    },
  }),
  'a gateway that works after it was closed': (right) => ({ close: async () => void right }),
  'a signal that nobody looks at': (right) => ({ charge: ({ signal: _, ...command }) => right.charge(command) }),
}

describe('gatewayConformance', () => {
  for (const [bug, change] of Object.entries(bugs)) {
    it(`finds ${bug}`, async () => {
      expect(await failingCases(change)).not.toEqual([])
    })
  }
})

/** The cases that a gateway with this bug fails, up to the first. */
async function failingCases(change: Bug): Promise<string[]> {
  for (const { name, run } of gatewayConformance) {
    const clock = new SimulatedClock()
    await using simulator = await simulateStripe({ clock, random: new SeededRandom(name) })
    const client = new Stripe(simulator.apiKey, { ...simulator.clientConfig, timeout: 150 })
    const right = stripeGateway({ client, clock, webhookSecrets: [simulator.webhookSecret] })
    const subject = {
      gateway: withChange(right, change(right)),
      simulator,
      currency: 'EUR',
      tokens: { pays: () => 'pm_card_visa', declines: () => 'pm_card_visa_chargeDeclined' },
      command: 'POST',
      now: () => clock.now(),
      advance: (milliseconds: number) => clock.advanceBy(milliseconds),
    }
    const failed = await Promise.race([
      run(subject).then(
        () => false,
        () => true,
      ),
      longWait(subject),
    ])
    if (failed) return [name]
  }
  return []
}

/** A case that waits for what never comes has failed as well. */
async function longWait(subject: { readonly simulator: { readonly faults: { heal(): void } } }): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, 4000).unref())
  subject.simulator.faults.heal()
  return true
}

function withChange(right: PaymentGateway, change: Partial<PaymentGateway>): PaymentGateway {
  return new Proxy(right, {
    get(target, name: keyof PaymentGateway) {
      if (name in change) return change[name]
      const value = target[name]
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
