import { randomBelow, randomFraction, type Random } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import type { SettlementLine } from '@exprsn/payments/gateway'
import type { OurRecord, ReconcileInputs } from '@exprsn/payments/reconcile'
import { readStatements, type BankStatement } from '@exprsn/payments/statement'
import { writeStatement, type WrittenMovement } from '@exprsn/payments/testing'

/** What truly belongs together, and what truly stands alone. */
export interface Truth {
  /** Groups of items, each sorted: left and right together. */
  readonly groups: readonly (readonly string[])[]
  /** Items that belong to nothing, with what was done to them. */
  readonly alone: ReadonlyMap<string, string>
}

/** Books of three gateways and a bank, with what is wrong in them. */
export interface GeneratedBooks extends ReconcileInputs {
  readonly truth: Truth
  /** How many groups cannot be found by an equal key. */
  readonly keyless: number
}

const gateways = ['stripe', 'paypal', 'authorizenet'] as const
const day = 86_400_000
const begin = Date.UTC(2026, 9, 1)
const euros = (amount: bigint) => ({ amount, currency: 'EUR' })

/**
 * Draws books from a seed. It knows nothing of how they will be matched: it writes down what truly happened, then spoils what
 * the parties tell of it.
 */
export async function generateBooks(seed: number, orders: number): Promise<GeneratedBooks> {
  const random = new SeededRandom(seed)
  const chance = (probability: number): boolean => randomFraction(random) < probability
  const ours: OurRecord[] = []
  const settlements = Object.fromEntries(gateways.map((name) => [name, [] as SettlementLine[]]))
  const groups: string[][] = []
  const alone = new Map<string, string>()
  let keyless = 0
  const held = new Map<string, SettlementLine[]>()

  for (let index = 0; index < orders; index++) {
    const gateway = gateways[randomBelow(random, 3)]!
    const at = begin + Math.floor((index / orders) * 28) * day + randomBelow(random, day)
    const order = `ORD-2026-${String(index).padStart(7, '0')}`
    // Prices repeat, as in a shop.
    const gross = chance(0.5)
      ? [1_990n, 4_990n, 9_900n][randomBelow(random, 3)]!
      : BigInt(500 + randomBelow(random, 50_000))
    const reference = `ch_${token(random)}`
    const hasKey = !chance(0.2)
    const charge: OurRecord = {
      ...{ id: order, kind: 'charge', amount: euros(gross), occurredAt: new Date(at), gateway },
      ...(hasKey ? { keys: [reference], order } : { order }),
    }
    const fee = (gross * 29n) / 1_000n + 25n
    const line: SettlementLine = {
      ...{ reference: `txn_${token(random)}`, kind: 'charge', gross: euros(gross), fee: euros(fee) },
      ...{ net: euros(gross - fee), occurredAt: new Date(at + randomBelow(random, day)), source: reference },
      ...{ payment: `pi_${reference.slice(3)}`, key: `${order}/1` },
    }
    const lot = randomFraction(random)
    if (lot < 0.01) {
      ours.push(charge)
      alone.set(`ours:${charge.id}`, 'never reached the gateway')
      continue
    }
    held.set(gateway, [...(held.get(gateway) ?? []), line])
    if (lot < 0.02) {
      alone.set(`${gateway}:${line.reference}`, 'never recorded')
      continue
    }
    ours.push(charge)
    groups.push([`ours:${charge.id}`, `${gateway}:${line.reference}`])
    if (!hasKey) keyless++
    if (lot < 0.03) {
      const again = { ...line, reference: `txn_${token(random)}`, occurredAt: new Date(at + day * 2) }
      held.get(gateway)!.push(again)
      alone.set(`${gateway}:${again.reference}`, 'charged twice')
    } else if (lot < 0.11) {
      const part = gross / 2n
      const refund = `re_${token(random)}`
      const when = new Date(at + day)
      ours.push({
        id: `${order}/r`,
        kind: 'refund',
        amount: euros(-part),
        occurredAt: when,
        gateway,
        keys: [refund],
        order,
      })
      const back: SettlementLine = {
        ...{ reference: `txn_${token(random)}`, kind: 'refund', gross: euros(-part), fee: euros(0n) },
        ...{ net: euros(-part), occurredAt: when, source: refund, payment: line.payment },
      }
      held.get(gateway)!.push(back)
      groups.push([`ours:${order}/r`, `${gateway}:${back.reference}`])
    }
  }

  const movements: (WrittenMovement & { readonly members: readonly string[]; readonly alone?: string | undefined })[] =
    []
  for (const gateway of gateways) {
    const name = { stripe: 'STRIPE PAYMENTS', paypal: 'PAYPAL EUROPE', authorizenet: 'AUTHORIZENET' }[gateway]
    const byDay = byDayOf(held.get(gateway) ?? [])
    for (const [number, lines] of [...byDay].toSorted(([a], [b]) => a - b)) {
      const payout = `po_${token(random)}`
      const net = lines.reduce((sum, each) => sum + each.net.amount, 0n)
      for (const each of lines) settlements[gateway]!.push({ ...each, payout })
      if (net <= 0n) continue
      const sent = new Date((number + 2) * day + 3_600_000)
      const reference = `txn_${token(random)}`
      settlements[gateway]!.push({
        ...{ reference, kind: 'payout', gross: euros(-net), fee: euros(0n), net: euros(-net), occurredAt: sent },
        ...{ source: payout, payout },
      })
      const id = `${gateway}:${reference}`
      const arrived = number + 2 + randomBelow(random, 3)
      const arrival = (amount: bigint, text: string, more: Partial<WrittenMovement> = {}) => ({
        ...{ bookedOn: isoDay(arrived), amount: euros(amount), bankReference: `B${token(random).slice(0, 12)}` },
        ...{ text, counterparty: name, members: [id], ...more },
      })
      const lot = randomFraction(random)
      if (lot < 0.35) movements.push(arrival(net, name, { reference: payout.slice(0, 16) }))
      else if (lot < 0.55) movements.push(arrival(net, `${name} ${payout.toUpperCase()}`))
      else if (lot < 0.7) movements.push(arrival(net, `${name} ${payout.slice(0, 12)}`))
      else if (lot < 0.8) movements.push(arrival(net, name))
      else if (lot < 0.85) movements.push(arrival(net - 7n, `${name} ${payout}`))
      else if (lot < 0.9) {
        const part = net / 3n
        movements.push(arrival(part, name), arrival(net - part, name))
      } else if (lot < 0.95) alone.set(id, 'never arrived')
      else {
        movements.push(arrival(net, `${name} ${payout}`))
        movements.push({ ...arrival(net, `${name} ${payout}`), members: [], alone: 'booked twice' })
      }
    }
  }
  for (let index = 0; index < orders / 50; index++)
    movements.push({
      ...{
        bookedOn: isoDay(Math.floor(begin / day) + randomBelow(random, 28)),
        amount: euros(BigInt(-1_000 - randomBelow(random, 90_000))),
      },
      ...{
        bankReference: `B${token(random).slice(0, 12)}`,
        text: `RENT ${index}`,
        members: [],
        alone: 'not of a gateway',
      },
    })
  const statements = await statementsOf(movements)
  const byReference = new Map(statements.flatMap(({ entries }) => entries).map((each) => [each.bankReference, each.id]))
  const ofPayout = new Map<string, string[]>()
  for (const { bankReference, members, alone: why } of movements) {
    const entry = byReference.get(bankReference)!
    if (why !== undefined) alone.set(entry, why)
    for (const member of members) ofPayout.set(member, [...(ofPayout.get(member) ?? []), entry])
  }
  for (const [payout, entries] of ofPayout) {
    groups.push([payout, ...entries])
    keyless++
  }
  return { ours, settlements, statements, keyless, truth: { groups: groups.map((each) => each.toSorted()), alone } }
}

