import { hash } from 'node:crypto'
import type { Money } from '../money/money.ts'
import { actionFor } from './actions.ts'
import { canonical, digest } from './canonical.ts'
import { composePayouts } from './compose-payouts.ts'
import { reconcileErrors } from './errors.ts'
import type { Item } from './items/item.ts'
import { itemLine, list, part } from './items/item-line.ts'
import { sortByText } from './items/sort-items.ts'
import type { Match, OpenItem } from './match/edge.ts'
import { makeProof } from './proof/make-proof.ts'
import type { ReconcileException, ReconcileReport, ReportedMatch } from './report.ts'

/** What matching found about sorted items. */
export interface Found {
  readonly items: readonly Item[]
  readonly matches: readonly Match[]
  readonly open: readonly OpenItem[]
  readonly repeated: readonly string[]
  readonly rules: string
  /** Days since 1970. @default the newest day of the items */
  readonly asOf?: number | undefined
}

/** Puts a report together. */
export function makeReport({ items, repeated, rules, ...found }: Found): ReconcileReport {
  const plain = sortByText(found.matches, firstOf)
  const open = sortByText(found.open, ({ item }) => item)
  const asOf = found.asOf ?? newestDay(items)
  const inputs = digest(linesOf(items))
  const byId = new Map<string, Item>()
  for (const item of items) byId.set(item.id, item)
  const proof = makeProof({ inputs, items, byId, matches: plain, open })
  const matches = plain.map((match, at): ReportedMatch => {
    const { rule, score, left, right, evidence } = match
    const { differences } = proof.matches[at]!
    return {
      ...{ id: matchId(match), rule, score, left, right, evidence },
      differences: differences.length === 0 ? none : differences.map(moneyOf),
    }
  })
  const payouts = composePayouts(items)
  const wrong = payouts.flatMap(lineException)
  const openOnes = open.map(openException)
  // What is open is sorted already.
  const exceptions = wrong.length === 0 ? openOnes : [...openOnes, ...wrong].toSorted(byItem)
  function openException({ item: id, reason, candidates }: OpenItem): ReconcileException {
    const item = byId.get(id)!
    return { item: id, reason, amount: item.amount, age: asOf - item.day, action: actionFor(item, reason), candidates }
  }
  function lineException({ payout, difference }: (typeof payouts)[number]): ReconcileException[] {
    if (difference.amount === 0n) return []
    const item = byId.get(payout)!
    const reason = 'payout_lines_differ'
    return [
      {
        item: payout,
        reason,
        amount: difference,
        age: asOf - item.day,
        action: actionFor(item, reason),
        candidates: [],
      },
    ]
  }
  const content = { matches, exceptions, payouts, repeated, proof }
  return finishReport(content, { rules, inputs, asOf, isKnown: (id) => byId.has(id) })
}

/** What a report's hash covers beside what was found, and which items there are. */
export interface ReportGround {
  readonly rules: string
  /** Digest of the inputs. */
  readonly inputs: string
  readonly asOf: number
  readonly isKnown: (id: string) => boolean
  /** Of the report, where it is known already. */
  readonly hash?: string | undefined
}

/** Adds its hash to a report, and what can be asked of it. */
export function finishReport(
  content: Content,
  { rules, inputs, asOf, isKnown, hash: known }: ReportGround,
): ReconcileReport {
  let index: ReturnType<typeof indexOf> | undefined
  return {
    ...content,
    hash: known ?? digest(hashedLines(content, [rules, inputs, String(asOf)])),
    explain(id) {
      if (!isKnown(id)) throw reconcileErrors.PAYMENTS_RECONCILE_UNKNOWN({ id: String(id).slice(0, 200) })
      index ??= indexOf(content)
      const { matchOf, exceptionOf, payoutOf } = index
      return { item: id, match: matchOf.get(id), exception: exceptionOf.get(id), payout: payoutOf.get(id) }
    },
    toJSON: () => JSON.parse(canonical(content)) as unknown,
  }
}

function byItem(a: ReconcileException, b: ReconcileException): number {
  return a.item === b.item ? (a.reason < b.reason ? -1 : 1) : a.item < b.item ? -1 : 1
}

type Content = Omit<ReconcileReport, 'hash' | 'explain' | 'toJSON'>

/** What was found, line by line. The proof is not in it: it follows from the items, the matches and what is open. */
function* hashedLines(
  { matches, exceptions, payouts, repeated }: Content,
  ground: readonly string[],
): Generator<string> {
  yield* ground
  for (const match of matches) yield matchLine(match)
  for (const exception of exceptions) yield exceptionLine(exception)
  for (const { payout, lines, difference } of payouts) yield `p${part(payout)}${list(lines)}${shown(difference)}`
  for (const id of repeated) yield repeatedLine(id)
}

/** What the hash of a report covers of a match. */
export function matchLine({
  rule,
  left,
  right,
  evidence,
  differences,
}: Pick<ReportedMatch, 'rule' | 'left' | 'right' | 'evidence' | 'differences'>): string {
  return `m${part(rule)}${list(left)}${list(right)}${part(evidence)}${differences.map(shown).join('')}`
}

/** What it covers of an exception. */
export function exceptionLine({
  item,
  reason,
  amount,
  age,
  candidates,
}: Pick<ReconcileException, 'item' | 'reason' | 'amount' | 'age' | 'candidates'>): string {
  const more = candidates.length === 0 ? '' : canonical(candidates)
  return `e${part(item)}${part(reason)}${shown(amount)}${age} ${more}`
}

/** What it covers of an item that stood there twice. */
export function repeatedLine(id: string): string {
  return `r${part(id)}`
}

function* linesOf(items: readonly Item[]): Generator<string> {
  for (const item of items) yield itemLine(item)
}

function indexOf({ matches, exceptions, payouts }: Content) {
  const matchOf = new Map<string, ReportedMatch>()
  for (const match of matches) for (const id of [...match.left, ...match.right]) matchOf.set(id, match)
  // A payout may be open and have wrong lines: the first of the two is told.
  const exceptionOf = new Map(exceptions.toReversed().map((each) => [each.item, each]))
  const payoutOf = new Map(
    payouts.toReversed().flatMap(({ lines, payout }) => lines.map((id) => [id, payout] as const)),
  )
  return { matchOf, exceptionOf, payoutOf }
}

const none: readonly Money[] = []

function moneyOf([currency, amount]: readonly [string, string]): Money {
  return { amount: BigInt(amount), currency }
}

function shown({ amount, currency }: Money): string {
  return `${amount} ${currency} `
}

/** The name of a match comes from what is in it. */
export function matchId({ left, right }: Pick<Match, 'left' | 'right'>): string {
  // Nearly all are pairs.
  const isPair = left.length === 1 && right.length === 1
  const text = isPair ? `${left[0]}\n\n${right[0]}` : [...left, '', ...right].join('\n')
  return `match:${hash('sha256', text, 'hex').slice(0, 16)}`
}

function firstOf({ left, right }: Match): string {
  return left[0] ?? right[0]!
}

function newestDay(items: readonly Item[]): number {
  let newest = 0
  for (const { day } of items) newest = Math.max(newest, day)
  return newest
}
