import { systemClock, type Clock } from '@exprsn/core'
import type { Database, MigrationNaming, Queryable } from '@exprsn/core/database'
import type { Ledger } from '../../ledger/ledger.ts'
import { actionFor } from '../actions.ts'
import { canonical } from '../canonical.ts'
import { reconcileErrors } from '../errors.ts'
import { isLeft, legOf } from '../items/item.ts'
import { mergeStatements } from '../items/merge-statements.ts'
import { makeReport, matchId } from '../make-report.ts'
import type { Match, OpenItem } from '../match/edge.ts'
import { checkRules, type ReconcileRules } from '../rules.ts'
import { addInputs } from './add-inputs.ts'
import { decideAgain, tiedTo } from './decide-again.ts'
import { reconcileMigrations } from './migrations.ts'
import type { ByHand, OpenException, Reconciliation } from './reconciliation.ts'
import { reconcileStore, type StoredItem } from './reconcile-store.ts'

/** Options of {@link createReconciliation}. */
export interface ReconciliationOptions extends MigrationNaming {
  /** Where everything is kept; it stays open. */
  readonly database: Database
  /** The names of all gateways whose lines will come. */
  readonly gateways: readonly string[]
  /** They hold for ever: with other rules, begin anew. @default the defaults of each */
  readonly rules?: ReconcileRules | undefined
  /** Where writing off is posted. @default none: nothing can be posted */
  readonly ledger?: Ledger | undefined
  /** Whether somebody else has to approve a match by hand. @default false */
  readonly fourEyes?: boolean | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/**
 * A reconciliation in the host's database, SQLite or PostgreSQL, that takes in what is new and decides only about that and
 * what it touches. Any number of processes may add at the same time: nothing is ever matched twice, by a constraint of the
 * database. People match by hand, write off, comment and reopen; all of that is kept.
 *
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { money } from '@exprsn/payments'
 * import { createReconciliation } from '@exprsn/payments/reconcile'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * const reconciliation = createReconciliation({ database, gateways: ['stripe'] })
 * await migrate(database, [reconciliation.migrations])
 * const amount = money('49.90', 'EUR')
 * await reconciliation.add({ ours: [{ id: 'A-1001', kind: 'charge', amount, occurredAt: new Date(), keys: ['ch_1'] }] })
 * const [open] = await reconciliation.exceptions()
 * console.log(open?.item, open?.reason) // ours:A-1001 missing
 * ```
 */
export function createReconciliation(options: ReconciliationOptions): Reconciliation {
  const { database, gateways, ledger, fourEyes = false, clock = systemClock } = options
  const rules = checkRules(options.rules ?? {}, gateways)
  const store = reconcileStore(database.dialect, options)

  async function locked<Result>(work: (tx: Queryable) => Promise<Result>, tx?: Queryable): Promise<Result> {
    const run = async (inner: Queryable): Promise<Result> => {
      await store.lock(inner)
      return work(inner)
    }
    return tx === undefined ? database.transaction(run) : run(tx)
  }

  async function known(tx: Queryable, id: string): Promise<StoredItem> {
    const [stored] = await store.items(tx, [id])
    if (stored === undefined) throw reconcileErrors.PAYMENTS_RECONCILE_UNKNOWN({ id: String(id).slice(0, 200) })
    return stored
  }

  const told = (tx: Queryable, item: string, action: string, { by, note = '' }: ByHand): Promise<void> =>
    store.addEvent(tx, { item, action, actor: by, note, at: Math.floor(clock.now()) })

  /** Gives items back to matching. */
  async function release(tx: Queryable, ids: readonly string[]): Promise<void> {
    for (const id of ids) await store.setItem(tx, id, { stage: 'rest' })
    await decideAgain(tx, store, ids, rules)
  }

  /** Decides again about what was tied to items that matching has no say in any more. */
  async function decideTied(tx: Queryable, items: readonly StoredItem[]): Promise<void> {
    const tied = await tiedTo(
      tx,
      store,
      items.map(({ item }) => item),
    )
    await decideAgain(tx, store, tied, rules)
  }

  async function openItems(tx: Queryable, ids: readonly string[]): Promise<StoredItem[]> {
    const found = await Promise.all(ids.map((id) => known(tx, id)))
    for (const { item, reason } of found)
      if (reason === undefined || reason === 'written_off' || reason === 'proposed')
        throw refused(item.id, reason === undefined ? 'it is matched' : `it is ${reason.replace('_', ' ')}`)
    return found
  }

  return {
    migrations: reconcileMigrations,

    add: (inputs, { tx } = {}) => locked((inner) => addInputs(inner, store, inputs, rules), tx),

    report: ({ asOf } = {}) =>
      database.transaction(async (tx) => {
        const stored = await store.allItems(tx)
        const made = (await store.allMatches(tx)).filter(({ state }) => state === 'made')
        const open = stored.flatMap(({ item, reason, candidates }): OpenItem[] =>
          reason === undefined ? [] : [{ item: item.id, reason, candidates }],
        )
        return makeReport({
          items: stored.map(({ item }) => item).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
          matches: made.map(({ rule, score, left, right, evidence }): Match => ({
            rule,
            score,
            left,
            right,
            evidence,
          })),
          open,
          repeated: mergeStatements(await store.allStatements(tx)).repeated,
          rules: canonical(rules),
          asOf: asOf === undefined ? undefined : Math.floor(asOf.getTime() / 86_400_000),
        })
      }),

    async explain(id) {
      const stored = await known(database, id)
      const [found] = await store.matchesOf(database, [id])
      if (found === undefined) return { item: id, match: undefined, exception: shownOpen(stored) }
      const { state: _, actor: __, ...match } = found
      const items = await store.items(database, [...match.left, ...match.right])
      return { item: id, match: { ...match, differences: differencesOf(items) }, exception: shownOpen(stored) }
    },

    async exceptions({ reason, assignee, after = '', limit = 100 } = {}) {
      const found = await store.openItems(database, {
        ...{ after, reason, assignee },
        limit: Math.min(Math.max(1, Math.floor(limit)), 1_000),
      })
      return found.map((stored) => shownOpen(stored)!)
    },

    assign: (id, to, hand) =>
      locked(async (tx) => {
        await known(tx, id)
        await store.assign(tx, id, to)
        await told(tx, id, to === undefined ? 'unassigned' : `assigned to ${to}`, hand)
      }),

    comment: (id, hand) =>
      locked(async (tx) => {
        await known(tx, id)
        await told(tx, id, 'commented', hand)
      }),

    match: ({ left, right, difference }, hand) =>
      locked(async (tx) => {
        const items = await openItems(tx, [...left, ...right])
        checkByHand(items, left.length, difference)
        const match: Match = {
          ...{ rule: 'manual', score: 1, evidence: `by ${hand.by}${hand.note === undefined ? '' : `: ${hand.note}`}` },
          ...{ left: left.toSorted(), right: right.toSorted() },
        }
        await store.insertMatches(tx, [match], { state: fourEyes ? 'proposed' : 'made', actor: hand.by })
        for (const { item } of items) {
          await store.setItem(tx, item.id, { stage: 'held', reason: fourEyes ? 'proposed' : undefined })
          await told(tx, item.id, fourEyes ? 'match proposed' : 'matched', hand)
        }
        await decideTied(tx, items)
        return matchId(match)
      }),

    approve: (id, hand) =>
      locked(async (tx) => {
        const match = await store.match(tx, id)
        if (match?.state !== 'proposed') throw refused(id, 'no match of this name is proposed')
        if (match.actor === hand.by) throw refused(id, 'somebody else than who proposed it has to approve it')
        await store.approve(tx, id, `${match.actor} and ${hand.by}`)
        for (const item of [...match.left, ...match.right]) {
          await store.setItem(tx, item, { stage: 'held' })
          await told(tx, item, 'match approved', hand)
        }
      }),

    writeOff: (id, { entry, ...hand }) =>
      locked(async (tx) => {
        const items = await openItems(tx, [id])
        if (entry !== undefined) {
          if (ledger === undefined) throw refused(id, 'there is no ledger to post to')
          const outcome = await ledger.post(entry, { tx })
          if (outcome.status === 'refused') throw refused(id, `the ledger refuses the entry: ${outcome.reason}`)
        }
        await store.setItem(tx, id, { stage: 'held', reason: 'written_off' })
        await told(tx, id, 'written off', hand)
        await decideTied(tx, items)
      }),

    reopen: (id, hand) =>
      locked(async (tx) => {
        const match = await store.match(tx, id)
        if (match !== undefined) {
          if (match.rule !== 'manual') throw refused(id, 'it was not made by hand')
          await store.removeMatch(tx, id)
          const members = [...match.left, ...match.right]
          for (const item of members) await told(tx, item, 'reopened', hand)
          return release(tx, members)
        }
        const stored = await known(tx, id)
        if (stored.reason !== 'written_off') throw refused(id, 'it was neither matched by hand nor written off')
        await told(tx, id, 'reopened', hand)
        return release(tx, [id])
      }),

    history: (id) => store.eventsOf(database, id),
  }
}

function checkByHand(
  items: readonly StoredItem[],
  lefts: number,
  difference: { readonly amount: bigint; readonly currency: string } | undefined,
): void {
  const plain = items.map(({ item }) => item)
  if (plain.length === 0) throw refused('the match', 'it has no items')
  if (new Set(plain.map(({ id }) => id)).size !== plain.length) throw refused(plain[0]!.id, 'it is named twice')
  for (const [at, item] of plain.entries()) {
    if (isLeft(item) !== at < lefts) throw refused(item.id, 'it stands on the other side')
    if (legOf(item) !== legOf(plain[0]!)) throw refused(item.id, 'it belongs to the other comparison')
  }
  const rest = differencesOf(items)
  const stated = difference === undefined || difference.amount === 0n ? [] : [difference]
  if (canonical(rest) !== canonical(stated))
    throw refused(
      plain[0]!.id,
      `its sides differ by ${rest.map(({ amount, currency }) => `${amount} ${currency}`).join(', ') || 'nothing'}`,
    )
}

function differencesOf(items: readonly StoredItem[]): { readonly amount: bigint; readonly currency: string }[] {
  const rest = new Map<string, bigint>()
  for (const { item } of items) {
    const { amount, currency } = item.amount
    rest.set(currency, (rest.get(currency) ?? 0n) + (isLeft(item) ? amount : -amount))
  }
  return [...rest]
    .filter(([, amount]) => amount !== 0n)
    .map(([currency, amount]) => ({ amount, currency }))
    .toSorted((a, b) => (a.currency < b.currency ? -1 : 1))
}

function shownOpen({ item, reason, candidates, assignee }: StoredItem): OpenException | undefined {
  if (reason === undefined) return undefined
  return { item: item.id, reason, amount: item.amount, action: actionFor(item, reason), candidates, assignee }
}

function refused(id: string, reason: string) {
  return reconcileErrors.PAYMENTS_RECONCILE_REFUSED({ id, reason })
}
