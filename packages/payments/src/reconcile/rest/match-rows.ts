import type { CheckedRules } from '../rules.ts'
import { Decisions } from './decisions.ts'
import { blockEdges } from './match-row-blocks.ts'
import { matchRowKeys } from './match-row-keys.ts'
import { nearEdges } from './near-edges.ts'
import type { RestTable } from './rest-table.ts'
import { chooseRowEdges } from './row-edges.ts'
import type { EvidenceSource } from './row-evidence.ts'
import type { RowNumbers } from './row-numbers.ts'
import { RowReferences } from './row-references.ts'

/** What was decided about rows, and what tells why. */
export interface RowsMatched extends EvidenceSource {
  readonly decisions: Decisions
}

/**
 * As `matchLeg`, which is the plain form of it, of rows of two files: surest rules first. They have no names of people, no
 * payouts and no reversals, so that no other rules apply.
 */
export function matchRows(
  table: RestTable,
  numbers: RowNumbers,
  rules: CheckedRules,
  decisions: Decisions = new Decisions(table.count),
): RowsMatched {
  matchRowKeys(table, numbers, rules, decisions)
  const references = new RowReferences(table, numbers)
  const source = { table, numbers }
  const ofBlocks = (isPart: boolean) => blockEdges(decisions.rest(), isPart, table, references, rules.orderDays)
  chooseRowEdges(ofBlocks(false), 'reference', source, decisions)
  chooseRowEdges(ofBlocks(true), 'reference-part', source, decisions)
  const near = nearEdges(decisions.rest(), table, references, numbers.starts.length, rules)
  chooseRowEdges(near, 'reference-tolerance', source, decisions)
  return { ...source, decisions }
}