/** A statement for each week, through a file as the bank would send it. */
async function statementsOf(movements: readonly WrittenMovement[]): Promise<readonly BankStatement[]> {
  const sorted = movements.toSorted((a, b) => (a.bookedOn < b.bookedOn ? -1 : 1))
  const statements: BankStatement[] = []
  let opening = euros(10_000_000n)
  for (let at = 0; at < sorted.length; at += 40) {
    const part = sorted.slice(at, at + 40)
    const text = writeStatement('camt', { id: `S${at}`, account: 'DE89370400440532013000', opening, movements: part })
    const [statement] = await readStatements(new TextEncoder().encode(text))
    statements.push(statement!)
    opening = statement!.closing as typeof opening
  }
  return statements
}

function token(random: Random): string {
  return (
    Array.from({ length: 16 }, () => 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'[randomBelow(random, 32)]).join('') +
    randomBelow(random, 10)
  )
}

function byDayOf(lines: readonly SettlementLine[]): Map<number, SettlementLine[]> {
  const days = new Map<number, SettlementLine[]>()
  for (const line of lines) {
    const number = Math.floor(line.occurredAt.getTime() / day)
    days.set(number, [...(days.get(number) ?? []), line])
  }
  return days
}

function isoDay(number: number): string {
  return new Date(number * day).toISOString().slice(0, 10)
}
