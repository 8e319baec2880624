import { systemClock, type Clock, type Logger } from '@exprsn/core'
import type { Rule } from '@exprsn/core/auth'
import type { Database, MigrationNaming } from '@exprsn/core/database'
import { createRouter, type RouteContext, type Router, type RouterOptions } from '@exprsn/core/http'
import { money, type Money } from '../money/money.ts'
import { shown } from '../money/shown.ts'
import { reconcileErrors } from '../reconcile/errors.ts'
import { auditFees } from '../reconcile/fees/audit-fees.ts'
import type { FeeRule } from '../reconcile/fees/fee-rule.ts'
import { forecastSettlements } from '../reconcile/forecast/forecast-settlements.ts'
import { readMovements } from '../reconcile/movements/read-movements.ts'
import { agingPicture } from '../reconcile/picture/aging-picture.ts'
import { readAging } from '../reconcile/picture/aging.ts'
import { cashPicture } from '../reconcile/picture/cash-picture.ts'
import { exceptionsPage } from '../reconcile/picture/exceptions-page.ts'
import { cashPosition } from '../reconcile/position/cash-position.ts'
import { checkProof } from '../reconcile/proof/check-proof.ts'
import type { ExceptionsQuery, Reconciliation } from '../reconcile/store/reconciliation.ts'
import { actorOf } from './actor.ts'
import { replyPage, replyPicture } from './page-replies.ts'
import {
  asOfSchema,
  assignSchema,
  commentSchema,
  currencySchema,
  exceptionsQuerySchema,
  exceptionsSchema,
  explanationSchema,
  feesSchema,
  forecastSchema,
  itemHistorySchema,
  matchedSchema,
  matchSchema,
  noteSchema,
  positionSchema,
  reconciliationReportSchema,
  spanSchema,
  writeOffSchema,
} from './reconciliation-schemas.ts'

/** Options of {@link reconciliationRouter}. */
export interface ReconciliationRouterOptions extends Pick<RouterOptions, 'rateLimit'>, MigrationNaming {
  /** What answers the routes. */
  readonly reconciliation: Reconciliation
  /** That of the reconciliation, with its `prefix` and `schema`: fees, forecasts and positions are read from it. */
  readonly database: Database
  /**
   * Who may ask. Their `subject` is who did it in every record, so that four eyes are two people; with `false` all are
   * `anonymous`.
   */
  readonly auth: Exclude<RouterOptions['auth'], undefined> | false
  /** What is needed besides: `read` to see, `decide` to match, write off and reopen. @default anybody who may ask */
  readonly allow?:
    | { readonly read?: Rule<RouteContext> | undefined; readonly decide?: Rule<RouteContext> | undefined }
    | undefined
  /** What the contracts with the gateways say. @default none: unusual fees are found all the same */
  readonly fees?: readonly FeeRule[] | undefined
  /** Told about what goes wrong on our side. @default silentLogger */
  readonly logger?: Logger | undefined
  /** Says what day it is. @default systemClock */
  readonly clock?: Clock | undefined
}

/**
 * A persistent reconciliation over HTTP, to be mounted into the host's own router: open exceptions as JSON and as a page,
 * explanations, decisions by hand, the report with its proof, fees, forecast, cash position and their pictures.
 *
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { reconciliationRouter } from '@exprsn/payments/http'
 * import { createReconciliation } from '@exprsn/payments/reconcile'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * const reconciliation = createReconciliation({ database, gateways: ['stripe'] })
 * await migrate(database, [reconciliation.migrations])
 * const router = reconciliationRouter({ reconciliation, database, auth: false })
 * const response = await router.fetch(new Request('http://localhost/reconciliation/exceptions'))
 * console.log(await response.json()) // { exceptions: [] }
 * ```
 */
