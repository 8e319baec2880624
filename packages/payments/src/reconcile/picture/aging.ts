import type { Database, MigrationNaming } from '@exprsn/core/database'
import { isoDate } from '../../statement/civil-date.ts'
import { reconcileErrors } from '../errors.ts'
import { daysBetween } from '../forecast/days.ts'
import { collectItems, type ReconcileInputs } from '../items/collect-items.ts'
import { legOf, type Item } from '../items/item.ts'
import type { ReconcileReport } from '../report.ts'
import { checkRules, type ReconcileRules } from '../rules.ts'
import { reconcileStore } from '../store/reconcile-store.ts'

/** How many items of an age are matched, and how many are open. */
export interface AgeGroup {
  /** Such as `4–7 days`. */
  readonly name: string
  readonly matched: number
  readonly open: number
}

const bounds = [1, 3, 7, 14, 30, 90] as const

/** Items by age: those that have a counterpart, and those that are to have one. */
function agingOf(items: readonly Item[], isOpen: (item: Item) => boolean, asOf: string): readonly AgeGroup[] {
  if (isoDate(asOf) !== asOf)
    throw reconcileErrors.PAYMENTS_RECONCILE_RULE_INVALID({ rule: 'asOf', reason: 'is no day such as 2026-11-30' })
  const day = daysBetween('1970-01-01', asOf)
  const counts = [...bounds, Number.POSITIVE_INFINITY].map((to, index) => ({
    from: index === 0 ? 0 : bounds[index - 1]! + 1,
    to,
    matched: 0,
    open: 0,
  }))
  for (const item of items) {
    if (legOf(item) === undefined) continue
    const group = counts.find(({ to }) => day - item.day <= to)!
    if (isOpen(item)) group.open++
    else group.matched++
  }
  return counts.map(({ from, to, matched, open }) => ({
    name: Number.isFinite(to) ? `${from}–${to} days` : `${from} days and more`,
    ...{ matched, open },
  }))
}

/**
 * The ages behind a reconciliation in memory.
 *
 * @throws `PAYMENTS_RECONCILE_RULE_INVALID`
 * @example
 * ```ts
 * import { agingIn, reconcile } from '@exprsn/payments/reconcile'
 *
 * const inputs = { ours: [], settlements: {}, statements: [] }
 * console.log(agingIn(inputs, reconcile(inputs), { asOf: '2026-11-30' }).length) // 7
 * ```
 */
export function agingIn(
  inputs: ReconcileInputs,
  report: Pick<ReconcileReport, 'exceptions'>,
  {
    asOf,
    rules = {},
  }: {
    /** `YYYY-MM-DD`. */
    readonly asOf: string
    /** Those of the reconciliation. @default the defaults of each */
    readonly rules?: ReconcileRules | undefined
  },
): readonly AgeGroup[] {
  const open = new Set(report.exceptions.map(({ item }) => item))
  const { items } = collectItems(inputs, checkRules(rules, Object.keys(inputs.settlements)))
  return agingOf(items, ({ id }) => open.has(id), asOf)
}

/**
 * The ages of what a persistent reconciliation holds.
 *
 * @throws `PAYMENTS_RECONCILE_RULE_INVALID`
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { createReconciliation, readAging } from '@exprsn/payments/reconcile'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * await migrate(database, [createReconciliation({ database, gateways: ['stripe'] }).migrations])
 * console.log((await readAging({ database, asOf: '2026-11-30' }))[0]) // { name: '0–1 days', matched: 0, open: 0 }
 * ```
 */
export async function readAging({
  database,
  asOf,
  ...naming
}: MigrationNaming & {
  /** That of `createReconciliation`, with the same `prefix` and `schema`. */
  readonly database: Database
  /** `YYYY-MM-DD`. */
  readonly asOf: string
}): Promise<readonly AgeGroup[]> {
  const stored = await reconcileStore(database.dialect, naming).allItems(database)
  const open = new Set(stored.filter(({ reason }) => reason !== undefined).map(({ item }) => item.id))
  return agingOf(
    stored.map(({ item }) => item),
    ({ id }) => open.has(id),
    asOf,
  )
}
