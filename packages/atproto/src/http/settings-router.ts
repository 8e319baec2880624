import type { Clock, Logger } from '@exprsn/core'
import type { Rule } from '@exprsn/core/auth'
import { createRouter, type FetchHandler, type RouteContext, type Router, type RouterOptions } from '@exprsn/core/http'
import type { BudgetUse, ConflictPolicy, EditPolicy, ItemState, PublishedItem, TwoWayPolicy } from '../publish/index.ts'
import type { SyncStatus } from '../sync/index.ts'
import type { TwoWayConflict } from '../two-way/index.ts'
import { servingErrors } from './errors.ts'

/** An account that settings are shown of. A publisher and a two-way sync have what is asked for here. */
export interface SettingsAccount {
  readonly did: string
  /** For people. @default the DID */
  readonly name?: string | undefined
  /** How items become records, by name. */
  readonly mappings: Readonly<Record<string, SettingsMapping>>
  /** What is published. */
  readonly publisher: {
    /** How many items there are of each state. */
    counts(): Promise<Readonly<Record<ItemState, number>>>
    /** Items in their order. */
    list(filter: {
      readonly state?: ItemState | undefined
      readonly after?: { readonly mapping: string; readonly id: string } | undefined
      readonly limit?: number | undefined
    }): Promise<readonly PublishedItem[]>
    /** Tries a parked item again. */
    retry(mapping: string, id: string): Promise<'queued' | 'unchanged'>
    /** Tries everything at once that waits. */
    resume(): Promise<number>
  }
  /** Whether it needs a login: `() => sessions.get(did)`. @default not shown */
  readonly login?: (() => Promise<SettingsLogin | undefined>) | undefined
  /** What comes in. @default nothing does */
  readonly sync?: { status(): SyncStatus } | undefined
  /** What both sides have changed: a two-way sync. @default there are no conflicts */
  readonly conflicts?:
    | {
        /** Conflicts in their order. */
        conflicts(filter: {
          readonly after?: { readonly mapping: string; readonly id: string } | undefined
          readonly limit?: number | undefined
        }): Promise<readonly TwoWayConflict[]>
        /** How many wait. */
        countConflicts(): Promise<number>
        /** Ends one. */
        decide(mapping: string, id: string, decision: 'local' | 'remote'): Promise<void>
      }
    | undefined
  /** What is used of the rate limits: `readBudgets`. @default not shown */
  readonly budgets?: (() => Promise<readonly BudgetUse[]>) | undefined
}

/** The session of an account: `StoredSession` has what is asked for here. */
export interface SettingsLogin {
  /** With `login-needed` everything waits until somebody has logged in. */
  readonly state: 'active' | 'login-needed'
  /** Why it is needed. */
  readonly reason: string | undefined
  /** Since when. */
  readonly updatedAt: Date
}

/** A mapping as far as it is shown. */
export interface SettingsMapping {
  /** @default 'app.bsky.feed.post' */
  readonly collection?: string | undefined
  /** What is done about edits and conflicts. */
  readonly policies?:
    | {
        /** Of items that are published. */
        readonly edit?: EditPolicy | undefined
        /** Of a publisher alone. */
        readonly conflict?: ConflictPolicy | undefined
        /** Of a two-way sync. */
        readonly twoWay?: TwoWayPolicy | undefined
      }
    | undefined
}

