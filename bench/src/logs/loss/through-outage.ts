// How many of 5,000 lines arrive when a service answers 503 for four seconds in the middle of ten, at 500 lines a second: the
// client's name. Prints it once the client says that it is through, or after 20 s, and two seconds more.
import { clients } from './clients.ts'
import { countingSink } from './counting-sink.ts'

const perTenth = 50
const tenths = 100
const downFrom = 30
const downUntil = 70

const sink = await countingSink()
const client = await clients[process.argv[2]!]!(sink.url)
// Transports load in threads of their own: none shall lose lines because the machine starts threads slowly.
await new Promise((resolve) => setTimeout(resolve, 4_000))
let seq = 0
for (let tenth = 0; tenth < tenths; tenth++) {
  sink.isDown = tenth >= downFrom && tenth < downUntil
  for (let index = 0; index < perTenth; index++) client.log(++seq)
  await new Promise((resolve) => setTimeout(resolve, 100))
}
await client.end()
await new Promise((resolve) => setTimeout(resolve, 2_000))
console.log(JSON.stringify({ logged: seq, arrived: sink.seen.size }))
// Some clients never come to their end.
process.exit(0)
