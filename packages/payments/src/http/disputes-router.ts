import type { Clock, Logger } from '@exprsn/core'
import type { Rule } from '@exprsn/core/auth'
import { createRouter, replyContent, type RouteContext, type Router, type RouterOptions } from '@exprsn/core/http'
import type { Disputes } from '../dispute/disputes.ts'
import { outcomesPicture } from '../dispute/report/outcomes-picture.ts'
import { shown } from '../money/shown.ts'
import { actorOf } from './actor.ts'
import {
  caseHistorySchema,
  casesQuerySchema,
  casesSchema,
  checklistSchema,
  compellingSchema,
  disputeNoteSchema,
  disputeOutcomeSchema,
  evidenceSchema,
  oneCaseSchema,
  openedSchema,
  outcomesSchema,
  postingsSchema,
  submitSchema,
} from './dispute-schemas.ts'
import { replyPage, replyPicture } from './page-replies.ts'

/** Options of {@link disputesRouter}. */
export interface DisputesRouterOptions extends Pick<RouterOptions, 'rateLimit'> {
  /** What answers the routes. */
  readonly disputes: Disputes
  /** Who may ask. Their `subject` is who did it in every record; with `false` all are `anonymous`. */
  readonly auth: Exclude<RouterOptions['auth'], undefined> | false
  /** What is needed besides: `read` to see cases, `answer` to hand evidence in and to concede. @default anybody who may ask */
  readonly allow?:
    | { readonly read?: Rule<RouteContext> | undefined; readonly answer?: Rule<RouteContext> | undefined }
    | undefined
  /** Told about what goes wrong on our side. @default silentLogger */
  readonly logger?: Logger | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/**
 * Disputes over HTTP, to be mounted into the host's own router: cases, checklists, evidence, answers, packs and how it ended.
 * Whatever a gateway refuses is an answer with status 200; problems say what was certainly not done.
 *
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { createPayments } from '@exprsn/payments'
 * import { createDisputes } from '@exprsn/payments/dispute'
 * import { stripeGateway } from '@exprsn/payments/drivers/stripe'
 * import { disputesRouter } from '@exprsn/payments/http'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * const payments = createPayments({ database, gateways: { stripe: stripeGateway({ apiKey: 'sk_test_1' }) } })
 * const disputes = createDisputes({ database, payments })
 * await migrate(database, [payments.migrations, disputes.migrations])
 * const router = disputesRouter({ disputes, auth: false })
 * const response = await router.fetch(new Request('http://localhost/dispute-cases?status=evidence_due'))
 * console.log(await response.json()) // { cases: [] }
 * ```
 */
export function disputesRouter(options: DisputesRouterOptions): Router {
  const { disputes, auth, allow = {}, rateLimit, logger, clock } = options
  const { read, answer } = allow
  const tags = ['disputes']
  const unknown = 'There is no such case.'

  return createRouter({ auth: auth === false ? undefined : auth, rateLimit, logger, clock })
    .route({
      method: 'GET',
      path: '/dispute-cases',
      summary: 'Cases, by identifier',
      ...{ tags, allow: read, query: casesQuerySchema },
      responses: { 200: casesSchema },
      handler: async ({ query }) => {
        const { limit = 100 } = query
        const cases = await disputes.cases({ ...query, limit })
        return shown({ cases, next: cases.length === limit ? cases.at(-1)?.id : undefined })
      },
    })
    .route({
      method: 'GET',
      path: '/dispute-cases/:id',
      summary: 'One case',
      ...{ tags, allow: read },
      responses: { 200: oneCaseSchema, 404: unknown },
      handler: async ({ params }) => shown(await disputes.case(params.id)),
    })
    .route({
      method: 'GET',
      path: '/dispute-cases/:id/history',
      summary: 'What happened, the oldest first',
      ...{ tags, allow: read },
      responses: { 200: caseHistorySchema, 404: unknown },
      handler: async ({ params }) => shown({ events: await disputes.history(params.id) }),
    })
    .route({
      method: 'GET',
      path: '/dispute-cases/:id/postings',
      summary: 'What it did to the books',
      ...{ tags, allow: read },
      responses: { 200: postingsSchema, 404: unknown },
      handler: async ({ params }) => {
        const lines = await disputes.postings(params.id)
        return shown({
          lines: lines.map(({ amount, currency, ...line }) => ({ ...line, amount: { amount, currency } })),
        })
      },
    })
    .route({
      method: 'GET',
      path: '/dispute-cases/:id/checklist',
      summary: 'What speaks for us, and what of it is there',
      ...{ tags, allow: read },
      responses: { 200: checklistSchema, 404: unknown },
      handler: async ({ params }) => shown(await disputes.check(params.id)),
    })
    .route({
      method: 'GET',
      path: '/dispute-cases/:id/compelling',
      summary: 'Whether two older purchases show it as the owner’s own',
      ...{ tags, allow: read },
      responses: { 200: compellingSchema, 404: unknown },
      handler: async ({ params }) => shown(await disputes.findCompelling(params.id)),
    })
    .route({
      method: 'GET',
      path: '/dispute-cases/:id/pack.json',
      summary: 'Everything about it, as data',
      ...{ tags, allow: read },
      responses: { 200: 'JSON with sorted names.', 404: unknown },
      handler: async ({ params }) => {
        const { json } = await disputes.pack(params.id)
        return replyContent(json, { type: 'application/json' })
      },
    })
    .route({
      method: 'GET',
      path: '/dispute-cases/:id/pack.html',
      summary: 'Everything about it, as a page to be read or printed',
      ...{ tags, allow: read },
      responses: { 200: 'An HTML page without scripts.', 404: unknown },
      handler: async ({ params }) => replyPage((await disputes.pack(params.id)).html),
    })
    .route({
      method: 'PUT',
      path: '/dispute-cases/:id/evidence',
      summary: 'Keeps evidence for the next submission',
      ...{ tags, allow: answer, body: evidenceSchema },
      responses: { 200: oneCaseSchema, 400: 'A field is wrong.', 404: unknown, 422: 'A card number.' },
      handler: async (context) =>
        shown(await disputes.gather(context.params.id, context.body, { by: actorOf(context) })),
    })
    .route({
      method: 'POST',
      path: '/dispute-cases/:id/submit',
      summary: 'Hands the evidence in, once',
      ...{ tags, allow: answer, body: submitSchema },
      responses: { 200: disputeOutcomeSchema, 404: unknown },
      handler: async (context) =>
        shown(
          await disputes.submit(context.params.id, { ...context.body, by: actorOf(context), signal: context.signal }),
        ),
    })
    .route({
      method: 'POST',
      path: '/dispute-cases/:id/accept',
      summary: 'Concedes the case',
      ...{ tags, allow: answer, body: disputeNoteSchema },
      responses: { 200: disputeOutcomeSchema, 404: unknown },
      handler: async (context) =>
        shown(
          await disputes.accept(context.params.id, { ...context.body, by: actorOf(context), signal: context.signal }),
        ),
    })
    .route({
      method: 'POST',
      path: '/dispute-cases/:id/note-submitted',
      summary: 'Notes evidence that was handed in elsewhere',
      ...{ tags, allow: answer, body: disputeNoteSchema },
      responses: { 200: oneCaseSchema, 404: unknown },
      handler: async (context) =>
        shown(await disputes.noteSubmitted(context.params.id, { ...context.body, by: actorOf(context) })),
    })
    .route({
      method: 'GET',
      path: '/dispute-outcomes',
      summary: 'How disputes ended',
      ...{ tags, allow: read, query: openedSchema },
      responses: { 200: outcomesSchema },
      handler: async ({ query }) => shown(await disputes.report(spanOf(query))),
    })
    .route({
      method: 'GET',
      path: '/dispute-outcomes/picture.svg',
      summary: 'How disputes ended, as a picture',
      ...{ tags, allow: read, query: openedSchema },
      responses: { 200: 'An SVG picture.' },
      handler: async ({ query }) => replyPicture(outcomesPicture(await disputes.report(spanOf(query)))),
    })
}

function spanOf({ since, until }: { readonly since?: string | undefined; readonly until?: string | undefined }) {
  return {
    since: since === undefined ? undefined : new Date(since),
    until: until === undefined ? undefined : new Date(until),
  }
}
