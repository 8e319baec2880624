import type { Item } from './items/item.ts'
import type { ReconcileException } from './report.ts'

/** What to do about an open item, in a sentence. */
export function actionFor(item: Pick<Item, 'side' | 'kind'>, reason: ReconcileException['reason']): string {
  switch (reason) {
    case 'missing':
      return missing(item)
    case 'duplicate':
      return item.side === 'ours'
        ? 'Recorded twice, moved once: correct the books.'
        : 'Moved twice, recorded once: ask the gateway or the bank, and give the money back if it is a buyer’s.'
    case 'amount_differs':
      return 'The same name and another amount: find out which of the two is true, then match by hand or correct it.'
    case 'ambiguous':
      return 'Several fit equally well: match by hand.'
    case 'unrelated':
      return 'It names no gateway: book it elsewhere.'
    case 'conflict':
      return 'Two statements say different things about it: ask the bank which one holds.'
    case 'payout_empty':
      return 'A payout of nothing: ask the gateway whether it held money back.'
    case 'written_off':
      return 'Given up; nothing is to be done unless it turns up.'
    case 'proposed':
      return 'Matched by hand: somebody else has to approve it.'
    case 'payout_lines_differ':
      return 'Its lines do not add up to what was paid out: fetch the settlement report again, then ask the gateway.'
  }
}

/** One text for all items of a kind: there may be hundreds of thousands. */
const missingTexts = new Map<string, string>()

function missing({ side, kind }: Pick<Item, 'side' | 'kind'>): string {
  const name = `${side} ${kind}`
  const known = missingTexts.get(name)
  if (known !== undefined) return known
  const text = textOfMissing({ side, kind })
  missingTexts.set(name, text)
  return text
}

function textOfMissing({ side, kind }: Pick<Item, 'side' | 'kind'>): string {
  if (side === 'ours')
    return `The gateway knows no such ${kind}: look it up there, and reverse it if it never happened.`
  if (side === 'bank') return 'No payout fits: fetch the settlement report again, or ask the gateway what it paid.'
  if (kind === 'payout' || kind === 'payout_failure')
    return 'It has not arrived: wait until it is overdue, then ask the gateway.'
  return `The books have no such ${kind}: record it, and find out why nobody did.`
}
