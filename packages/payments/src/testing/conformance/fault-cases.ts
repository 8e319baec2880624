import { sleep } from '@exprsn/core'
import type { ConformanceCase } from '@exprsn/core/testing'
import type { PaymentGateway } from '../../gateway/gateway.ts'
import type { LookupQuery } from '../../gateway/lookup.ts'
import type { GatewayFaultKind } from '../simulator/gateway-faults.ts'
import { authorise, captured, charge, refunded } from './charge-cases.ts'
import { expectCode, expectThat } from './expect.ts'
import type { GatewaySubject } from './gateway-subject.ts'
import { refund, settledCharge } from './refund-cases.ts'

const doneFaults = ['lost_response', 'truncated_response', 'error_after', 'no_answer'] as const
const undoneFaults = ['lost_request', 'error_before'] as const

const signalCase: ConformanceCase<GatewaySubject> = {
  name: 'a question that is given up rejects with the reason',
  async run({ gateway, currency, now }) {
    const reason = new DOMException('enough', 'AbortError')
    const signal = AbortSignal.abort(reason)
    const since = new Date(now())
    const query = {
      operation: 'charge',
      key: 'case/given-up',
      sentAt: since,
      amount: { amount: 1n, currency },
      signal,
    } as const
    const questions: readonly (() => Promise<unknown>)[] = [
      () => gateway.lookup(query),
      () => gateway.fetch({ kind: 'payment', reference: 'x' }, { signal }),
      () => gateway.events({ since, signal })[Symbol.asyncIterator]().next(),
      () => gateway.settlements({ since, signal })[Symbol.asyncIterator]().next(),
    ]
    for (const ask of questions) {
      const seen = await ask().catch((error: unknown) => error)
      expectThat(seen === reason, 'the signal’s reason is thrown', seen)
    }
  },
}

/** Answers that do not come: nothing is done twice, and what happened is found out. */
export const faultCases: readonly ConformanceCase<GatewaySubject>[] = [
  signalCase,
  ...doneFaults.map((fault) => chargeDone(fault)),
  ...undoneFaults.map((fault) => chargeUndone(fault)),
  {
    name: 'too many requests: the charge throws, is retryable, and nothing was done',
    async run(subject) {
      subject.simulator.faults.plan({ kind: 'rate_limited', times: 20 })
      const error = await expectCode('PAYMENTS_GATEWAY_RATE_LIMITED', () => charge(subject, 'case/429', 800n))
      expectThat(error.retryable, 'it is retryable', error)
      subject.simulator.faults.heal()
      expectThat(captured(subject) === 0n, 'nothing was taken', subject.simulator.payments())
    },
  },
  ...(['lost_response', 'error_after'] as const).map((fault) => refundDone(fault)),
  {
    name: 'a lost answer of a capture: unknown, and the look-up finds it',
    async run(subject) {
      const { gateway, currency } = subject
      const payment = await authorise(subject, 'case/lost-capture', 3000n)
      const amount = { amount: 3000n, currency }
      planOnCommands(subject, 'lost_response')
      const outcome = await gateway.capture({ key: 'case/lost-capture/c', payment, amount })
      expectThat(outcome.status === 'unknown', 'the outcome is unknown', outcome)
      subject.simulator.faults.heal()
      const found = await look(subject, { operation: 'capture', key: 'case/lost-capture/c', amount, payment })
      expectThat(found.found && found.outcome.status === 'succeeded', 'the look-up finds it done', found)
      expectThat(captured(subject) === 3000n, 'once', subject.simulator.payments())
    },
  },
  {
    name: 'a lost answer of a void: unknown, and the look-up finds it',
    async run(subject) {
      const { gateway, currency } = subject
      const payment = await authorise(subject, 'case/lost-void', 3000n)
      planOnCommands(subject, 'lost_response')
      const outcome = await gateway.void({ key: 'case/lost-void/v', payment })
      expectThat(outcome.status === 'unknown', 'the outcome is unknown', outcome)
      subject.simulator.faults.heal()
      const amount = { amount: 3000n, currency }
      const found = await look(subject, { operation: 'void', key: 'case/lost-void/v', amount, payment })
      expectThat(found.found && found.outcome.status === 'succeeded', 'the look-up finds it done', found)
    },
  },
  {
    name: 'a caller who gives up before: nothing is sent; on the way: unknown',
    async run(subject) {
      const { gateway, currency, tokens, simulator } = subject
      const command = { amount: { amount: 600n, currency }, method: { kind: 'token', token: tokens.pays() } } as const
      const before = simulator.requests.length
      const reason = new DOMException('enough', 'AbortError')
      const early = await gateway
        .charge({ ...command, key: 'case/early', signal: AbortSignal.abort(reason) })
        .catch((e: unknown) => e)
      expectThat(early === reason, 'the signal’s reason is thrown', early)
      expectThat(simulator.requests.length === before, 'nothing was sent', simulator.requests)
      planOnCommands(subject, 'no_answer')
      const controller = new AbortController()
      const pending = gateway.charge({ ...command, key: 'case/late', signal: controller.signal })
      await untilAnswered(subject, before)
      controller.abort(reason)
      const late = await pending
      expectThat(late.status === 'unknown', 'the outcome is unknown', late)
    },
  },
]

