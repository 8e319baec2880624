// Asks everything of the store in a folder, and says how much memory it took above that of an open store that was asked nothing.
import { setTimeout as wait } from 'node:timers/promises'
import { corpusStart, digest, needle } from './corpus.ts'
import { ourEngine } from './engines.ts'

const engine = ourEngine(process.argv[2]!)
await engine.timeRange(corpusStart, corpusStart + 1, 30)
await wait(200)
const baseline = process.memoryUsage.rss()
let most = 0
const look = (): void => {
  most = Math.max(most, process.memoryUsage.rss() - baseline)
}
// The loop comes round between blocks: what one of them takes is still there then.
const timer = setInterval(look, 1)
const answers = []
for (let round = 0; round < 3; round++)
  for (const ask of [
    () => engine.needle(needle),
    () => engine.tokens(['failed']),
    () => engine.tokens(['failed', 'timeout']),
    () => engine.timeRange(corpusStart, corpusStart + 3_600_000, 50),
    () => engine.histogram(),
    () => engine.pattern('job [0-9a-f]+ of w[0-9]'),
  ]) {
    answers.push(await ask())
    look()
  }
clearInterval(timer)
await engine.close()
console.log(JSON.stringify({ most, answers: digest(answers) }))
