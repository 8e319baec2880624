import type { Queryable } from '@exprsn/core/database'
import type { BankStatement } from '../../statement/bank-statement.ts'
import { canonical } from '../canonical.ts'
import { reconcileErrors } from '../errors.ts'
import { collectItems, type ReconcileInputs } from '../items/collect-items.ts'
import { itemOfEntry } from '../items/item-of-entry.ts'
import { mergeStatements, statementName } from '../items/merge-statements.ts'
import type { Item } from '../items/item.ts'
import type { CheckedRules } from '../rules.ts'
import { decideAgain, tiedTo } from './decide-again.ts'
import type { ReconcileStore } from './reconcile-store.ts'
import type { AddedReport } from './reconciliation.ts'

/** Takes inputs in one transaction that holds the lock. */
export async function addInputs(
  tx: Queryable,
  store: ReconcileStore,
  { ours = [], settlements = {}, statements = [] }: Partial<ReconcileInputs>,
  rules: CheckedRules,
): Promise<AddedReport> {
  const { items } = collectItems({ ours, settlements, statements: [] }, rules)
  const merged = await mergeWithKnown(tx, store, statements, rules)
  const wanted = [...items, ...merged.items]
  const before = new Map(
    (await store.items(tx, [...wanted.map(({ id }) => id), ...merged.before])).map((each) => [each.item.id, each]),
  )
  for (const item of wanted) {
    const known = before.get(item.id)
    if (known !== undefined && canonical(known.item) !== canonical(item))
      throw reconcileErrors.PAYMENTS_RECONCILE_CONFLICT({ id: item.id })
  }
  const added = wanted.filter(({ id }) => !before.has(id))
  await store.insertItems(tx, added)
  const changed = new Set(added.map(({ id }) => id))
  for (const id of await settleConflicts(tx, store, merged, before)) changed.add(id)
  const { matched, open } = await decideAgain(tx, store, [...changed], rules)
  return { added: added.length, matched, open }
}

interface MergedWithKnown {
  readonly items: readonly Item[]
  readonly conflicts: ReadonlySet<string>
  /** The items that came of the same statements before. */
  readonly before: readonly string[]
}

/** Merges statements with those that are kept and share an entry or a bank's reference with them. */
async function mergeWithKnown(
  tx: Queryable,
  store: ReconcileStore,
  statements: readonly BankStatement[],
  { gatewayNames }: CheckedRules,
): Promise<MergedWithKnown> {
  const touched = new Set<string>()
  for (const statement of statements) {
    const names = namesOf(statement)
    await store.insertStatement(tx, statementName(statement), statement, names)
    for (const name of names) touched.add(name)
  }
  let related: BankStatement[] = []
  for (;;) {
    related = await store.statementsWith(tx, [...touched])
    const size = touched.size
    for (const statement of related) for (const name of namesOf(statement)) touched.add(name)
    if (touched.size === size) break
  }
  const { entries, conflicts } = mergeStatements(related)
  return {
    items: entries.map((entry) => itemOfEntry(entry, gatewayNames)),
    conflicts: new Set(conflicts),
    before: related.flatMap((statement) => statement.entries.map(({ id }) => id)),
  }
}

/** Takes contradicted entries out of matching; gives the items that have to be decided about again because of it. */
async function settleConflicts(
  tx: Queryable,
  store: ReconcileStore,
  { conflicts, items }: MergedWithKnown,
  before: ReadonlyMap<string, { readonly stage: string }>,
): Promise<string[]> {
  const fresh: Item[] = []
  for (const item of items) {
    const stage = before.get(item.id)?.stage
    if (!conflicts.has(item.id) || stage === 'conflict' || stage === 'held') continue
    for (const { id } of await store.matchesOf(tx, [item.id])) await store.removeMatch(tx, id)
    await store.setItem(tx, item.id, { stage: 'conflict', reason: 'conflict' })
    fresh.push(item)
  }
  return tiedTo(tx, store, fresh)
}

function namesOf({ entries, account }: BankStatement): string[] {
  const booked = entries.filter(({ status }) => status === 'booked')
  const references = booked.flatMap(({ bankReference }) =>
    bankReference === undefined ? [] : [`${account} ${bankReference}`],
  )
  return [...new Set([...booked.map(({ id }) => id), ...references])]
}
