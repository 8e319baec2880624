import { milliseconds, silentLogger, systemClock, type Clock, type Duration, type Logger } from '@exprsn/core'
import type { Database, MigrationNaming } from '@exprsn/core/database'
import type { Notify } from '@exprsn/core/notify'
import type { Payments } from '../payments/payments.ts'
import { caseOf, type DisputeCase } from './case/dispute-case.ts'
import { validPurchase } from './compelling/purchase.ts'
import type { Disputes } from './disputes.ts'
import { checkEvidence } from './evidence/check-evidence.ts'
import { evidencePack } from './evidence/evidence-pack.ts'
import { validEvidence } from './evidence/valid-evidence.ts'
import { createDisputeEngine } from './engine/dispute-engine.ts'
import { compellingFor } from './engine/compelling-for.ts'
import { beginCommand, settleCommand } from './engine/run-command.ts'
import { sweepDisputes } from './engine/sweep-disputes.ts'
import { disputeErrors } from './errors.ts'
import { outcomeReport } from './report/outcome-report.ts'
import { disputeMigrations } from './store/migrations.ts'

/** Options of {@link createDisputes}. */
export interface DisputesOptions extends MigrationNaming {
  /** That of payments, with the same `prefix` and `schema`; it stays open. */
  readonly database: Database
  /** Through them commands go, and from their records the cases come. */
  readonly payments: Payments
  /** Told of new cases, deadlines and decisions. @default nobody is told */
  readonly notify?: Pick<Notify, 'send'> | undefined
  /** How long before a deadline to tell of it. @default ['7d', '3d', '1d', '4h'] */
  readonly leads?: readonly Duration[] | undefined
  /** How long purchases are remembered: evidence counts for a year, and disputes come within half of one. @default '540d' */
  readonly keepPurchases?: Duration | undefined
  /** @default silentLogger */
  readonly logger?: Logger | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/**
 * Disputes over all gateways as one kind of case: opened, evidence due, submitted, under review, and won, lost, accepted or
 * expired, in up to four stages. A case comes from everything that gateways said, in whatever order they said it; commands
 * are written down before they are sent, and sent once. The money is in the books already: payments posts what gateways
 * withdraw and give back.
 *
 * Nothing runs by itself: call `sweep` every minute, or `scheduleOn` a scheduler.
 *
 * @throws `PAYMENTS_DISPUTE_OPTION_INVALID`
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { createPayments, money } from '@exprsn/payments'
 * import { createDisputes } from '@exprsn/payments/dispute'
 * import { stripeGateway } from '@exprsn/payments/drivers/stripe'
 * import { simulateStripe } from '@exprsn/payments/testing'
 * import Stripe from 'stripe'
 *
 * await using stripe = await simulateStripe()
 * const client = new Stripe(stripe.apiKey, stripe.clientConfig)
 * await using database = sqliteDatabase({ path: ':memory:' })
 * const payments = createPayments({ database, gateways: { stripe: stripeGateway({ client, webhookSecrets: [stripe.webhookSecret] }) } })
 * const disputes = createDisputes({ database, payments })
 * await migrate(database, [payments.migrations, disputes.migrations])
 *
 * const amount = money('49.90', 'EUR')
 * const method = { kind: 'token', token: 'pm_card_visa' } as const
 * const outcome = await payments.charge({ gateway: 'stripe', amount, method, order: 'A-1001', key: 'A-1001/1' })
 * const reference = stripe.openDispute(outcome.payment.reference ?? '', { reason: 'product_not_received', networkReason: '13.1' })
 * await payments.sweep() // or a webhook
 * await disputes.sweep()
 * const id = `stripe:${reference}`
 * console.log((await disputes.case(id)).status, (await disputes.check(id)).missing) // evidence_due [ 'product', 'delivery' ]
 * await disputes.gather(id, { productDescription: 'A lamp', deliveredOn: '2026-11-02' }, { by: 'ann' })
 * const { case: answered } = await disputes.submit(id, { by: 'ann' })
 * console.log(answered.status) // under_review
 * ```
 */
export function createDisputes(options: DisputesOptions): Disputes {
  const { database, payments, notify, logger = silentLogger, clock = systemClock } = options
  const leads = (options.leads ?? ['7d', '3d', '1d', '4h']).map((lead) => milliseconds(lead))
  if (leads.some((lead) => lead <= 0))
    throw disputeErrors.PAYMENTS_DISPUTE_OPTION_INVALID({ option: 'leads', reason: 'has one that is not above zero' })
  const keepPurchases = milliseconds(options.keepPurchases ?? '540d')
  const { prefix, schema } = options
  const engine = createDisputeEngine({
    database,
    payments,
    notify,
    logger,
    clock,
    leads,
    keepPurchases,
    prefix,
    schema,
  })
  const { store, now } = engine

  const found = async (id: string): Promise<DisputeCase> => caseOf(await engine.known(database, id), now())

  const checkOf = ({ family, evidence }: DisputeCase) => checkEvidence(family, evidence)

  return {
    migrations: disputeMigrations,
    sweep: (given) => sweepDisputes(engine, given),
    scheduleOn(scheduler, when) {
      scheduler.add({ id: 'disputes', when, run: ({ signal }) => sweepDisputes(engine, { signal }) })
    },

    case: found,
    async cases(query = {}) {
      return (await store.list(database, query, now())).map((stored) => caseOf(stored, now()))
    },
    async history(id) {
      await engine.known(database, id)
      return store.eventsOf(database, id)
    },
    async postings(id) {
      const { gateway, reference, payment } = await engine.known(database, id)
      const lines = await payments.ledger.byReference(payment)
      return lines.filter(({ entry }) => entry.startsWith(`dispute/${gateway}/${reference}/`))
    },

    async gather(id, evidence, { by, note }) {
      const valid = validEvidence(evidence)
      return engine.locked(id, async (tx, stored) =>
        engine.save(tx, { ...stored, evidence: valid }, { action: 'evidence gathered', actor: by, note }),
      )
    },
    check: async (id) => checkOf(await found(id)),
    async pack(id) {
      const the = await found(id)
      return evidencePack({
        case: the,
        payment: await payments.payment(the.payment),
        transfers: await payments.transfersOf(the.payment),
        check: checkOf(the),
        compelling: await compellingFor(engine, the),
        history: await store.eventsOf(database, id),
      })
    },
    async submit(id, { evenIncomplete = false, ...hand }) {
      const the = await found(id)
      const { complete, missing } = checkOf(the)
      if (!complete && !evenIncomplete && the.underway === undefined)
        return { status: 'incomplete', missing, case: the }
      return (await beginCommand(engine, id, 'submit', hand)) ?? settleCommand(engine, id, hand.signal)
    },
    async accept(id, hand) {
      return (await beginCommand(engine, id, 'accept', hand)) ?? settleCommand(engine, id, hand.signal)
    },
    noteSubmitted: (id, { by, note }) =>
      engine.locked(id, async (tx, stored) => {
        const { acts, facts } = stored
        const submission = { stage: facts.stage, at: new Date(now()), by, key: undefined }
        const next = { ...stored, acts: { ...acts, submissions: [...acts.submissions, submission] } }
        return engine.save(tx, next, { action: 'submitted', actor: by, note })
      }),
    noteAccepted: (id, { by, note }) =>
      engine.locked(id, async (tx, stored) => {
        const acceptance = { state: 'made', stage: stored.facts.stage, at: new Date(now()), by } as const
        const next = { ...stored, acts: { ...stored.acts, acceptance } }
        return engine.save(tx, next, { action: 'accepted', actor: by, note })
      }),

    async rememberPurchase(purchase, { tx = database } = {}) {
      await store.rememberPurchase(tx, validPurchase(purchase))
    },
    findCompelling: async (id) => compellingFor(engine, await found(id)),

    async report({ since, until } = {}) {
      const all: DisputeCase[] = []
      for (let after = ''; ;) {
        const page = await store.list(database, { after, limit: 1_000 }, now())
        all.push(...page.map((stored) => caseOf(stored, now())))
        if (page.length < 1_000) break
        after = page.at(-1)!.id
      }
      return outcomeReport(
        all.filter(
          ({ openedAt }) => (since === undefined || openedAt >= since) && (until === undefined || openedAt < until),
        ),
      )
    },
  }
}
