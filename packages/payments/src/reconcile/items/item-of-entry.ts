import type { BankEntry } from '../../statement/bank-entry.ts'
import { dayOf } from './day-of.ts'
import type { Item } from './item.ts'
import { referenceTokens } from './reference-tokens.ts'

/** A bank's entry; `names` says by which words it mentions a gateway. */
export function itemOfEntry(entry: BankEntry, names: Readonly<Record<string, readonly string[]>>): Item {
  const { id, amount, bookedOn, references, bankReference, text, counterparty, original, reversal } = entry
  const words = `${counterparty ?? ''} ${text}`.toLowerCase()
  const gateways = Object.keys(names).filter((gateway) =>
    names[gateway]!.some((name) => words.includes(name.toLowerCase())),
  )
  return {
    id,
    side: 'bank',
    kind: 'entry',
    amount,
    fee: 0n,
    day: dayOf(bookedOn, id),
    keys: references,
    groups: [],
    tokens: referenceTokens(...references, bankReference, text),
    gateways: gateways.toSorted(),
    name: counterparty,
    original,
    reversal,
    payout: undefined,
  }
}
