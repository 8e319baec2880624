import type { MessagePort } from 'node:worker_threads'
import type { WalkAnswer, WalkCall, WalkCalls } from './walk-calls.ts'

/** Asks over a port; what is not answered stays unanswered when the other side gives up. */
export type Ask = <Name extends keyof WalkCalls>(
  name: Name,
  data: Parameters<WalkCalls[Name]>[0],
  transfer?: readonly ArrayBuffer[],
) => Promise<ReturnType<WalkCalls[Name]>>

/** Asks the other side of a port. */
export function askOver(port: MessagePort): Ask {
  const waiting = new Map<number, (value: never) => void>()
  let id = 0
  port.on('message', ({ id: answered, value }: WalkAnswer) => {
    waiting.get(answered)?.(value as never)
    waiting.delete(answered)
  })
  return (name, data, transfer = []) =>
    new Promise((resolve) => {
      waiting.set(++id, resolve)
      port.postMessage({ id, name, data } satisfies WalkCall, [...transfer])
    })
}
