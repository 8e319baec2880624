// Stands in for the process that works apart: says what its first message tells it to, in order.
type Word = { readonly step: string; readonly text?: string; readonly result?: object } | 'wait' | 'die'

process.once('message', (beginning: { readonly parentFolder: string }) => void say(beginning.parentFolder))

async function say(words: string): Promise<void> {
  for (const word of JSON.parse(words) as readonly Word[]) {
    if (word === 'wait') return
    if (word === 'die') process.exit(3)
    await new Promise((resolve) => process.send!(word, resolve))
  }
  process.disconnect()
}
