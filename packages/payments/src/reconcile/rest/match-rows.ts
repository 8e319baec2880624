import type { CheckedRules } from '../rules.ts'
import { Decisions } from './decisions.ts'
import { blockEdges } from './match-row-blocks.ts'
import { matchRowKeys } from './match-row-keys.ts'
import { nearEdges } from './near-edges.ts'
import { handedTable, type RestTable } from './rest-table.ts'
import { chooseRowEdges } from './row-edges.ts'
import type { EvidenceSource } from './row-evidence.ts'
import type { RowNumbers } from './row-numbers.ts'
import { RowReferences } from './row-references.ts'

/** What was decided about rows, and what tells why. */
export interface RowsMatched extends EvidenceSource {
  readonly decisions: RowsDecided
}

/** What came of the rules. */
export type RowsDecided = Pick<Decisions, 'groups' | 'open' | 'passed' | 'partners' | 'rules' | 'words'>

/** What {@link matchHandedRows} needs, as plain data. */
export interface MatchTask {
  readonly table: RestTable
  readonly numbers: RowNumbers
  readonly rules: CheckedRules
  /** Memory that threads share: what became of pairs is told there. */
  readonly pairs: Pick<Decisions, 'partners' | 'rules' | 'words'>
}

/** As {@link matchRows}, for another thread: gives what is not told in memory. */
export function matchHandedRows({ table, numbers, rules, pairs }: MatchTask) {
  const { groups, open, passed } = matchRows(
    handedTable(table),
    numbers,
    rules,
    new Decisions(table.count, pairs),
  ).decisions
  return { groups, open, passed }
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
