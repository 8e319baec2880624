import { actionFor } from '../actions.ts'
import { currencyCode, currencyNumber } from '../files/currencies.ts'
import { matchId } from '../make-report.ts'
import { scores, type Edge } from '../match/edge.ts'
import { best } from '../match/match-leg.ts'
import type { Money } from '../../money/money.ts'
import type { ConservationProof, ProofItem } from '../proof/proof.ts'
import type { ReconcileException, ReportedMatch } from '../report.ts'
import { rowRules, type RowGroup, type RowRule } from './decisions.ts'
import type { RowsMatched } from './match-rows.ts'
import { differencesOf } from './row-differences.ts'
import { rowEvidence } from './row-evidence.ts'
import { RowSums } from './row-sums.ts'

/** What a report and its proof say of rows. */
export interface RowsTold {
  readonly items: ProofItem[]
  /** Sorted by their first row, as those of the proof. */
  readonly matches: ReportedMatch[]
  readonly proofs: ConservationProof['matches'][number][]
  readonly exceptions: ReconcileException[]
  readonly sums: RowSums
}

const noMoney: readonly Money[] = []
const noDifferences: ConservationProof['matches'][number]['differences'] = []
const noCandidates: readonly Edge[] = []

/** Puts into words what was decided. `ids` are those of the rows, ascending. */
export function tellRows(matched: RowsMatched, ids: readonly string[], asOf: number): RowsTold {
  const { table, decisions } = matched
  const { isOurs, amounts, currencies, days } = table
  const { partners, rules, words, groups, open, passed } = decisions
  const told: RowsTold = { items: [], matches: [], proofs: [], exceptions: [], sums: new RowSums() }
  const sideOf = (row: number) => (isOurs[row] === 1 ? 'ours' : 'gateway')
  const kindOf = (row: number) => (amounts[row]! < 0 ? 'refund' : 'charge')
  const inGroups = new Uint8Array(groups.size === 0 ? 0 : table.count)
  for (const { left, right } of groups.values()) for (const row of [...left, ...right]) inGroups[row] = 1
  for (let row = 0; row < table.count; row++) tellRow(row)
  return told

  /** A function of its own, which is compiled once and not again for each of the loop's turns. */
  function tellRow(row: number): void {
    const [amount, currency] = [amounts[row]!, currencies[row]!]
    const isOwn = isOurs[row] === 1
    told.items.push([ids[row]!, sideOf(row), kindOf(row), currencyCode(currency), String(amount), '0'])
    told.sums.add(currency, isOwn ? 'ours' : 'gross', amount)
    const partner = partners[row]!
    if (partner >= 0) {
      if (isOwn) tellPair(row, partner)
    } else if (inGroups[row] === 1) {
      const group = groups.get(row)
      if (group !== undefined) tellGroup(group)
    } else {
      told.sums.add(currency, isOwn ? 'openOurs' : 'openGateway', amount)
      tellOpen(row)
    }
  }

  function tellPair(left: number, right: number): void {
    const rule = rowRules[rules[left]!]!
    const evidence = rowEvidence(matched, rule, left, right, words[left]!)
    tell(rule, [ids[left]!], [ids[right]!], evidence, differenceOf(left, right))
  }

  /** As `differencesOf`: the amounts of a pair are of one currency. */
  function differenceOf(left: number, right: number): readonly Money[] {
    if (amounts[left] === amounts[right]) return noMoney
    const amount = BigInt(amounts[left]!) - BigInt(amounts[right]!)
    told.sums.addLarge(currencies[left]!, 'orderDifferences', amount)
    return [{ amount, currency: currencyCode(currencies[left]!) }]
  }

  function tellGroup({ rule, left, right, evidence }: RowGroup): void {
    const idsOf = (rows: readonly number[]): string[] => rows.map((row) => ids[row]!)
    const differences = differencesOf(table, left, right)
    for (const { amount, currency } of differences)
      told.sums.addLarge(currencyNumber(currency), 'orderDifferences', amount)
    tell(rule, idsOf(left), idsOf(right), evidence, differences)
  }

  function tell(rule: RowRule, left: string[], right: string[], evidence: string, differences: readonly Money[]): void {
    told.matches.push({ id: matchId({ left, right }), rule, score: scores[rule], left, right, evidence, differences })
    told.proofs.push({ left, right, differences: differences.length === 0 ? noDifferences : shown(differences) })
  }

  function tellOpen(row: number): void {
    const known = open.get(row)
    const edges = known === undefined ? passed.get(row) : undefined
    const reason = known?.reason ?? (edges === undefined ? 'missing' : 'ambiguous')
    const candidates = known?.candidates ?? (edges === undefined ? noCandidates : best(edges))
    const item = { side: sideOf(row), kind: kindOf(row) } as const
    const amount = { amount: BigInt(amounts[row]!), currency: currencyCode(currencies[row]!) }
    const action = actionFor(item, reason)
    told.exceptions.push({ item: ids[row]!, reason, amount, age: asOf - days[row]!, action, candidates })
  }
}

function shown(differences: readonly Money[]): (typeof noDifferences)[number][] {
  return differences.map(({ currency, amount }) => [currency, String(amount)])
}
