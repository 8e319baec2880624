// What is lost when a service answers 503 for four seconds in the middle of ten, at 500 lines a second.
//   node --conditions=@exprsn/source bench/src/logs/loss/loss-table.ts [client …]
import { clients } from './clients.ts'
import { countingSink } from './counting-sink.ts'

const perTenth = 50
const tenths = 100
const downFrom = 30
const downUntil = 70

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(clients)
console.log('client                          lines  arrived     lost')
for (const name of names) {
  const sink = await countingSink()
  const client = await clients[name]!(sink.url)
  let seq = 0
  for (let tenth = 0; tenth < tenths; tenth++) {
    sink.isDown = tenth >= downFrom && tenth < downUntil
    for (let index = 0; index < perTenth; index++) client.log(++seq)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  await client.end()
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  console.log(
    `${name.padEnd(30)} ${String(seq).padStart(6)} ${String(sink.seen.size).padStart(8)} ${String(seq - sink.seen.size).padStart(8)}`,
  )
  await sink.close()
}
process.exit(0)
