import { readFileSync } from 'node:fs'

const [folder] = process.argv.slice(2)
const began = performance.now()
/** What people write: lines, fields, a map of strings. */
const read = (file: string): Map<string, { count: number; cents: bigint; total: bigint }> => {
  const rows = new Map<string, { count: number; cents: bigint; total: bigint }>()
  for (const line of readFileSync(`${folder}/${file}.csv`, 'utf8').split('\n').slice(1)) {
    const [, charge, amount] = line.split(',')
    if (charge === undefined || amount === undefined) continue
    const cents = BigInt(amount.replace('.', ''))
    const known = rows.get(charge)
    if (known === undefined) rows.set(charge, { count: 1, cents, total: cents })
    else {
      known.count++
      known.total += cents
    }
  }
  return rows
}
const [ours, gateway] = [read('ours'), read('gateway')]
const found = { pairs: 0, paired: 0n, ours: 0, oursSum: 0n, gateway: 0, gatewaySum: 0n }
for (const [charge, left] of ours) {
  const right = gateway.get(charge)
  if (charge !== '' && left.count === 1 && right?.count === 1 && left.cents === right.cents) {
    found.pairs++
    found.paired += left.cents
    gateway.delete(charge)
  } else {
    found.ours += left.count
    found.oursSum += left.total
  }
}
for (const { count, total } of gateway.values()) {
  found.gateway += count
  found.gatewaySum += total
}
const wall = performance.now() - began
const text = { paired: String(found.paired), oursSum: String(found.oursSum), gatewaySum: String(found.gatewaySum) }
console.log(JSON.stringify({ ...found, ...text, wall }))
