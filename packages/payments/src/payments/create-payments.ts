import type { Queryable } from '@exprsn/core/database'
import type { Refusal } from '../gateway/decline.ts'
import type { GatewayEvent } from '../gateway/gateway-event.ts'
import type { Money } from '../money/money.ts'
import type { Attempt, Operation } from './attempt.ts'
import { createEngine, type Engine, type PaymentsOptions } from './engine.ts'
import { paymentErrors } from './errors.ts'
import { importedEvents } from './imported-events.ts'
import { takeEvent } from './inbox.ts'
import { paymentMigrations } from './migrations.ts'
import type { StoredPayment } from './payment-store.ts'
import type { Payment, Transfer } from './payment.ts'
import type { Charge, ChargeOutcome, CommandOutcome, PaymentRef, Payments, Received } from './payments.ts'
import { checkDraft, newPayment, prepareCommand, type Draft, type Prepared } from './prepare-command.ts'
import { resolveAttempt } from './resolve-attempt.ts'
import { claim, runAttempt } from './run-attempt.ts'
import { sweep } from './sweep.ts'

/**
 * Payments over one or more gateways: every command is written down before it is sent and named by a key, so that a crash,
 * a lost answer or a second click never charges twice. Webhooks are kept and applied once, in whatever order they come.
 * Every cent stands in the ledger.
 *
 * Nothing runs by itself: call `sweep()` every minute, and let `createWebhookHandler` answer the gateways.
 *
 * @throws `PAYMENTS_OPTION_INVALID`
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { createPayments, money } from '@exprsn/payments'
 * import { stripeGateway } from '@exprsn/payments/drivers/stripe'
 * import { simulateStripe } from '@exprsn/payments/testing'
 * import Stripe from 'stripe'
 *
 * await using stripe = await simulateStripe()
 * const client = new Stripe(stripe.apiKey, stripe.clientConfig)
 * await using database = sqliteDatabase({ path: ':memory:' })
 * const payments = createPayments({ database, gateways: { stripe: stripeGateway({ client, webhookSecrets: [stripe.webhookSecret] }) } })
 * await migrate(database, [payments.migrations])
 * const outcome = await payments.charge({
 *   gateway: 'stripe',
 *   amount: money('49.90', 'EUR'),
 *   method: { kind: 'token', token: 'pm_card_visa' },
 *   order: 'A-1001',
 *   key: 'A-1001/1',
 * })
 * console.log(outcome.status) // succeeded
 * console.log((await payments.ledger.verify()).ok) // true
 * ```
 */