export function reconciliationRouter(options: ReconciliationRouterOptions): Router {
  const { reconciliation, database, auth, allow = {}, fees = [], rateLimit, logger, clock = systemClock } = options
  const { prefix, schema } = options
  const { read, decide } = allow
  const tags = ['reconciliation']
  const today = (): string => new Date(clock.now()).toISOString().slice(0, 10)
  const movements = (span: { readonly since?: string | undefined; readonly until?: string | undefined } = {}) =>
    readMovements({ database, prefix, schema, ...span })
  const ages = (asOf: string) => readAging({ database, prefix, schema, asOf })

  return createRouter({ auth: auth === false ? undefined : auth, rateLimit, logger, clock })
    .route({
      method: 'GET',
      path: '/reconciliation/exceptions',
      summary: 'What is open, by item',
      ...{ tags, allow: read, query: exceptionsQuerySchema },
      responses: { 200: exceptionsSchema },
      handler: async ({ query }) => {
        const { limit = 100 } = query
        const exceptions = await reconciliation.exceptions({ ...query, limit } as ExceptionsQuery)
        return shown({ exceptions, next: exceptions.length === limit ? exceptions.at(-1)?.item : undefined })
      },
    })
    .route({
      method: 'GET',
      path: '/reconciliation/exceptions.html',
      summary: 'The same as a page for people, at most 1,000',
      ...{ tags, allow: read, query: asOfSchema },
      responses: { 200: 'An HTML page without scripts.' },
      handler: async ({ query: { asOf = today() } }) =>
        replyPage(exceptionsPage(await reconciliation.exceptions({ limit: 1_000 }), await ages(asOf))),
    })
    .route({
      method: 'GET',
      path: '/reconciliation/items/:id',
      summary: 'What an item is matched with and why, or why it is open',
      ...{ tags, allow: read },
      responses: { 200: explanationSchema, 404: 'There is no such item.' },
      handler: async ({ params }) => shown(await reconciliation.explain(params.id)),
    })
    .route({
      method: 'GET',
      path: '/reconciliation/items/:id/history',
      summary: 'What people did to an item',
      ...{ tags, allow: read },
      responses: { 200: itemHistorySchema },
      handler: async ({ params }) => shown({ events: await reconciliation.history(params.id) }),
    })
    .route({
      method: 'POST',
      path: '/reconciliation/items/:id/assign',
      summary: 'Gives an item to somebody, or to nobody',
      ...{ tags, allow: decide, body: assignSchema },
      responses: { 204: 'Done.', 404: 'There is no such item.' },
      handler: async (context) =>
        reconciliation.assign(context.params.id, context.body.to, { by: actorOf(context), note: context.body.note }),
    })
    .route({
      method: 'POST',
      path: '/reconciliation/items/:id/comment',
      summary: 'Says something about an item',
      ...{ tags, allow: decide, body: commentSchema },
      responses: { 204: 'Done.', 404: 'There is no such item.' },
      handler: async (context) =>
        reconciliation.comment(context.params.id, { by: actorOf(context), note: context.body.note }),
    })
    .route({
      method: 'POST',
      path: '/reconciliation/items/:id/write-off',
      summary: 'Gives an item up, with a posting if there is to be one',
      ...{ tags, allow: decide, body: writeOffSchema },
      responses: { 204: 'Done.', 409: 'It is not open, or the books refuse.' },
      handler: async (context) => {
        const { note, lines } = context.body
        const { id } = context.params
        const entry = lines && {
          id: `write-off/${id}`,
          lines: lines.map(({ amount, ...line }) => ({ ...line, amount: moneyOf(amount) })),
          reference: id,
          occurredAt: new Date(clock.now()),
        }
        await reconciliation.writeOff(id, { by: actorOf(context), note, entry })
      },
    })
    .route({
      method: 'POST',
      path: '/reconciliation/items/:id/reopen',
      summary: 'Undoes a writing off, or a match by hand by its name',
      ...{ tags, allow: decide, body: noteSchema },
      responses: { 204: 'Done.', 409: 'It was not made by hand.' },
      handler: async (context) =>
        reconciliation.reopen(context.params.id, { by: actorOf(context), note: context.body.note }),
    })
    .route({
      method: 'POST',
      path: '/reconciliation/matches',
      summary: 'Matches open items by hand; with four eyes it is a proposal',
      ...{ tags, allow: decide, body: matchSchema },
      responses: { 200: matchedSchema, 409: 'They are not open, or do not belong together.' },
      handler: async (context) => {
        const { note, difference, ...pair } = context.body
        const hand = { by: actorOf(context), note }
        return { match: await reconciliation.match({ ...pair, difference: difference && moneyOf(difference) }, hand) }
      },
    })
    .route({
      method: 'POST',
      path: '/reconciliation/matches/:id/approve',
      summary: 'Makes what somebody else proposed',
      ...{ tags, allow: decide, body: noteSchema },
      responses: { 204: 'Done.', 409: 'It is no proposal, or your own.' },
      handler: async (context) =>
        reconciliation.approve(context.params.id, { by: actorOf(context), note: context.body.note }),
    })
    .route({
      method: 'GET',
      path: '/reconciliation/report',
      summary: 'How much is matched, with the proof and its check',
      ...{ tags, allow: read },
      responses: { 200: reconciliationReportSchema },
      handler: async () => {
        const { hash, matches, exceptions, proof } = await reconciliation.report()
        return { hash, matches: matches.length, exceptions: exceptions.length, proof, faults: checkProof(proof) }
      },
    })
    .route({
      method: 'GET',
      path: '/reconciliation/fees',
      summary: 'What gateways charged, against what they should',
      ...{ tags, allow: read, query: spanSchema },
      responses: { 200: feesSchema },
      handler: async ({ query }) => shown(auditFees(await movements(query), fees)),
    })
    .route({
      method: 'GET',
      path: '/reconciliation/forecast',
      summary: 'What will arrive and when, and what is overdue',
      ...{ tags, allow: read, query: asOfSchema },
      responses: { 200: forecastSchema },
      handler: async ({ query: { asOf = today() } }) => shown(forecastSettlements(await movements(), { asOf })),
    })
    .route({
      method: 'GET',
      path: '/reconciliation/position',
      summary: 'Where the money stood, day by day',
      ...{ tags, allow: read, query: spanSchema },
      responses: { 200: positionSchema },
      handler: async ({ query }) => shown({ positions: cashPosition(await movements(), query) }),
    })
    .route({
      method: 'GET',
      path: '/reconciliation/pictures/aging.svg',
      summary: 'Matched against open by age, as a picture',
      ...{ tags, allow: read, query: asOfSchema },
      responses: { 200: 'An SVG picture.' },
      handler: async ({ query: { asOf = today() } }) => replyPicture(agingPicture(await ages(asOf))),
    })
    .route({
      method: 'GET',
      path: '/reconciliation/pictures/position.svg',
      summary: 'The cash position over time, as a picture',
      ...{ tags, allow: read, query: currencySchema },
      responses: { 200: 'An SVG picture.', 404: 'There are no movements in this currency.' },
      handler: async ({ query: { currency } }) => {
        const position = cashPosition(await movements()).find((each) => each.currency === currency)
        if (position === undefined) throw reconcileErrors.PAYMENTS_RECONCILE_UNKNOWN({ id: currency })
        return replyPicture(cashPicture(position))
      },
    })
}

function moneyOf({ value, currency }: { readonly value: string; readonly currency: string }): Money {
  return money(value, currency)
}
