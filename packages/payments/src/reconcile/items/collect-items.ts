import type { SettlementLine } from '../../gateway/settlement-line.ts'
import type { BankStatement } from '../../statement/bank-statement.ts'
import { canonical } from '../canonical.ts'
import { reconcileErrors } from '../errors.ts'
import type { CheckedRules } from '../rules.ts'
import { itemOfEntry } from './item-of-entry.ts'
import { itemOfOurs } from './items-of-ours.ts'
import { itemOfSettlement } from './item-of-settlement.ts'
import type { Item } from './item.ts'
import { mergeStatements } from './merge-statements.ts'
import type { OurRecord } from './our-record.ts'

/** What is to be compared. */
export interface ReconcileInputs {
  /** The host's own books. */
  readonly ours: readonly OurRecord[]
  /** Settlement reports by gateway; `fetchSettlements` gets them. */
  readonly settlements: Readonly<Record<string, readonly SettlementLine[]>>
  /** Bank statements, in any order; they may overlap. */
  readonly statements: readonly BankStatement[]
}

/** Every item once, sorted, with those that came repeatedly or contradict each other. */
export interface CollectedItems {
  readonly items: readonly Item[]
  readonly repeated: readonly string[]
  readonly conflicts: readonly string[]
}

/** @throws `PAYMENTS_RECONCILE_CONFLICT`, `PAYMENTS_RECONCILE_INPUT_INVALID` */
export function collectItems(inputs: ReconcileInputs, { gatewayNames }: CheckedRules): CollectedItems {
  const items = new Map<string, Item>()
  const repeated = new Set<string>()
  const add = (item: Item): void => {
    const before = items.get(item.id)
    if (before === undefined) items.set(item.id, item)
    else if (canonical(before) === canonical(item)) repeated.add(item.id)
    else throw reconcileErrors.PAYMENTS_RECONCILE_CONFLICT({ id: item.id })
  }
  for (const record of inputs.ours) add(itemOfOurs(record))
  for (const [gateway, lines] of Object.entries(inputs.settlements)) {
    if (!/^[a-z][a-z0-9_-]{0,39}$/.test(gateway) || gateway === 'ours' || gateway === 'bank')
      throw reconcileErrors.PAYMENTS_RECONCILE_INPUT_INVALID({
        ...{ id: gateway, field: 'name', reason: 'is no name of a gateway' },
      })
    for (const line of lines) add(itemOfSettlement(gateway, line))
  }
  const merged = mergeStatements(inputs.statements)
  for (const id of merged.repeated) repeated.add(id)
  for (const entry of merged.entries) add(itemOfEntry(entry, gatewayNames))
  const byId = (a: Item, b: Item): number => (a.id < b.id ? -1 : 1)
  return {
    items: [...items.values()].toSorted(byId),
    repeated: [...repeated].toSorted(),
    conflicts: merged.conflicts,
  }
}