function chargeDone(fault: GatewayFaultKind): ConformanceCase<GatewaySubject> {
  return {
    name: `${fault} after a charge was done: unknown, found by its key, and repeating it takes nothing more`,
    async run(subject) {
      const key = `case/done/${fault}`
      const token = subject.tokens.pays()
      planOnCommands(subject, fault)
      const outcome = await charge(subject, key, 4200n, token)
      expectThat(outcome.status === 'unknown', 'the outcome is unknown', outcome)
      subject.simulator.faults.heal()
      const known = await look(subject, { operation: 'charge', key, amount: money(subject, 4200n) })
      expectThat(known.found && known.outcome.status === 'succeeded', 'the look-up finds it done', known)
      await repeat(subject, key, token)
      expectThat(captured(subject) === 4200n, 'the money was taken once', subject.simulator.payments())
    },
  }
}

async function repeat(subject: GatewaySubject, key: string, token: string): Promise<void> {
  const again = await charge(subject, key, 4200n, token)
  expectThat(again.status === 'succeeded', 'the repeated command gives the first outcome', again)
}

function chargeUndone(fault: GatewayFaultKind): ConformanceCase<GatewaySubject> {
  return {
    name: `${fault} before a charge was done: unknown, absent after a while, and repeating it takes the money once`,
    async run(subject) {
      const { gateway, simulator, advance } = subject
      const key = `case/undone/${fault}`
      const token = subject.tokens.pays()
      const sentAt = new Date(subject.now())
      planOnCommands(subject, fault)
      const outcome = await charge(subject, key, 4300n, token)
      expectThat(outcome.status === 'unknown', 'the outcome is unknown', outcome)
      simulator.faults.heal()
      const query = { operation: 'charge', key, amount: money(subject, 4300n), sentAt } as const
      const early = await gateway.lookup(query)
      expectThat(!early.found && !early.conclusive, 'at once, its absence says nothing', early)
      if (gateway.capabilities.idempotency.kind === 'lookup') {
        await advance(3_600_000)
        const late = await gateway.lookup(query)
        expectThat(!late.found && late.conclusive, 'after an hour, its absence is certain', late)
      }
      // One-time tokens do not live for an hour.
      const fresh = gateway.capabilities.idempotency.kind === 'lookup' ? subject.tokens.pays() : token
      const again = await charge(subject, key, 4300n, fresh)
      expectThat(again.status === 'succeeded', 'the repeated command succeeds', again)
      expectThat(captured(subject) === 4300n, 'the money was taken once', simulator.payments())
    },
  }
}

function refundDone(fault: GatewayFaultKind): ConformanceCase<GatewaySubject> {
  return {
    name: `${fault} after a refund was done: unknown, found by its key, and repeating it gives nothing more back`,
    async run(subject) {
      const payment = await settledCharge(subject, `case/refund/${fault}`, 5000n)
      const key = `case/refund/${fault}/r`
      planOnCommands(subject, fault)
      const outcome = await refund(subject, payment, key, 2000n)
      expectThat(outcome.status === 'unknown', 'the outcome is unknown', outcome)
      subject.simulator.faults.heal()
      const found = await look(subject, { operation: 'refund', key, amount: money(subject, 2000n), payment })
      expectThat(found.found, 'the look-up finds it', found)
      const again = await refund(subject, payment, key, 2000n)
      expectThat(
        again.status === 'succeeded' || again.status === 'pending',
        'repeating it gives the first outcome',
        again,
      )
      expectThat(refunded(subject) === 2000n, 'the money went back once', subject.simulator.payments())
    },
  }
}

/**
 * Requests that change something fail until `heal()`; questions and tokens do not. (Clients may repeat a lost request on
 * their own, as the stripe package does.)
 */
function planOnCommands({ simulator, command }: GatewaySubject, kind: GatewayFaultKind): void {
  simulator.faults.plan({ kind, when: command, times: 10 })
}

function money({ currency }: GatewaySubject, amount: bigint) {
  return { amount, currency }
}

function look(subject: GatewaySubject, query: Omit<LookupQuery, 'sentAt'>): ReturnType<PaymentGateway['lookup']> {
  return subject.gateway.lookup({ ...query, sentAt: new Date(subject.now()) })
}

/** Waits until the gateway has dealt with a request. */
async function untilAnswered({ simulator }: GatewaySubject, before: number): Promise<void> {
  while (simulator.faults.hits.no_answer === 0 || simulator.requests.length === before) await sleep(5)
}
