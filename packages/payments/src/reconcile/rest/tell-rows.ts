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
import type { RestTable } from './rest-table.ts'
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

/** What rows are told with. */
export interface TellOptions {
  /** Those of the rows, ascending. */
  readonly ids: readonly string[]
  readonly asOf: number
}

/** Begins to tell: of rows as they are. */
export function tellItems({ count, isOurs, amounts, currencies }: RestTable, ids: readonly string[]): RowsTold {
  const told: RowsTold = { items: [], matches: [], proofs: [], exceptions: [], sums: new RowSums() }
  for (let row = 0; row < count; row++) tellItem(row)
  return told

  /** A function of its own, which is compiled once and not again for each of the loop's turns. */
  function tellItem(row: number): void {
    const [amount, currency, isOwn] = [amounts[row]!, currencies[row]!, isOurs[row] === 1]
    told.items.push([ids[row]!, sideOf(isOwn), kindOf(amount), currencyCode(currency), String(amount), '0'])
    told.sums.add(currency, isOwn ? 'ours' : 'gross', amount)
  }
}

/** Tells of rows that are open. */
export function tellOpen(told: RowsTold, { table, decisions }: RowsMatched, { ids, asOf }: TellOptions): void {
  const { isOurs, amounts, currencies, days } = table
  const { partners, groups, open, passed } = decisions
  const inGroups = new Uint8Array(groups.size === 0 ? 0 : table.count)
  for (const { left, right } of groups.values()) for (const row of [...left, ...right]) inGroups[row] = 1
  for (let row = 0; row < table.count; row++) if (partners[row]! < 0 && inGroups[row] !== 1) tellRow(row)

  function tellRow(row: number): void {
    const isOwn = isOurs[row] === 1
    told.sums.add(currencies[row]!, isOwn ? 'openOurs' : 'openGateway', amounts[row]!)
    const known = open.get(row)
    const edges = known === undefined ? passed.get(row) : undefined
    const reason = known?.reason ?? (edges === undefined ? 'missing' : 'ambiguous')
    const candidates = known?.candidates ?? (edges === undefined ? noCandidates : best(edges))
    const item = { side: sideOf(isOwn), kind: kindOf(amounts[row]!) } as const
    const amount = { amount: BigInt(amounts[row]!), currency: currencyCode(currencies[row]!) }
    const action = actionFor(item, reason)
    told.exceptions.push({ item: ids[row]!, reason, amount, age: asOf - days[row]!, action, candidates })
  }
}

/** Tells of matches. `nextName` gives the names of pairs, in order of our rows; where it has none, they are made here. */
export function tellMatches(
  told: RowsTold,
  matched: RowsMatched,
  { ids }: TellOptions,
  nextName?: () => string | undefined,
): void {
  const { table, decisions } = matched
  const { isOurs, amounts, currencies } = table
  const { partners, rules, words, groups } = decisions
  for (let row = 0; row < table.count; row++) if (isOurs[row] === 1) tellRow(row)

  function tellRow(row: number): void {
    const partner = partners[row]!
    if (partner >= 0) tellPair(row, partner)
    else {
      const group = groups.get(row)
      if (group !== undefined) tellGroup(group)
    }
  }

  function tellPair(left: number, right: number): void {
    const rule = rowRules[rules[left]!]!
    const evidence = rowEvidence(matched, rule, left, right, words[left]!)
    const pair = { left: [ids[left]!], right: [ids[right]!] }
    const id = nextName?.() ?? matchId(pair)
    tell(id, rule, pair.left, pair.right, evidence, differenceOf(left, right))
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
    const all = { left: idsOf(left), right: idsOf(right) }
    tell(matchId(all), rule, all.left, all.right, evidence, differences)
  }

  function tell(
    id: string,
    rule: RowRule,
    left: string[],
    right: string[],
    evidence: string,
    differences: readonly Money[],
  ): void {
    told.matches.push({ id, rule, score: scores[rule], left, right, evidence, differences })
    told.proofs.push({ left, right, differences: differences.length === 0 ? noDifferences : shown(differences) })
  }
}

function sideOf(isOwn: boolean) {
  return isOwn ? 'ours' : 'gateway'
}

function kindOf(amount: number) {
  return amount < 0 ? 'refund' : 'charge'
}

function shown(differences: readonly Money[]): (typeof noDifferences)[number][] {
  return differences.map(({ currency, amount }) => [currency, String(amount)])
}
