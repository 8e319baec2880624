import { createHash } from 'node:crypto'
import { allocate } from '@exprsn/payments/money'
import { allocate as dineroAllocate, dinero, EUR, toSnapshot } from 'dinero.js'
import { ours, type Benchmark } from '../../../scripts/bench/benchmark.ts'
import { npmPeer } from '../core/resilience/compare-calls.ts'

const amounts = Array.from({ length: 5_000 }, (_, index) => 1 + ((index * 7_919) % 10_000_000))

/** Gives the amounts of the parts as each library holds them. */
type Allocate = () => (index: number) => readonly (number | bigint)[]

const subjects: Readonly<Record<string, Allocate>> = {
  [ours]: () => {
    const prepared = amounts.map((amount) => ({ amount: BigInt(amount), currency: 'EUR' }))
    return (index) => allocate(prepared[index]!, [1n, 1n, 1n]).map(({ amount }) => amount)
  },
  'dinero.js': () => {
    const prepared = amounts.map((amount) => dinero({ amount, currency: EUR }))
    return (index) => dineroAllocate(prepared[index]!, [1, 1, 1]).map((part) => toSnapshot(part).amount)
  },
}

/** An amount in three equal parts, where both give what is left to the earlier ones. */
export const benchmark: Benchmark = {
  name: 'payments/money-allocate',
  unit: 'ns',
  measure: 'cpu',
  better: 'lower',
  target: 10,
  peers: [npmPeer('dinero.js')],
  async prepare({ quick }) {
    const passes = quick ? 10 : 60
    return {
      async run(subject) {
        const divide = subjects[subject]!()
        const hash = createHash('sha256')
          .update(amounts.map((_, index) => divide(index).join()).join(';'))
          .digest('hex')
        const before = process.cpuUsage()
        for (let pass = 0; pass < passes; pass++) for (let index = 0; index < amounts.length; index++) divide(index)
        const { user, system } = process.cpuUsage(before)
        return { value: ((user + system) * 1_000) / (passes * amounts.length), hash }
      },
      async close() {},
    }
  },
}
