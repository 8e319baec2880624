// Follows tails over HTTP and counts events: says when all follow, and, when it is told how many lines
// there are, how many came to each as soon as those who asked for all have them.
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

const { port, readers, questions } = JSON.parse(process.argv[2]!) as {
  readonly port: number
  readonly readers: number
  readonly questions: readonly string[]
}
const counts = new Map<string, number>()
const followed: Promise<void>[] = []
for (const [index, question] of questions.entries())
  for (let reader = 0; reader < readers; reader++) followed.push(follow(`${index}.${reader}`, question))
await Promise.all(followed)
process.stdout.write('following\n')
const [wanted] = (await once(process.stdin, 'data')) as [Buffer]
const isDone = (): boolean => [...counts].every(([name, count]) => !name.startsWith('0.') || count >= Number(wanted))
for (let waited = 0; !isDone() && waited < 60_000; waited += 10) await wait(10)
// Those of the other questions have what came before the last line by then, but for what is on its way.
await wait(300)
process.stdout.write(JSON.stringify([...counts].sort(([a], [b]) => (a < b ? -1 : 1))))

async function follow(name: string, question: string): Promise<void> {
  const asked = request({ port, host: '127.0.0.1', path: `/tail?q=${encodeURIComponent(question)}` })
  asked.end()
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  // The first event says that it follows.
  counts.set(name, -1)
  const [first] = (await once(response, 'data')) as [Buffer]
  let end = 0
  const count = (part: Buffer): void => {
    // An event ends with an empty line, which may lie in two parts.
    for (const byte of part) {
      if (byte !== 0x0a) end = 0
      else if (++end === 2) counts.set(name, counts.get(name)! + 1)
    }
  }
  count(first)
  response.on('data', count)
}