/** Options of {@link settingsRouter} and {@link createSettingsHandler}. */
export interface SettingsRouterOptions extends Pick<RouterOptions, 'prefix' | 'rateLimit'> {
  /** The accounts; asked for with every request. */
  readonly accounts: () => readonly SettingsAccount[] | Promise<readonly SettingsAccount[]>
  /** Who may ask: `false` only where nobody else reaches it. */
  readonly auth: Exclude<RouterOptions['auth'], undefined> | false
  /** What is needed besides: `read` to see, `change` to retry and decide. @default anybody who may ask */
  readonly allow?:
    | { readonly read?: Rule<RouteContext> | undefined; readonly change?: Rule<RouteContext> | undefined }
    | undefined
  /** Told about what goes wrong on our side. @default silentLogger */
  readonly logger?: Logger | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

const states: readonly string[] = ['pending', 'published', 'deleted', 'parked']

/**
 * Serves what people have to look after: accounts, mappings, the queue, what failed, limits and conflicts.
 *
 * @example
 * ```ts
 * import { createSettingsHandler } from '@exprsn/atproto/http'
 *
 * const handler = createSettingsHandler({ accounts: () => [], auth: false })
 * console.log(await (await handler(new Request('http://localhost/accounts'))).json()) // { accounts: [] }
 * ```
 */
export function createSettingsHandler(options: SettingsRouterOptions): FetchHandler {
  return settingsRouter(options).fetch
}

/**
 * The same as a router, to be mounted into the host's own.
 *
 * @example
 * ```ts
 * import { settingsRouter } from '@exprsn/atproto/http'
 * import { createRouter } from '@exprsn/core/http'
 *
 * const router = createRouter().mount('/crossposting', settingsRouter({ accounts: () => [], auth: false }))
 * console.log(router.routes.length) // 7
 * ```
 */
export function settingsRouter(options: SettingsRouterOptions): Router {
  const { auth, allow = {}, prefix, rateLimit, logger, clock } = options
  const { read, change } = allow
  const tags = ['settings']
  const find = async (did: string): Promise<SettingsAccount> => {
    const account = (await options.accounts()).find((each) => each.did === did)
    if (account === undefined) throw servingErrors.ATPROTO_SETTINGS_UNKNOWN({ what: 'account', name: did })
    return account
  }
  return createRouter({ auth: auth === false ? undefined : auth, prefix, rateLimit, logger, clock })
    .route({
      method: 'GET',
      path: '/accounts',
      summary: 'All accounts, with their mappings, whether they need a login, and how much waits and failed',
      tags,
      allow: read,
      responses: { 200: 'The accounts.' },
      handler: async () => ({ accounts: await Promise.all((await options.accounts()).map(overview)) }),
    })
    .route({
      method: 'GET',
      path: '/accounts/:did/items',
      summary: 'Items of an account: the queue, or with `state=parked` what failed',
      description: 'Query: `state`, and for the next page `mapping` and `id` of the last item.',
      tags,
      allow: read,
      responses: { 200: 'The items, with the reasons why they wait or failed.', 404: 'There is no such account.' },
      handler: async ({ params, request }) => {
        const query = new URL(request.url).searchParams
        const state = query.get('state') ?? undefined
        if (state !== undefined && !states.includes(state))
          throw servingErrors.ATPROTO_QUERY_INVALID({ name: 'state', reason: `it is one of ${states.join(', ')}` })
        const { publisher } = await find(params.did)
        return { items: await publisher.list({ state: state as ItemState | undefined, ...pageOf(query) }) }
      },
    })
    .route({
      method: 'POST',
      path: '/accounts/:did/items/:mapping/:id/retry',
      summary: 'Tries an item again that failed',
      tags,
      allow: change,
      responses: { 200: 'Whether it is queued now.', 404: 'There is no such account.' },
      handler: async ({ params }) => ({
        result: await (await find(params.did)).publisher.retry(params.mapping, params.id),
      }),
    })
    .route({
      method: 'POST',
      path: '/accounts/:did/resume',
      summary: 'Tries everything at once that waits: after a new login',
      tags,
      allow: change,
      responses: { 200: 'How many items are tried.', 404: 'There is no such account.' },
      handler: async ({ params }) => ({ queued: await (await find(params.did)).publisher.resume() }),
    })
    .route({
      method: 'GET',
      path: '/accounts/:did/budgets',
      summary: 'What is used of the rate limits of an account',
      tags,
      allow: read,
      responses: {
        200: 'One entry for each window of what is counted: points, logins, requests.',
        404: 'There is no such account.',
      },
      handler: async ({ params }) => ({ budgets: (await (await find(params.did)).budgets?.()) ?? [] }),
    })
    .route({
      method: 'GET',
      path: '/accounts/:did/conflicts',
      summary: 'Items that both sides have changed, and nobody has decided about',
      description: 'Query: for the next page `mapping` and `id` of the last conflict.',
      tags,
      allow: read,
      responses: { 200: 'The conflicts.', 404: 'There is no such account.' },
      handler: async ({ params, request }) => {
        const { conflicts } = await find(params.did)
        return { conflicts: (await conflicts?.conflicts(pageOf(new URL(request.url).searchParams))) ?? [] }
      },
    })
    .route({
      method: 'POST',
      path: '/accounts/:did/conflicts/:mapping/:id',
      summary: 'Decides a conflict',
      description: 'Body: `{ "decision": "local" }` or `{ "decision": "remote" }`.',
      tags,
      allow: change,
      bodyKind: 'json',
      responses: { 204: 'Decided.', 404: 'There is no such account.', 409: 'There is no conflict any more.' },
      handler: async ({ params, body }) => {
        const { decision } = (typeof body === 'object' && body !== null ? body : {}) as { readonly decision?: unknown }
        if (decision !== 'local' && decision !== 'remote')
          throw servingErrors.ATPROTO_QUERY_INVALID({ name: 'decision', reason: 'it is local or remote' })
        const { conflicts } = await find(params.did)
        if (conflicts === undefined) throw servingErrors.ATPROTO_SETTINGS_UNKNOWN({ what: 'conflict', name: params.id })
        await conflicts.decide(params.mapping, params.id, decision)
        return undefined
      },
    })
}

async function overview({ did, name, mappings, publisher, sync, conflicts, login }: SettingsAccount) {
  const status = sync?.status()
  const session = await login?.()
  return {
    did,
    name: name ?? did,
    items: await publisher.counts(),
    ...(login === undefined ? {} : { login: loginOf(session) }),
    conflicts: (await conflicts?.countConflicts()) ?? 0,
    ...(status === undefined ? {} : { sync: { connected: status.connected, lag: status.lag ?? null } }),
    mappings: Object.entries(mappings).map(([mapping, { collection = 'app.bsky.feed.post', policies = {} }]) => ({
      name: mapping,
      collection,
      policies: { edit: policies.edit, conflict: policies.conflict, twoWay: policies.twoWay },
    })),
  }
}

function loginOf(session: SettingsLogin | undefined) {
  if (session === undefined) return { state: 'login-needed', reason: 'there is no session', since: null }
  const { state, reason = null, updatedAt } = session
  return { state, reason, since: state === 'active' ? null : updatedAt.toISOString() }
}

function pageOf(query: URLSearchParams) {
  const mapping = query.get('mapping')
  const id = query.get('id')
  return { limit: 100, ...(mapping === null || id === null ? {} : { after: { mapping, id } }) }
}
