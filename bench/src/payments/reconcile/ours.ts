import { checkProof, reconcileFiles } from '@exprsn/payments/reconcile'

const [folder, maximumMemory] = process.argv.slice(2)
const began = performance.now()
const columns = { key: 'charge', amount: 'amount', date: 'date' } as const
const report = await reconcileFiles({
  ours: { path: `${folder}/ours.csv`, currency: 'EUR', columns: { ...columns, id: 'order', group: 'order' } },
  gateway: {
    ...{ name: 'stripe', path: `${folder}/gateway.csv`, currency: 'EUR' },
    columns: { ...columns, id: 'transaction', text: 'description' },
  },
  rules: { tolerance: { EUR: 5n } },
  ...(maximumMemory === undefined ? {} : { maximumMemory: Number(maximumMemory) }),
})
const wall = performance.now() - began
if (checkProof(report.proof).length > 0) throw new Error('the proof does not hold')
if (report.matches.length < report.rows.ours / 100) throw new Error('the rules beyond names found too little')
const [{ pairs, sum }] = report.exact as [(typeof report.exact)[number]]
const [totals] = report.proof.totals
console.log(
  JSON.stringify({
    ...{ wall, pairs, paired: String(sum.amount) },
    ...{ ours: report.rows.ours - pairs, oursSum: String(BigInt(totals!.ours) - sum.amount) },
    ...{ gateway: report.rows.gateway - pairs, gatewaySum: String(BigInt(totals!.gross) - sum.amount) },
  }),
)
