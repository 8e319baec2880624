import { createHash } from 'node:crypto'
import { multiply, rational } from '@exprsn/payments/money'
import { dinero, EUR, halfEven, multiply as dineroMultiply, toSnapshot, transformScale } from 'dinero.js'
import { ours, type Benchmark } from '../../../scripts/bench/benchmark.ts'
import { npmPeer } from '../core/resilience/compare-calls.ts'

const amounts = Array.from({ length: 10_000 }, (_, index) => 1 + ((index * 7_919) % 10_000_000))

type Multiply = () => (amount: number) => number

const subjects: Readonly<Record<string, Multiply>> = {
  [ours]: () => {
    const rate = rational('0.19')
    const prepared = new Map(amounts.map((amount) => [amount, { amount: BigInt(amount), currency: 'EUR' }]))
    return (amount) => Number(multiply(prepared.get(amount)!, rate).amount)
  },
  'dinero.js': () => {
    const prepared = new Map(amounts.map((amount) => [amount, dinero({ amount, currency: EUR })]))
    return (amount) =>
      toSnapshot(transformScale(dineroMultiply(prepared.get(amount)!, { amount: 19, scale: 2 }), 2, halfEven)).amount
  },
}

/** 19 % of an amount, rounded half to even to a cent, read back as a number. */
export const benchmark: Benchmark = {
  name: 'payments/money-multiply',
  unit: 'ns',
  measure: 'cpu',
  better: 'lower',
  target: 4,
  peers: [npmPeer('dinero.js')],
  async prepare({ quick }) {
    const passes = quick ? 20 : 100
    return {
      async run(subject) {
        const compute = subjects[subject]!()
        const hash = createHash('sha256').update(amounts.map(compute).join()).digest('hex')
        const before = process.cpuUsage()
        for (let pass = 0; pass < passes; pass++) for (const amount of amounts) compute(amount)
        const { user, system } = process.cpuUsage(before)
        return { value: ((user + system) * 1_000) / (passes * amounts.length), hash }
      },
      async close() {},
    }
  },
}
