import { randomBelow, randomItem } from '@exprsn/core'
import type { SeededRandom } from '@exprsn/core/testing'
import type { SettlementLine } from '@exprsn/payments/gateway'
import type { OurRecord } from '@exprsn/payments/reconcile'
import { writeStatement, type WrittenMovement } from '@exprsn/payments/testing'

/** Something that was spoilt on purpose, and the item that has to be told. */
export interface PlantedError {
  readonly what: string
  readonly item: string
}

/** A month of a shop: its books, what its gateways settled, and the file that its bank sent. */
export interface Month {
  readonly ours: readonly OurRecord[]
  readonly settlements: Readonly<Record<string, readonly SettlementLine[]>>
  readonly file: string
  readonly planted: readonly PlantedError[]
}

const day = 86_400_000
const begin = Date.UTC(2026, 9, 1)
const gateways = ['stripe', 'paypal', 'authorizenet']
const euros = (amount: bigint) => ({ amount, currency: 'EUR' })

/** Draws a month. Every 250th order and every twelfth payout goes wrong, each in another way in turn. */
export function drawMonth(orders: number, random: SeededRandom): Month {
  const ours: OurRecord[] = []
  const settlements: Record<string, SettlementLine[]> = Object.fromEntries(gateways.map((name) => [name, []]))
  const planted: PlantedError[] = []
  const daily = new Map<string, bigint>()
  for (let index = 0; index < orders; index++) {
    const gateway = randomItem(random, gateways)
    const date = Math.floor((index / orders) * 30)
    const occurredAt = new Date(begin + date * day + randomBelow(random, day))
    const gross = BigInt(randomItem(random, [1_990, 4_990, 500 + randomBelow(random, 30_000)]))
    const fee = (gross * 29n) / 1_000n + 25n
    const id = `A-${1_000 + index}`
    const key = `ch_${gateway}_${index}`
    const payout = `po_2026${String(100 + date)}${gateway.slice(0, 4)}`
    const line: SettlementLine = {
      ...{ reference: `txn_${index}`, kind: 'charge', gross: euros(gross), fee: euros(fee), net: euros(gross - fee) },
      ...{ occurredAt, source: key, payout },
    }
    const record: OurRecord = { id, kind: 'charge', amount: euros(gross), occurredAt, gateway, keys: [key], order: id }
    const wrong = index % 250 === 249 ? Math.floor(index / 250) % 4 : -1
    if (wrong !== 1) ours.push(wrong === 3 ? { ...record, amount: euros(gross + 100n) } : record)
    if (wrong !== 0) settlements[gateway]!.push(line)
    if (wrong === 2) settlements[gateway]!.push({ ...line, reference: `txn_${index}_again` })
    const [what, item] = [
      ['never reached the gateway', `ours:${id}`],
      ['never recorded', `${gateway}:txn_${index}`],
      ['charged twice', `${gateway}:txn_${index}_again`],
      ['recorded a euro too high', `ours:${id}`],
    ][wrong] ?? ['', '']
    if (what !== '') planted.push({ what: what!, item: item! })
    const copies = wrong === 0 ? 0n : wrong === 2 ? 2n : 1n
    const name = `${gateway} ${date} ${payout}`
    daily.set(name, (daily.get(name) ?? 0n) + copies * (gross - fee))
  }
  const movements = payOut(daily, settlements, planted)
  const opening = euros(1_000_000n)
  return {
    ours,
    settlements,
    planted,
    file: writeStatement('camt', { id: 'OCT-26', account: 'DE89370400440532013000', opening, movements }),
  }
}

function payOut(
  daily: ReadonlyMap<string, bigint>,
  settlements: Readonly<Record<string, SettlementLine[]>>,
  planted: PlantedError[],
): WrittenMovement[] {
  const movements: WrittenMovement[] = []
  let number = 0
  for (const [name, net] of daily) {
    const [gateway, date, payout] = name.split(' ') as [string, string, string]
    const sent = begin + (Number(date) + 2) * day
    const reference = `txn_${payout}`
    settlements[gateway]!.push({
      ...{ reference, kind: 'payout', gross: euros(-net), fee: euros(0n), net: euros(-net) },
      ...{ occurredAt: new Date(sent), source: payout, payout },
    })
    const wrong = ++number % 12 === 0 ? (number / 12) % 2 : -1
    if (wrong === 0) planted.push({ what: 'a payout that never arrived', item: `${gateway}:${reference}` })
    if (wrong === 1) planted.push({ what: 'a payout that arrived 12.00 short', item: `${gateway}:${reference}` })
    if (wrong === 0) continue
    const bookedOn = new Date(sent + day).toISOString().slice(0, 10)
    // Banks cut and change references: every other one carries its own, the others stand in the text.
    const named = number % 2 === 0 && wrong < 0 ? { reference: payout } : {}
    const amount = euros(wrong === 1 ? net - 1_200n : net)
    movements.push({
      bookedOn,
      amount,
      bankReference: `B${number}`,
      text: `${gateway.toUpperCase()} ${payout}`,
      ...named,
    })
  }
  return movements
}
