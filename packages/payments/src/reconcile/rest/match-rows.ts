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
export function matchRows(table: RestTable, numbers: RowNumbers, rules: CheckedRules): RowsMatched {
  const decisions = new Decisions(table.count)
  matchRowKeys(table, numbers, rules, decisions)
  let rest = decisions.rest(Uint32Array.from({ length: table.count }, (_, row) => row))
  const references = new RowReferences(table, numbers)
  const source = { table, numbers }
  chooseRowEdges(blockEdges(rest, false, table, references, rules.orderDays), 'reference', source, decisions)
  rest = decisions.rest(rest)
  chooseRowEdges(blockEdges(rest, true, table, references, rules.orderDays), 'reference-part', source, decisions)
  rest = decisions.rest(rest)
  chooseRowEdges(
    nearEdges(rest, table, references, numbers.starts.length, rules),
    'reference-tolerance',
    source,
    decisions,
  )
  return { ...source, decisions }
}