export function createPayments(options: PaymentsOptions): Payments {
  const engine = createEngine(options)
  const { database, store, ledger, gateways } = engine

  /** Writes down, sends, and gives the record of the command afterwards. */
  async function execute(
    draft: Draft,
    signal: AbortSignal | undefined,
    begin: (tx: Queryable) => Promise<Prepared>,
  ): Promise<Attempt | Refusal> {
    checkDraft(draft)
    engine.gateway(draft.gateway)
    signal?.throwIfAborted()
    const prepared = await database.transaction(begin)
    if (prepared.kind === 'refused') return prepared.refusal
    return finish(prepared, signal)
  }

  async function finish(
    prepared: Exclude<Prepared, { kind: 'refused' }>,
    signal: AbortSignal | undefined,
  ): Promise<Attempt> {
    const { attempt } = prepared
    if (prepared.kind === 'fresh' && attempt.status === 'sent') return runAttempt(engine, attempt, signal)
    if (attempt.status === 'ready' || attempt.status === 'not_done') {
      if (await claim(engine, attempt.key)) return runAttempt(engine, { ...attempt, sentAt: engine.now() }, signal)
    } else if (attempt.status === 'unknown') await resolveAttempt(engine, attempt, signal)
    return (await store.attempt(database, attempt.key))!
  }

  async function stored(ref: PaymentRef, tx: Queryable = database): Promise<StoredPayment> {
    const id = typeof ref === 'string' ? ref : ref?.id
    const found = typeof id === 'string' ? await store.payment(tx, id) : undefined
    if (found === undefined) throw paymentErrors.PAYMENTS_PAYMENT_UNKNOWN({ payment: String(id).slice(0, 100) })
    return found
  }

  /** The gateway's name for a payment, without which nothing can be asked of it. */
  function referenceOf({ id, reference }: Payment): string {
    if (reference !== undefined) return reference
    throw paymentErrors.PAYMENTS_COMMAND_INVALID({ field: 'payment', reason: `${id} has not reached its gateway` })
  }

  function chargeDraft({ gateway, signal: _, ...command }: Charge, id: string, later: boolean): Draft {
    return { gateway, operation: 'charge', payment: id, command: { ...command }, later }
  }

  async function beginCharge(
    tx: Queryable,
    charge: Charge,
    later: boolean,
  ): Promise<Exclude<Prepared, { kind: 'refused' }>> {
    const before = await store.lockAttempt(tx, charge.key)
    const id = before?.payment ?? engine.newId()
    const prepared = await prepareCommand(engine, tx, chargeDraft(charge, id, later), { before })
    if (prepared.kind === 'refused') throw paymentErrors.PAYMENTS_KEY_REUSED({ key: charge.key })
    if (prepared.kind === 'fresh' && before === undefined && prepared.attempt.payment === id) {
      const payment = newPayment(id, { ...charge, order: charge.order, now: engine.now() })
      await store.insertPayment(tx, payment, charge.capture ?? 'now', charge.customer)
    }
    return prepared
  }

  /** A command on a payment; `check` sees it under its lock, with what is underway. */
  async function onPayment(
    ref: PaymentRef,
    operation: Operation,
    command: Attempt['command'],
    signal: AbortSignal | undefined,
    check?: (tx: Queryable, payment: Payment) => Promise<Refusal | undefined>,
  ): Promise<CommandOutcome<Payment>> {
    const { payment } = await stored(ref)
    const draft: Draft = {
      gateway: payment.gateway,
      operation,
      payment: payment.id,
      command: { ...command, payment: referenceOf(payment) },
    }
    const attempt = await execute(draft, signal, async (tx) => {
      const locked = await store.lockPayment(tx, payment.id)
      return prepareCommand(engine, tx, draft, { refusalOf: check && ((inner) => check(inner, locked!.payment)) })
    })
    return outcomeOf(attempt, async () => (await stored(payment.id)).payment)
  }

  async function chargeOutcome(attempt: Attempt): Promise<ChargeOutcome> {
    const { payment } = await stored(attempt.payment!)
    return chargeOutcomeOf(payment, attempt)
  }

  const plain = async (
    operation: Operation,
    {
      gateway,
      signal,
      ...command
    }: { readonly gateway: string; readonly key: string; readonly signal?: AbortSignal | undefined },
  ): Promise<Attempt | Refusal> => {
    const draft: Draft = { gateway, operation, command }
    return execute(draft, signal, (tx) => prepareCommand(engine, tx, draft))
  }
  const referenceOutcome = async (attempt: Attempt | Refusal) =>
    outcomeOf(attempt, async ({ result }) => result?.reference ?? '')
  const transferOutcome = (kind: Transfer['kind']) => (attempt: Attempt | Refusal) =>
    outcomeOf(attempt, async ({ gateway, result }) => {
      const found = await store.lockTransfer(database, { gateway, kind, reference: result?.reference ?? '' })
      return found!.transfer
    })

  async function close(): Promise<void> {
    await Promise.all([...gateways.values()].map((gateway) => gateway.close()))
  }

  return {
    migrations: paymentMigrations,
    ledger,
    capabilities: Object.fromEntries([...gateways].map(([name, { capabilities }]) => [name, capabilities])),

    async charge(command) {
      const draft = chargeDraft(command, '', false)
      const attempt = await execute(draft, command.signal, (tx) => beginCharge(tx, command, false))
      return chargeOutcome(attempt as Attempt)
    },
    async resume({ payment: ref, key, signal }) {
      const { payment } = await stored(ref)
      const capture = await captureModeOf(engine, payment)
      const draft: Draft = {
        gateway: payment.gateway,
        operation: 'resume',
        payment: payment.id,
        command: { key, payment: referenceOf(payment), capture },
      }
      const attempt = await execute(draft, signal, (tx) => prepareCommand(engine, tx, draft))
      return chargeOutcome(attempt as Attempt)
    },
    async capture({ payment: ref, amount, key, final = true, signal }) {
      const { payment } = await stored(ref)
      const open = { ...payment.authorised, amount: payment.authorised.amount - payment.captured.amount }
      const wanted = amount ?? (await repeatedAmount(engine, key)) ?? open
      const command = { key, amount: wanted, final }
      if (wanted.amount <= 0n && amount === undefined)
        return refused('amount_too_large', 'nothing_to_capture', 'Nothing is reserved any more.')
      return onPayment(ref, 'capture', command, signal, async (tx, now) => {
        const mismatch = currencyRefusal(wanted, now)
        if (mismatch !== undefined) return mismatch
        const underway = await store.amountUnderway(tx, now.id, 'capture')
        const left = now.authorised.amount - now.captured.amount - underway
        return wanted.amount <= left ? undefined : tooLarge('capture', left, wanted)
      })
    },
    void: ({ payment, key, signal }) => onPayment(payment, 'void', { key }, signal),
    async refund({ payment: ref, amount, key, capture, reason, signal }) {
      const { payment } = await stored(ref)
      const open = { ...payment.captured, amount: payment.captured.amount - payment.refunded.amount }
      const wanted = amount ?? (await repeatedAmount(engine, key)) ?? open
      if (wanted.amount <= 0n && amount === undefined)
        return refused('amount_too_large', 'nothing_to_refund', 'All of it was refunded.')
      return onPayment(ref, 'refund', { key, amount: wanted, capture, reason }, signal, async (tx, now) => {
        const mismatch = currencyRefusal(wanted, now)
        if (mismatch !== undefined) return mismatch
        const underway = await store.amountUnderway(tx, now.id, 'refund')
        const left = now.captured.amount - now.refunded.amount - underway
        return wanted.amount <= left ? undefined : tooLarge('refund', left, wanted)
      })
    },
    payout: async (command) => transferOutcome('payout')(await plain('payout', command)),
    acceptDispute: async (command) => transferOutcome('dispute')(await plain('acceptDispute', command)),
    submitEvidence: async (command) => transferOutcome('dispute')(await plain('submitEvidence', command)),
    createCustomer: async (command) => referenceOutcome(await plain('createCustomer', command)),
    saveMethod: async (command) => referenceOutcome(await plain('saveMethod', command)),
    removeMethod: async (command) => referenceOutcome(await plain('removeMethod', command)),

    async enqueueCharge(command, { tx }) {
      const draft = chargeDraft(command, '', true)
      checkDraft(draft)
      engine.gateway(command.gateway)
      const begin = (inner: Queryable) => beginCharge(inner, command, true)
      const prepared = await (tx === undefined ? database.transaction(begin) : begin(tx))
      return (await stored(prepared.attempt.payment!, tx)).payment
    },
    async perform(key, { signal } = {}) {
      const attempt = await store.attempt(database, key)
      if (attempt?.operation !== 'charge')
        throw paymentErrors.PAYMENTS_ATTEMPT_UNKNOWN({ key: String(key).slice(0, 200) })
      return chargeOutcome(await finish({ kind: 'known', attempt }, signal))
    },

    payment: async (id, { tx } = {}) => (await stored(id, tx)).payment,
    paymentsOf: (order) => store.paymentsOfOrder(database, order),
    transfersOf: async (ref) => store.transfersOf(database, (await stored(ref)).payment.id),
    disputes: () => store.transfersOfKind(database, 'dispute', 1_000),
    payouts: () => store.transfersOfKind(database, 'payout', 1_000),
    methods: (gateway, customer) => store.methods(database, gateway, customer),
    customer: (gateway, id) => store.customer(database, gateway, id),

    async receive(gateway, delivery): Promise<Received> {
      const verdict = await engine.gateway(gateway).receive(delivery)
      if (!verdict.verified) return { accepted: false, rejection: verdict.rejection, message: verdict.message }
      return takeIn(engine, gateway, verdict.events, delivery.signal)
    },
    async importReports(gateway, reports, { signal } = {}) {
      engine.gateway(gateway)
      return takeIn(engine, gateway, importedEvents(reports, engine.now()), signal)
    },
    sweep: (sweepOptions) => sweep(engine, sweepOptions),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Keeps events and applies those that are new. */
async function takeIn(
  engine: Engine,
  gateway: string,
  events: readonly GatewayEvent[],
  signal: AbortSignal | undefined,
): Promise<Extract<Received, { readonly accepted: true }>> {
  let fresh = 0
  for (const event of events) if (await takeEvent(engine, gateway, event, signal)) fresh++
  return { accepted: true, events: fresh, duplicates: events.length - fresh }
}

async function outcomeOf<Result>(
  attempt: Attempt | Refusal,
  resultOf: (attempt: Attempt) => Promise<Result>,
): Promise<CommandOutcome<Result>> {
  if (!('operation' in attempt)) return { status: 'refused', reason: attempt.reason, refusal: attempt }
  const { status, result } = attempt
  if (status !== 'done' || result === undefined) return { status: 'unknown' }
  if (result.refusal !== undefined) return { status: 'refused', reason: result.refusal.reason, refusal: result.refusal }
  return { status: result.status === 'pending' ? 'pending' : 'succeeded', result: await resultOf(attempt) }
}

/** What the record of a payment says of its charge: it may have gone on since the command was answered. */
function chargeOutcomeOf(payment: Payment, { status }: Attempt): ChargeOutcome {
  const { state, decline, nextAction } = payment
  switch (state) {
    case 'captured':
      return { status: 'succeeded', payment }
    case 'authorised':
    case 'voided':
    case 'expired':
      return { status: state, payment }
    case 'declined':
      return decline === undefined
        ? { status: 'pending', payment }
        : { status: 'declined', payment, reason: decline.reason, decline }
    case 'requires_action':
      return nextAction === undefined
        ? { status: 'pending', payment }
        : { status: 'requires_action', payment, nextAction }
    case 'pending':
      return { status: 'pending', payment }
    case 'created':
      return { status: status === 'done' ? 'pending' : 'unknown', payment }
  }
}

/** A repetition without an amount means the amount of the first time. */
async function repeatedAmount({ store, database }: Engine, key: string): Promise<Money | undefined> {
  return (await store.attempt(database, key))?.command['amount'] as Money | undefined
}

async function captureModeOf({ store, database }: Engine, { key }: Payment): Promise<'now' | 'later'> {
  return (await store.attempt(database, key))?.command['capture'] === 'later' ? 'later' : 'now'
}

function currencyRefusal(wanted: Money, { amount }: Payment): Refusal | undefined {
  if (wanted.currency === amount.currency) return undefined
  return {
    reason: 'not_supported',
    code: 'currency_mismatch',
    message: `The payment is in ${amount.currency}, not in ${wanted.currency}.`,
  }
}

function tooLarge(what: string, left: bigint, wanted: Money): Refusal {
  return {
    reason: 'amount_too_large',
    code: `${what}_too_large`,
    message: `Of the payment ${left} minor units of ${wanted.currency} are left to ${what}, not ${wanted.amount}.`,
  }
}

function refused(reason: Refusal['reason'], code: string, message: string): CommandOutcome<never> {
  return { status: 'refused', reason, refusal: { reason, code, message } }
}
